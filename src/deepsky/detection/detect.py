"""Detect the objects in an image."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deepsky.classifier import Classifier
from deepsky.detection.boxes import Box
from deepsky.detection.candidates import find_candidates, suppress
from deepsky.detection.catalogue_boxes import visible_objects
from deepsky.detection.cutouts import classify_cutouts
from deepsky.identification.agreement import Agreement, compare_labels
from deepsky.identification.combination import combine
from deepsky.imaging.image_data import ImageData
from deepsky.prediction import Prediction
from deepsky.taxonomy import LABELS, Label

if TYPE_CHECKING:  # these modules are slow to import
    from deepsky.catalogue.objects import CatalogueObject
    from deepsky.sky.position import SkyPosition

__all__ = ["MAX_DETECTIONS", "MIN_PROBABILITY", "Detection", "detect"]

MAX_DETECTIONS: Final = 100
"""Maximum number of detections in an image."""

MIN_PROBABILITY: Final = 0.3
"""Default minimum probability of detections in images whose place on the sky is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """An object that was found in an image.

    Attributes
    ----------
    box : Box
        Where the object is, in pixels of the image at full size.
    label : str
        Class of the object.
    probability : float
        Probability of the label, 0 to 1. If the object is not in the catalogue, the probability
        that the box contains an object of this class.
    network : Prediction
        Prediction for the cutout of the object alone.
    object : CatalogueObject or None
        The object in the catalogue. None if the image's place on the sky is not known.
    """

    box: Box
    label: Label
    probability: float
    network: Prediction
    object: "CatalogueObject | None" = None

    @property
    def agreement(self) -> Agreement:
        """Whether the catalogue and the network agree; see docs/explanation/identification.md."""
        if self.object is None:
            return "not placed"
        return compare_labels(self.network.probabilities, self.object.labels)


def detect(
    classifier: Classifier,
    image: ImageData,
    sky: "SkyPosition | None" = None,
    min_probability: float = MIN_PROBABILITY,
) -> list[Detection]:
    """Detect the objects in an image.

    Parameters
    ----------
    classifier : Classifier
    image : ImageData
        An image that is not too large; see `deepsky.detection.reading.shrink`.
    sky : SkyPosition, optional
        Place of the image on the sky. If it is known and the model has the labels of the
        catalogue, the boxes are those of the visible objects in the catalogue.
    min_probability : float
        Minimum probability of detections that are not in the catalogue, 0 to 1.

    Returns
    -------
    list of Detection
        At most `MAX_DETECTIONS`: objects of the catalogue by size, others by probability, in
        descending order.
    """
    rows, columns = image.pixels.shape[:2]
    to_pixels = columns / image.width, rows / image.height
    if sky is not None and set(classifier.labels) == set(LABELS):
        return _detect_catalogued(classifier, image, sky, to_pixels)
    found = [
        each
        for each in suppress(find_candidates(classifier, image.pixels))
        if each.probability >= min_probability
    ][:MAX_DETECTIONS]
    predictions = classify_cutouts(classifier, image.pixels, [each.box for each in found])
    return [
        Detection(
            box=each.box.scaled(1 / to_pixels[0], 1 / to_pixels[1]),
            label=each.label,
            probability=each.probability,
            network=prediction,
        )
        for each, prediction in zip(found, predictions, strict=True)
    ]


def _detect_catalogued(
    classifier: Classifier, image: ImageData, sky: "SkyPosition", to_pixels: tuple[float, float]
) -> list[Detection]:
    from deepsky.catalogue.catalogue import load_catalogue

    in_field = load_catalogue().in_field(sky.wcs, image.width, image.height)
    visible = visible_objects(in_field, image.width, image.height)
    largest = sorted(visible, key=lambda item: item[1].area, reverse=True)[:MAX_DETECTIONS]
    boxes = [box.scaled(*to_pixels) for _, box in largest]
    detections = []
    predictions = classify_cutouts(classifier, image.pixels, boxes)
    for (found, box), prediction in zip(largest, predictions, strict=True):
        combined = combine(prediction.probabilities, found.object.labels)
        assert combined is not None  # noqa: S101 (visible objects have labels)
        detections.append(
            Detection(
                box=box,
                label=combined.label,
                probability=combined.probability,
                network=prediction,
                object=found.object,
            )
        )
    return detections
