"""What the API takes and gives, as it describes itself."""

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
    "Send one image or more as files in this form field, "
    "as multipart/form-data with names in UTF-8."
)

NO_NULL: Final = r"^[^\x00]*$"
"""PostgreSQL stores no null characters."""


class ClassificationForm(BaseModel):
    """Images to classify."""

    image: list[UploadFile] = Field(
        min_length=1, description="The image, or several, in any format that deepsky reads."
    )
    model: str = Field(
        DEFAULT_MODEL, description="The model that is to answer, or `all` to compare them."
    )

    @field_validator("image", mode="before")
    @classmethod
    def _are_files(cls, value: object) -> object:
        if not isinstance(value, list) or not all(isinstance(v, FileStorage) for v in value):
            code = "missing_file"
            raise PydanticCustomError(code, NO_FILES)
        return value


class ClassificationHeaders(BaseModel):
    """Beside the images."""

    idempotency_key: Annotated[str, Field(pattern=r"^[!-~]{1,64}$")] | None = Field(
        None,
        description="A name for this request. Sent again under the same name, after a connection "
        "that broke, say, each image is answered once.",
    )


class Probabilities(BaseModel):
    """Calibrated probability of each label; they sum to 1."""

    galaxy: float
    nebula: float
    star_cluster: float
    other: float


class ElapsedMs(BaseModel):
    """How long the answer took, in milliseconds."""

    decode: float = Field(description="Reading the image.")
    infer: float = Field(description="Classifying it.")


class FeedbackForm(BaseModel):
    """What a person says of an answer."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["correct", "incorrect"]
    label: Label | None = Field(None, description="The right label, if the answer is incorrect.")
    comment: Annotated[str, Field(max_length=2000, pattern=NO_NULL)] | None = None


class Feedback(BaseModel):
    """What was last said of an answer."""

    verdict: Literal["correct", "incorrect"]
    label: Label | None = Field(description="What the image shows, where that was said.")
    comment: str | None
    created_at: datetime


class Classification(BaseModel):
    """What deepsky says about one image."""

    path: str = Field(description="The name that the upload bore.")
    label: Label = Field(description="The most probable class.")
    verdict: Verdict = Field(description="How far the answer can be relied on.")
    probabilities: Probabilities
    prediction_set: list[Label] = Field(
        description="The labels as probable as they are for 95 % of their images, the most "
        "probable first; may be empty."
    )
    novelty: float = Field(
        ge=0, le=1, description="How far the image is from any deep-sky image trained on."
    )
    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network's file.")
    image_sha256: str = Field(description="SHA-256 of the upload's bytes.")
    width: int = Field(description="Of the upright image, in pixels.")
    height: int = Field(description="Of the upright image, in pixels.")
    format: str = Field(description="Format by content, such as JPEG or FITS.")
    stretch: str | None = Field(
        description="How high-dynamic-range data was brought to 8 bits; null where it was not."
    )
    error: None = Field(description="Always null: this image could be read.")
    id: str
    created_at: datetime
    elapsed_ms: ElapsedMs
    feedback: Feedback | None = Field(description="What was last said of the answer.")


class Failure(BaseModel):
    """Why an image has no answer."""

    code: str
    message: str


class Unclassified(BaseModel):
    """An image among several that could not be read: the record, with nothing known."""

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
    """The answers to several images, or of several models, in the order asked for."""

    items: list[Classification | Unclassified]


class Classified(RootModel[Classification | ClassificationBatch]):
    """One answer for one image and one model, else a list."""


class ClassificationQuery(BaseModel):
    """Which answers to list, and in which order."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(None, description="`next_cursor` of the page before.")
    limit: int = Field(50, ge=1, le=200, description="Most answers on a page.")
    label: Label | None = None
    verdict: Verdict | None = None
    model: Annotated[str, Field(pattern=NO_NULL)] | None = None
    feedback: Literal["correct", "incorrect", "none"] | None = Field(
        None, description="What was last said of the answer."
    )
    sort: Order = "newest"


class ClassificationList(BaseModel):
    """One's own answers, a page of them."""

    items: list[Classification]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class ImageQuery(BaseModel):
    """How large an image is to be."""

    model_config = ConfigDict(extra="forbid")

    size: PreviewSize = Field(
        "large",
        description="Most pixels a side: "
        + ", ".join(f"{side} (`{size}`)" for size, side in SIDES.items())
        + ".",
    )


class Agreement(BaseModel):
    """How often people agreed."""

    correct: int
    incorrect: int
    agreement: Estimate = Field(description="Share of `correct`, with Wilson's interval.")


class ClassAgreement(Agreement):
    """How often people agreed where one label was given."""

    label: Label


class ModelAgreement(Agreement):
    """How often people agreed with one model."""

    model: str
    model_version: str
    classes: list[ClassAgreement]


class FeedbackSummary(BaseModel):
    """What everybody's feedback says of each model."""

    models: list[ModelAgreement]


class Speed(BaseModel):
    """How fast a model answered lately."""

    model: str
    model_version: str
    answers: int = Field(description="The answers that this is measured on.")
    decode_ms: float = Field(description="Reading an image: median, in milliseconds.")
    infer_ms: float = Field(description="Classifying it: median, in milliseconds.")


class SpeedSummary(BaseModel):
    """How fast each model answered lately; a model that gave no answer is missing."""

    models: list[Speed]


class Headline(BaseModel):
    """How well a model does, in two figures."""

    model_config = ConfigDict(from_attributes=True)

    macro_f1: Estimate
    accuracy: Estimate
    images: int
    fields: int


class NetworkSize(BaseModel):
    """How large a network is; an ensemble is as large as its members together."""

    model_config = ConfigDict(from_attributes=True)

    bytes: int
    parameters: int


class ModelSummary(BaseModel):
    """The parts of a model card that tell models apart, named as they are there."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    version: str
    created: date
    labels: list[Label]
    metrics: dict[str, Headline] = Field(description="By split: test and validation.")
    network: NetworkSize
    members: list[Member] = Field(description="Whom an ensemble asks; empty for one model.")


class Health(BaseModel):
    """Whether the server answers, and how fast it will."""

    status: Literal["ok", "degraded"] = Field(
        description="degraded: the database or the folder of images cannot be used."
    )
    ready: bool = Field(description="Whether the default model is loaded and all can be kept.")
    version: str = Field(description="Of deepsky.")
    loaded: list[str] = Field(description="The models that are loaded.")
