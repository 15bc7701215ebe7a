"""Records: the result for one file, with the same fields in every output format."""

from typing import TypedDict

from deepsky.classifier import Classifier
from deepsky.errors import ImageError
from deepsky.identification.agreement import Agreement
from deepsky.identification.fields import (
    CombinedFields,
    DifferenceFields,
    FieldObjectFields,
    ObjectFields,
    SkyFields,
    SubtypeFields,
    identification_fields,
)
from deepsky.imaging.image_data import ImageInfo
from deepsky.prediction import Prediction
from deepsky.sky.solving import Reason
from deepsky.taxonomy import Label, Verdict

__all__ = ["Record", "RecordError", "error_record", "make_record"]

DIGITS = 6
"""Number of decimal places to which probabilities and novelty are rounded."""


class RecordError(TypedDict):
    """Reason why a file could not be classified.

    Attributes
    ----------
    code : str
        Error code, which is stable across versions.
    message : str
        What is wrong, and how to fix it.
    """

    code: str
    message: str


class Record(TypedDict):
    """Result for one file. If ``error`` is set, all other optional fields are None.

    Attributes
    ----------
    path : str
        Path or URL of the file.
    label : str or None
        The most probable class, one of the model's labels.
    verdict : {"confident", "unsure", "unfamiliar"} or None
        Reliability of the label; see `deepsky.Verdict`.
    probabilities : dict of label to float, or None
        Calibrated probabilities, rounded to six decimal places.
    prediction_set : list of label, or None
        Classes that cannot be ruled out at 95 % coverage (conformal prediction), most probable
        first.
    novelty : float or None
        How much the image differs from the deep-sky images that the model was trained on, from 0
        (familiar) to 1.
    model, model_version, model_sha256 : str
        Name and version of the model, and SHA-256 of its network.
    image_sha256 : str or None
        SHA-256 of the file.
    width, height : int or None
        Size of the image in pixels, after its EXIF orientation is applied.
    format : str or None
        Format of the file's content, such as ``"JPEG"``.
    stretch : str or None
        Stretch applied to linear data, such as ``"mtf"``.
    subtype : SubtypeFields or None
        Kind of the object, such as spiral galaxy: that of the catalogue, or predicted from the
        pixels. None if it is unsure.
    object : ObjectFields or None
        The object that the image shows, and how it was found. None if it is not known.
    objects : list of FieldObjectFields, or None
        The objects of the catalogue in the field, the best fitting ones first; at most 100. Empty
        if the image's place on the sky is not known.
    sky : SkyFields or None
        The image's place on the sky. None if it is not known.
    sky_error : str or None
        Why plate solving has not placed the image, such as ``"no match"``. None if it has, or if
        plate solving was not requested.
    agreement : str or None
        Whether the name of the object, the place on the sky and the label agree; see
        `deepsky.Prediction`.
    difference : DifferenceFields or None
        If the agreement is ``differs``, what contradicts the object.
    agreement_message : str or None
        If the agreement is ``differs``, a sentence that says what differs.
    combined : CombinedFields or None
        Label according to the network and the object together. None if the object is not known.
    error : RecordError or None
        Reason why the file could not be classified.
    """

    path: str
    label: Label | None
    verdict: Verdict | None
    probabilities: dict[Label, float] | None
    prediction_set: list[Label] | None
    novelty: float | None
    model: str
    model_version: str
    model_sha256: str
    image_sha256: str | None
    width: int | None
    height: int | None
    format: str | None
    stretch: str | None
    subtype: SubtypeFields | None
    object: ObjectFields | None
    objects: list[FieldObjectFields] | None
    sky: SkyFields | None
    sky_error: Reason | None
    agreement: Agreement | None
    difference: DifferenceFields | None
    agreement_message: str | None
    combined: CombinedFields | None
    error: RecordError | None


def make_record(path: str, image: ImageInfo, prediction: Prediction) -> Record:
    """Create the record for a classified image.

    Parameters
    ----------
    path : str
        Path or URL to write to the record.
    image : ImageInfo
    prediction : Prediction

    Returns
    -------
    Record
    """
    return Record(
        path=path,
        label=prediction.label,
        verdict=prediction.verdict,
        probabilities={k: round(p, DIGITS) for k, p in prediction.probabilities.items()},
        prediction_set=list(prediction.prediction_set),
        novelty=round(prediction.novelty, DIGITS),
        model=prediction.model,
        model_version=prediction.model_version,
        model_sha256=prediction.model_sha256,
        image_sha256=image.sha256,
        width=image.width,
        height=image.height,
        format=image.format,
        stretch=image.stretch,
        **identification_fields(prediction, image),
        error=None,
    )


def error_record(path: str, error: ImageError, classifier: Classifier) -> Record:
    """Create the record for a file that cannot be read.

    Parameters
    ----------
    path : str
        Path or URL to write to the record.
    error : ImageError
    classifier : Classifier
        Classifier whose model name, version and hash are written to the record.

    Returns
    -------
    Record
    """
    return Record(
        path=path,
        label=None,
        verdict=None,
        probabilities=None,
        prediction_set=None,
        novelty=None,
        model=classifier.bundle.name,
        model_version=classifier.bundle.version,
        model_sha256=classifier.bundle.sha256,
        image_sha256=None,
        width=None,
        height=None,
        format=None,
        stretch=None,
        subtype=None,
        object=None,
        objects=None,
        sky=None,
        sky_error=None,
        agreement=None,
        difference=None,
        agreement_message=None,
        combined=None,
        error=RecordError(code=error.code, message=str(error)),
    )
