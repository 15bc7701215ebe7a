"""Schemas of the query parameters for images."""

from pydantic import BaseModel, ConfigDict, Field

from deepsky.imaging.preview import SIDES, PreviewSize

__all__ = ["ImageQuery"]


class ImageQuery(BaseModel):
    """Query parameters for a preview."""

    model_config = ConfigDict(extra="forbid")

    size: PreviewSize = Field(
        "large",
        description="Maximum length of the longer side: "
        + ", ".join(f"{side} pixels (`{size}`)" for size, side in SIDES.items())
        + ".",
    )


class AnnotationQuery(BaseModel):
    """Query parameters for an annotated image."""

    model_config = ConfigDict(extra="forbid")

    grid: bool = Field(
        False, description="Whether to draw lines of equal right ascension and declination."
    )
