"""The record: what deepsky says about one file, in one shape everywhere."""

from os import PathLike, fspath
from typing import TypedDict

from deepsky.classifier import Classifier, Prediction
from deepsky.errors import ImageError
from deepsky.imaging import ImageInfo, Limits, read_image
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


def make_record(path: str, image: ImageInfo, prediction: Prediction) -> Record:
    """Tell a prediction as a record.

    Parameters
    ----------
    path : str
        The file's name, as it is to appear.
    image : ImageInfo
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
        image_sha256=image.sha256,
        width=image.width,
        height=image.height,
        format=image.format,
        stretch=image.stretch,
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
        An image file of any format that `read_image` reads.
    limits : Limits, optional
        How large the image may be.

    Returns
    -------
    Record
        With ``error`` set where the file cannot be read: this never raises `ImageError`.
    """
    name = fspath(path)
    try:
        image = read_image(name, limits=limits or Limits(), at_least=SHORTER_SIDE)
    except ImageError as error:
        return error_record(name, error, classifier)
    return make_record(name, image, classifier.classify(image.pixels))
