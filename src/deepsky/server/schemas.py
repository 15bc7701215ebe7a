"""What the API takes and gives, as it describes itself."""

from typing import Any

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage

from deepsky.models import DEFAULT_MODEL
from deepsky.taxonomy import Label, Verdict

__all__ = ["Card", "Classification", "ClassificationForm", "Health"]


class ClassificationForm(BaseModel):
    """A picture to classify."""

    image: UploadFile = Field(description="The picture, in any format that deepsky reads.")
    model: str = Field(DEFAULT_MODEL, description="The model that is to answer.")

    @field_validator("image", mode="before")
    @classmethod
    def _is_file(cls, value: object) -> object:
        if not isinstance(value, FileStorage):
            code, message = "missing_file", "Send one picture as a file in this form field."
            raise PydanticCustomError(code, message)
        return value


class Probabilities(BaseModel):
    """Calibrated probability of each label; they sum to 1."""

    galaxy: float
    nebula: float
    star_cluster: float
    other: float


class ElapsedMs(BaseModel):
    """How long the answer took, in milliseconds."""

    read: float = Field(description="Reading the picture.")
    infer: float = Field(description="Classifying it.")


class Classification(BaseModel):
    """What deepsky says about one picture."""

    path: str = Field(description="The name that the upload bore.")
    label: Label = Field(description="The most probable class.")
    verdict: Verdict = Field(description="How far the answer can be relied on.")
    probabilities: Probabilities
    prediction_set: list[Label] = Field(
        description="The labels as probable as they are for 95 % of their pictures, the most "
        "probable first; may be empty."
    )
    novelty: float = Field(
        ge=0, le=1, description="How far the picture is from any deep-sky picture trained on."
    )
    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network's file.")
    image_sha256: str = Field(description="SHA-256 of the upload's bytes.")
    width: int = Field(description="Of the upright picture, in pixels.")
    height: int = Field(description="Of the upright picture, in pixels.")
    format: str = Field(description="Format by content, such as JPEG or FITS.")
    stretch: str | None = Field(
        description="How high-dynamic-range data was brought to 8 bits; null where it was not."
    )
    error: None = Field(description="Always null: a picture that cannot be read is a problem.")
    id: str
    elapsed_ms: ElapsedMs


class Estimate(BaseModel):
    """A measured share with its 95 % interval."""

    value: float
    low: float
    high: float


class ClassMetrics(BaseModel):
    """How well a model does on one class."""

    precision: Estimate
    recall: Estimate
    f1: Estimate
    pictures: int


class Metrics(BaseModel):
    """How well a model does on pictures that it was not trained on."""

    model_config = ConfigDict(extra="allow")

    macro_f1: Estimate
    accuracy: Estimate
    pictures: int
    objects: int
    per_class: dict[str, ClassMetrics]
    confusion: list[list[int]] = Field(description="Rows are the truth, columns the answer.")


class Card(BaseModel):
    """A model card: how the model was made, what it needs, how well it does."""

    model_config = ConfigDict(extra="allow")

    name: str
    title: str
    version: str
    created: str
    labels: list[Label]
    metrics: dict[str, Metrics] = Field(description="By split: test and validation.")
    network: dict[str, Any]
    calibration: dict[str, Any]
    novelty: dict[str, Any]


class Health(BaseModel):
    """Whether the server answers, and how fast it will."""

    status: str = Field(description="Always ok.")
    ready: bool = Field(description="Whether the default model is loaded.")
    version: str = Field(description="Of deepsky.")
    loaded: list[str] = Field(description="The models that are loaded.")
