"""Schemas of the objects that are found in an image."""

from pydantic import BaseModel, ConfigDict, Field

from deepsky.detection.detect import MIN_PROBABILITY
from deepsky.identification.agreement import Agreement
from deepsky.server.schemas.identification import CatalogueEntry
from deepsky.taxonomy import Label, Verdict

__all__ = ["DetectionQuery", "Detections"]


class DetectionQuery(BaseModel):
    """Query parameters for finding objects."""

    model_config = ConfigDict(extra="forbid")

    min_probability: float = Field(
        MIN_PROBABILITY,
        ge=0,
        le=1,
        description="Minimum probability of objects that are not in the catalogue.",
    )


class CutoutPrediction(BaseModel):
    """Prediction of the network for the cutout of an object."""

    label: Label
    verdict: Verdict
    probabilities: dict[Label, float] = Field(description="Calibrated probability of each class.")


class Detection(BaseModel):
    """An object that was found in an image. The box is in pixels of the image at full size."""

    left: float = Field(description="Left edge; the first column extends from 0 to 1.")
    top: float = Field(description="Upper edge; the first row extends from 0 to 1.")
    right: float
    bottom: float
    label: Label
    probability: float = Field(description="Probability of the label, 0 to 1.")
    network: CutoutPrediction
    object: CatalogueEntry | None = Field(
        description="The object in the catalogue; null if the place on the sky is not known."
    )
    agreement: Agreement


class Detections(BaseModel):
    """Objects that were found in an image."""

    items: list[Detection] = Field(
        description="At most 100: objects of the catalogue by size, others by probability."
    )
    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network file.")
