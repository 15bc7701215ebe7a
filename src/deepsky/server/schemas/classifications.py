"""Schemas of classifications."""

from datetime import datetime
from typing import Annotated, Final

from apiflask.fields import UploadFile
from pydantic import BaseModel, Field, RootModel, field_validator
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage

from deepsky.imaging.formats import TITLES
from deepsky.models import DEFAULT_MODEL
from deepsky.server.schemas.feedback import Feedback
from deepsky.server.schemas.identification import Identification
from deepsky.server.schemas.stretches import STRETCH, Stretch
from deepsky.server.schemas.text import MAX_NAME
from deepsky.taxonomy import Label, Verdict

__all__ = [
    "Classification",
    "ClassificationForm",
    "ClassificationHeaders",
    "Classified",
    "NetworkResult",
    "Unclassified",
]

NO_FILES: Final = (
    "Send one or more image files in this form field, as multipart/form-data with file names in "
    "UTF-8."
)


class ClassificationForm(BaseModel):
    """Images to classify, and the names of the model and of the stretch."""

    image: list[UploadFile] = Field(
        min_length=1, description=f"One or more images. The formats are {', '.join(TITLES)}."
    )
    model: str = Field(
        DEFAULT_MODEL,
        max_length=MAX_NAME,
        description="Name of a model, or `all` to compare all models.",
    )
    stretch: Stretch = Field(default="auto", description=STRETCH)

    @field_validator("image", mode="before")
    @classmethod
    def _are_files(cls, value: object) -> object:
        if not isinstance(value, list) or not all(isinstance(v, FileStorage) for v in value):
            code = "missing_file"
            raise PydanticCustomError(code, NO_FILES)
        return value


class ClassificationHeaders(BaseModel):
    """Headers of a request to classify images."""

    idempotency_key: Annotated[str, Field(pattern=r"^[!-~]{1,64}$")] | None = Field(
        None,
        description="A unique key that the client chooses for this request. If the request is "
        "repeated with the same key, for example after a lost connection, no image is classified "
        "twice. Repeat it with the same images; the key is known as long as the classifications "
        "are stored.",
    )


class ElapsedMs(BaseModel):
    """Durations of the stages of a classification, in milliseconds."""

    decode: float = Field(description="Time to read the image, in milliseconds.")
    infer: float = Field(description="Time to run the model, in milliseconds.")


class NetworkResult(BaseModel):
    """Image, and result of one model's network."""

    path: str = Field(
        description="Name of the uploaded file, shortened if it has more than 255 bytes."
    )
    label: Label = Field(description="The most probable class.")
    verdict: Verdict = Field(description="How reliable the classification is.")
    probabilities: dict[str, float] = Field(
        description="Calibrated probability of each of the model's labels. The sum is 1."
    )
    prediction_set: list[Label] = Field(
        description="Classes that cannot be ruled out at 95 % coverage (conformal prediction), "
        "most probable first. The list may be empty."
    )
    novelty: float = Field(
        ge=0,
        le=1,
        description="Distance from the model's training images, from 0 (familiar) to 1 "
        "(unfamiliar).",
    )
    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network file.")
    image_sha256: str = Field(description="SHA-256 of the uploaded file.")
    width: int = Field(
        description="Width of the image in pixels, after its Exif or TIFF orientation is applied."
    )
    height: int = Field(
        description="Height of the image in pixels, after its Exif or TIFF orientation is applied."
    )
    format: str = Field(
        description="Image format, such as JPEG or FITS, detected from the file's content."
    )
    stretch: str | None = Field(
        description="Name of the stretch that was applied; null if a finished image was not "
        "stretched."
    )


class Classification(Identification, NetworkResult):
    """Classification of one image by one model."""

    error: None = Field(
        description="Always null; images that could not be classified use the schema Unclassified."
    )
    id: str
    created_at: datetime
    elapsed_ms: ElapsedMs
    feedback: Feedback | None = Field(description="The latest feedback, or null if there is none.")
    share: str | None = Field(
        description="Token of the link by which the classification is shared; null if it is not."
    )


class Failure(BaseModel):
    """Reason why an image could not be classified."""

    code: str = Field(description="Stable, machine-readable error code.")
    message: str = Field(description="Human-readable description of the problem and its solution.")


class Unclassified(BaseModel):
    """Error item for an image that could not be classified; image and result fields are null."""

    path: str
    label: None
    verdict: None
    probabilities: None
    prediction_set: None
    novelty: None
    model: str
    model_version: str
    model_sha256: str
    image_sha256: None
    width: None
    height: None
    format: None
    stretch: None
    subtype: None
    object: None
    objects: None
    sky: None
    sky_error: None
    agreement: None
    difference: None
    agreement_message: None
    combined: None
    error: Failure


class ClassificationBatch(BaseModel):
    """Classifications of several images or by several models.

    The items are sorted by the position of the image in the request, then by model name.
    """

    items: list[Classification | Unclassified]


class Classified(RootModel[Classification | ClassificationBatch]):
    """One classification, or a list if the request has several images or selects all models."""
