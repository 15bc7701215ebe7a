"""The record: what deepsky says about one file, in one shape everywhere."""

from os import PathLike, fspath
from typing import TypedDict

from deepsky.classifier import Classifier, Prediction
from deepsky.errors import ImageError
from deepsky.imaging import Limits, PictureInfo, read_image
from deepsky.models.preparation import SHORTER_SIDE
from deepsky.taxonomy import Label, Verdict

__all__ = ["Record", "RecordError", "classify_file", "error_record", "make_record"]

DIGITS = 6
"""Decimal places to which probabilities and novelty are told."""


class RecordError(TypedDict):
    """Why a file has no answer: a stable code, and words."""

    code: str
    message: str


class Record(TypedDict):
    """What deepsky says about one file. Where ``error`` is set, nothing is known but the model."""

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
    error: RecordError | None


def make_record(path: str, picture: PictureInfo, prediction: Prediction) -> Record:
    """Tell a prediction as a record.

    Parameters
    ----------
    path : str
        The file's name, as it is to appear.
    picture : PictureInfo
    prediction : Prediction
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
        image_sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        format=picture.format,
        stretch=picture.stretch,
        error=None,
    )


def error_record(path: str, error: ImageError, classifier: Classifier) -> Record:
    """Tell why a file has no answer.

    Parameters
    ----------
    path : str
        The file's name, as it is to appear.
    error : ImageError
    classifier : Classifier
        The classifier that would have answered.
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
        error=RecordError(code=error.code, message=str(error)),
    )


def classify_file(
    classifier: Classifier, path: str | PathLike[str], *, limits: Limits | None = None
) -> Record:
    """Read a file and tell what it shows.

    Parameters
    ----------
    classifier : Classifier
    path : path-like
        A picture file of any format that `read_image` reads.
    limits : Limits, optional
        How large the picture may be.

    Returns
    -------
    Record
        With ``error`` set where the file cannot be read: this never raises `ImageError`.
    """
    name = fspath(path)
    try:
        picture = read_image(name, limits=limits or Limits(), at_least=SHORTER_SIDE)
    except ImageError as error:
        return error_record(name, error, classifier)
    return make_record(name, picture, classifier.classify(picture.pixels))
