"""Schemas of the speed of the models."""

from pydantic import BaseModel, Field

__all__ = ["SpeedSummary"]


class Speed(BaseModel):
    """Speed of a model in recent classifications."""

    model: str
    model_version: str
    model_sha256: str = Field(
        description="SHA-256 of the network file; equals `network.sha256` in the model card."
    )
    answers: int = Field(description="Number of classifications on which the medians are based.")
    decode_ms: float = Field(description="Median time to read an image, in milliseconds.")
    infer_ms: float = Field(description="Median time to run the model, in milliseconds.")


class SpeedSummary(BaseModel):
    """Speed of each model that was used for recent classifications."""

    models: list[Speed]
