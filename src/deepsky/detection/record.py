"""Find records: the objects found in one file, with the same fields in every output format."""

from typing import TYPE_CHECKING, Final, TypedDict

from deepsky.classifier import Classifier
from deepsky.detection.detect import Detection
from deepsky.errors import ImageError
from deepsky.identification.agreement import Agreement
from deepsky.identification.fields import (
    CatalogueFields,
    SkyFields,
    catalogue_fields,
    sky_fields,
)
from deepsky.imaging.image_data import ImageInfo
from deepsky.record import RecordError
from deepsky.sky.solving import Reason
from deepsky.taxonomy import Label, Verdict

if TYPE_CHECKING:
    from deepsky.sky.position import SkyPosition

__all__ = [
    "DetectionFields",
    "FindRecord",
    "NetworkFields",
    "detection_fields",
    "make_find_record",
    "unreadable_find_record",
]

DIGITS: Final = 6
PIXEL_DIGITS: Final = 1


class NetworkFields(TypedDict):
    """Prediction of the network for the cutout of an object; see `deepsky.Record`."""

    label: Label
    verdict: Verdict
    probabilities: dict[Label, float]


class DetectionFields(TypedDict):
    """An object that was found in an image; see `deepsky.detection.detect.Detection`.

    Attributes
    ----------
    left, top, right, bottom : float
        Box in pixels of the image at full size. The first pixel extends from 0 to 1.
    label : str
        Class of the object.
    probability : float
        Probability of the label.
    network : NetworkFields
        Prediction for the cutout of the object.
    object : CatalogueFields or None
        The object in the catalogue.
    agreement : str
        Whether catalogue and network agree.
    """

    left: float
    top: float
    right: float
    bottom: float
    label: Label
    probability: float
    network: NetworkFields
    object: CatalogueFields | None
    agreement: Agreement


class FindRecord(TypedDict):
    """Objects found in one file. If ``error`` is set, all other optional fields are None.

    The fields have the same meaning as in `deepsky.Record`. ``detections`` is None if the file
    cannot be read.
    """

    path: str
    detections: list[DetectionFields] | None
    sky: SkyFields | None
    sky_error: Reason | None
    model: str
    model_version: str
    model_sha256: str
    image_sha256: str | None
    width: int | None
    height: int | None
    format: str | None
    stretch: str | None
    error: RecordError | None


def detection_fields(detection: Detection) -> DetectionFields:
    """Return the fields of a detection.

    Parameters
    ----------
    detection : Detection

    Returns
    -------
    DetectionFields
    """
    box, network = detection.box, detection.network
    return DetectionFields(
        left=round(box.left, PIXEL_DIGITS),
        top=round(box.top, PIXEL_DIGITS),
        right=round(box.right, PIXEL_DIGITS),
        bottom=round(box.bottom, PIXEL_DIGITS),
        label=detection.label,
        probability=round(detection.probability, DIGITS),
        network=NetworkFields(
            label=network.label,
            verdict=network.verdict,
            probabilities={k: round(p, DIGITS) for k, p in network.probabilities.items()},
        ),
        object=catalogue_fields(detection.object) if detection.object else None,
        agreement=detection.agreement,
    )


def make_find_record(
    path: str,
    image: ImageInfo,
    detections: list[Detection],
    classifier: Classifier,
    *,
    sky: "SkyPosition | None",
    sky_error: Reason | None,
) -> FindRecord:
    """Create the record of an image in which objects were looked for.

    Parameters
    ----------
    path : str
        Path or URL to write to the record.
    image : ImageInfo
    detections : list of Detection
    classifier : Classifier
    sky : SkyPosition or None
    sky_error : Reason or None
        Why plate solving has not placed the image.

    Returns
    -------
    FindRecord
    """
    return FindRecord(
        path=path,
        detections=[detection_fields(each) for each in detections],
        sky=sky_fields(sky) if sky else None,
        sky_error=sky_error,
        model=classifier.bundle.name,
        model_version=classifier.bundle.version,
        model_sha256=classifier.bundle.sha256,
        image_sha256=image.sha256,
        width=image.width,
        height=image.height,
        format=image.format,
        stretch=image.stretch,
        error=None,
    )


def unreadable_find_record(path: str, error: ImageError, classifier: Classifier) -> FindRecord:
    """Create the record of a file that cannot be read.

    Parameters
    ----------
    path : str
        Path or URL to write to the record.
    error : ImageError
    classifier : Classifier

    Returns
    -------
    FindRecord
    """
    return FindRecord(
        path=path,
        detections=None,
        sky=None,
        sky_error=None,
        model=classifier.bundle.name,
        model_version=classifier.bundle.version,
        model_sha256=classifier.bundle.sha256,
        image_sha256=None,
        width=None,
        height=None,
        format=None,
        stretch=None,
        error=RecordError(code=error.code, message=str(error)),
    )
