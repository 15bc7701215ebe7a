"""Schemas of the API's requests and responses."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage

from deepsky.imaging.preview import SIDES, PreviewSize
from deepsky.intervals import Estimate
from deepsky.models import DEFAULT_MODEL
from deepsky.models.card import Member
from deepsky.storage.classifications import Order
from deepsky.taxonomy import Label, Verdict

__all__ = [
    "Classification",
    "ClassificationForm",
    "ClassificationHeaders",
    "ClassificationList",
    "ClassificationQuery",
    "Classified",
    "Feedback",
    "FeedbackForm",
    "FeedbackSummary",
    "Health",
    "ImageQuery",
    "ModelSummary",
    "SpeedSummary",
    "Unclassified",
]


NO_FILES: Final = (
    "Send one or more images as files in this form field, "
    "as multipart/form-data with names in UTF-8."
)

NO_NULL: Final = r"^[^\x00]*$"
"""PostgreSQL cannot store null characters."""


class ClassificationForm(BaseModel):
    """Images to classify."""

    image: list[UploadFile] = Field(
        min_length=1, description="One or more images, in any format that deepsky reads."
    )
    model: str = Field(
        DEFAULT_MODEL, description="Name of the model, or `all` to compare all models."
    )

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
        description="A key for this request, chosen by the client. If the request is sent again "
        "with the same key, such as after a lost connection, no image is classified twice.",
    )


class Probabilities(BaseModel):
    """Calibrated probability of each class; they sum to 1."""

    galaxy: float
    nebula: float
    star_cluster: float
    other: float


class ElapsedMs(BaseModel):
    """Duration of the classification, in milliseconds."""

    decode: float = Field(description="Time to read the image.")
    infer: float = Field(description="Time to run the model.")


class FeedbackForm(BaseModel):
    """Feedback on a classification."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["correct", "incorrect"]
    label: Label | None = Field(
        None, description="The right label, if the classification is incorrect."
    )
    comment: Annotated[str, Field(max_length=2000, pattern=NO_NULL)] | None = None


class Feedback(BaseModel):
    """The latest feedback on a classification."""

    verdict: Literal["correct", "incorrect"]
    label: Label | None = Field(description="The right label, if known.")
    comment: str | None
    created_at: datetime


class Classification(BaseModel):
    """One image classified by one model."""

    path: str = Field(description="File name of the upload.")
    label: Label = Field(description="The most probable class.")
    verdict: Verdict = Field(description="How reliable the classification is.")
    probabilities: Probabilities
    prediction_set: list[Label] = Field(
        description="The classes that cannot be ruled out at 95 % coverage (conformal prediction), "
        "the most probable first; may be empty."
    )
    novelty: float = Field(
        ge=0,
        le=1,
        description="Distance from the model's training images: 0 familiar, 1 unfamiliar.",
    )
    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network's file.")
    image_sha256: str = Field(description="SHA-256 of the upload's bytes.")
    width: int = Field(description="Width of the upright image, in pixels.")
    height: int = Field(description="Height of the upright image, in pixels.")
    format: str = Field(description="Image format by content, such as JPEG or FITS.")
    stretch: str | None = Field(
        description="Stretch from linear values to 8 bits; null for finished images."
    )
    error: None = Field(description="Always null; see Unclassified.")
    id: str
    created_at: datetime
    elapsed_ms: ElapsedMs
    feedback: Feedback | None = Field(description="The latest feedback; null for none.")


class Failure(BaseModel):
    """Why an image was not classified."""

    code: str = Field(description="Error code for programs.")
    message: str = Field(description="The problem and its solution, for people.")


class Unclassified(BaseModel):
    """An image, of several, that could not be classified: all fields but the model's are null."""

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
    error: Failure


class ClassificationBatch(BaseModel):
    """Classifications of several images or by several models, in the order of the request."""

    items: list[Classification | Unclassified]


class Classified(RootModel[Classification | ClassificationBatch]):
    """One classification for one image and one model, otherwise a list."""


class ClassificationQuery(BaseModel):
    """Conditions and order for listing classifications."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(None, description="`next_cursor` of the previous page.")
    limit: int = Field(50, ge=1, le=200, description="Maximum number of items on a page.")
    label: Label | None = None
    verdict: Verdict | None = None
    model: Annotated[str, Field(pattern=NO_NULL)] | None = None
    feedback: Literal["correct", "incorrect", "none"] | None = Field(
        None, description="Verdict of the latest feedback; `none`: no feedback."
    )
    sort: Order = "newest"


class ClassificationList(BaseModel):
    """A page of the client's own classifications."""

    items: list[Classification]
    next_cursor: str | None = Field(description="Start of the next page; null on the last page.")


class ImageQuery(BaseModel):
    """Size of a preview."""

    model_config = ConfigDict(extra="forbid")

    size: PreviewSize = Field(
        "large",
        description="Length of the longer side, in pixels, at most: "
        + ", ".join(f"{side} (`{size}`)" for size, side in SIDES.items())
        + ".",
    )


class Agreement(BaseModel):
    """How often people agreed with classifications."""

    correct: int
    incorrect: int
    agreement: Estimate = Field(description="Share of `correct`, with Wilson's score interval.")


class ClassAgreement(Agreement):
    """How often people agreed with one label of a model."""

    label: Label


class ModelAgreement(Agreement):
    """How often people agreed with a model."""

    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network, `network.sha256` of its card.")
    classes: list[ClassAgreement]


class FeedbackSummary(BaseModel):
    """How often people agreed with each model, over the feedback of all clients."""

    models: list[ModelAgreement]


class Speed(BaseModel):
    """How fast a model classified recently."""

    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network, `network.sha256` of its card.")
    answers: int = Field(description="Number of classifications measured.")
    decode_ms: float = Field(description="Median time to read an image, in milliseconds.")
    infer_ms: float = Field(description="Median time to run the model, in milliseconds.")


class SpeedSummary(BaseModel):
    """How fast each model classified recently; models without classifications are left out."""

    models: list[Speed]


class Headline(BaseModel):
    """Performance of a model in two figures."""

    model_config = ConfigDict(from_attributes=True)

    macro_f1: Estimate
    accuracy: Estimate
    images: int
    fields: int


class NetworkSummary(BaseModel):
    """Identity and size of a network; the size of an ensemble is that of all its members."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    bytes: int
    parameters: int


class ModelSummary(BaseModel):
    """The main fields of a model card, under the same names."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    version: str
    created: date
    labels: list[Label]
    metrics: dict[str, Headline] = Field(description="By split: test and validation.")
    network: NetworkSummary
    members: list[Member] = Field(description="Members of an ensemble; empty for a single model.")


class Health(BaseModel):
    """Health of the server."""

    status: Literal["ok", "degraded"] = Field(
        description="`degraded`: the database or the folder of images cannot be used."
    )
    ready: bool = Field(
        description="Whether the default model is loaded and the storage can be used."
    )
    version: str = Field(description="Version of deepsky.")
    loaded: list[str] = Field(description="Names of the loaded models.")
