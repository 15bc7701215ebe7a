"""Identify the object in an image, and compare it with the network's prediction."""

from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING

from deepsky.catalogue.objects import SUBTYPES
from deepsky.identification.agreement import FoundBy, compare_labels
from deepsky.identification.combination import combine
from deepsky.identification.difference import Difference, describe_difference
from deepsky.identification.named_objects import (
    NamedObject,
    are_near,
    find_named_objects,
    is_near_field,
    is_wide,
)
from deepsky.identification.subject import find_subject
from deepsky.imaging.image_data import ImageInfo
from deepsky.prediction import Prediction, Subtype
from deepsky.sky.solving import Reason
from deepsky.taxonomy import LABELS

if TYPE_CHECKING:
    from deepsky.catalogue.objects import CatalogueObject, FieldObject
    from deepsky.sky.position import SkyPosition

__all__ = ["identify"]


def identify(
    prediction: Prediction,
    image: ImageInfo,
    path: str | PathLike[str] | None = None,
    *,
    sky: "SkyPosition | None" = None,
    sky_error: Reason | None = None,
) -> Prediction:
    """Return a prediction with the object that the image shows and its place on the sky.

    Parameters
    ----------
    prediction : Prediction
    image : ImageInfo
        Size and metadata of the image.
    path : path-like, optional
        Path or name of the file, which may contain the name of the object.
    sky : SkyPosition, optional
        Place of the image on the sky. By default, it is read from the metadata.
    sky_error : Reason, optional
        Why plate solving has not placed the image.

    Returns
    -------
    Prediction
        A copy of `prediction`. The label and the probabilities are unchanged. If the model has
        other labels than the shipped models, only the place on the sky is set, because the
        catalogue does not know these labels.
    """
    sky = sky or _read_position(image)
    if set(prediction.probabilities) != set(LABELS):
        return replace(prediction, sky=sky, sky_error=sky_error)
    named = find_named_objects(image, path)
    objects = _find_objects(sky, image) if sky else ()
    subject = _choose_subject(prediction, image, named, objects, sky)
    prediction = replace(prediction, sky=sky, sky_error=sky_error, objects=objects)
    if subject is not None:
        prediction = replace(prediction, object=subject.object, found_by=subject.found_by)
    if contradiction := _find_contradiction(named, sky, subject):
        return _with_difference(prediction, contradiction)
    if subject is None:
        return replace(prediction, agreement="not in the catalogue" if sky else "not placed")
    agreement = compare_labels(prediction.probabilities, subject.object.labels)
    if agreement != "differs":
        prediction = _with_catalogue_kind(prediction, subject.object)
    if sky is not None and is_wide(sky):  # the label may be that of the landscape or the Milky Way
        return replace(prediction, agreement="undecided" if agreement == "differs" else agreement)
    combined = combine(prediction.probabilities, subject.object.labels)
    prediction = replace(prediction, agreement=agreement, combined=combined)
    if agreement == "differs":
        return _with_difference(prediction, Difference("network", *subject))
    return prediction


def _with_catalogue_kind(prediction: Prediction, found: "CatalogueObject") -> Prediction:
    """Return a prediction with the kind in the catalogue, if the catalogue states a subtype."""
    if found.kind not in SUBTYPES:
        return prediction
    return replace(prediction, subtype=Subtype(found.kind, None, "catalogue"))


def _with_difference(prediction: Prediction, difference: Difference) -> Prediction:
    message = describe_difference(difference, prediction.probabilities, prediction.sky)
    return replace(
        prediction, agreement="differs", difference=difference, agreement_message=message
    )


def _read_position(image: ImageInfo) -> "SkyPosition | None":
    if image.metadata.wcs_header is None:
        return None
    from deepsky.sky.position import read_position  # astropy.wcs is slow to import

    return read_position(image)


def _find_objects(sky: "SkyPosition", image: ImageInfo) -> "tuple[FieldObject, ...]":
    from deepsky.catalogue.catalogue import load_catalogue

    return tuple(load_catalogue().in_field(sky.wcs, image.width, image.height))


def _choose_subject(
    prediction: Prediction,
    image: ImageInfo,
    named: list[NamedObject],
    objects: "tuple[FieldObject, ...]",
    sky: "SkyPosition | None",
) -> NamedObject | None:
    """Choose the first name that the position does not contradict, else the best fitting object.

    Objects whose centre is in the image precede those next to it.
    """
    possible = [one for one in named if sky is None or is_near_field(one.object, sky)]
    shown = {place.object.name for place in objects if place.inside}
    if possible:
        return next((one for one in possible if one.object.name in shown), possible[0])
    best = find_subject(objects, image.width, image.height, prediction.probabilities)
    return NamedObject(best.object, "position") if best else None


def _find_contradiction(
    named: list[NamedObject], sky: "SkyPosition | None", subject: NamedObject | None
) -> Difference | None:
    """Return the first contradiction between header, file name and position, if there is one."""
    sources: list[FoundBy] = ["header", "file name"]
    by_source = {source: [o for o, found_by in named if found_by == source] for source in sources}
    if sky is not None:
        for source, entries in by_source.items():
            if entries and not any(is_near_field(entry, sky) for entry in entries):
                return Difference("position", entries[0], source, subject and subject.object)
        return None
    header, file_name = by_source.values()
    if header and file_name and not are_near(header, file_name):
        return Difference("names", header[0], "header", file_name[0])
    return None
