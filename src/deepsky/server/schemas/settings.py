"""Schemas of the settings of the server that concern its users."""

from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["PublicSettings"]


class PublicLimits(BaseModel):
    """Limits on the images in a request."""

    max_bytes: int = Field(
        description="Maximum size of an image file, and of all images in a request, in bytes."
    )
    max_pixels: int = Field(description="Maximum number of pixels of an image.")
    max_frames: int = Field(description="Maximum number of frames, pages or planes of a file.")
    max_images: int = Field(description="Maximum number of images in a request.")


class FormatSummary(BaseModel):
    """An image format that the server reads."""

    name: str = Field(description="Name in classifications, such as `CR3`.")
    title: str = Field(description="Name for people, such as `Canon raw (CR3)`.")
    suffixes: list[str] = Field(description="Usual suffixes of file names, in lower case.")


class PublicSettings(BaseModel):
    """Settings of the server that concern its users."""

    version: str = Field(description="Version of deepsky.")
    access: Literal["open", "keys"] = Field(
        description="`keys` if requests such as this one need an API key."
    )
    client: Literal["session", "key"] = Field(
        description="How the server identifies the client that sent this request: by its browser "
        "session, or by its API key, which several people may share."
    )
    retention_days: int | None = Field(
        description="Age in days at which classifications and their images are deleted; null if "
        "they are kept until the client deletes them."
    )
    default_model: str = Field(description="Model that classifies if a request names none.")
    solver: str | None = Field(
        description="Name of the plate solver that finds the places of images on the sky; null if "
        "the server does not."
    )
    limits: PublicLimits
    formats: list[FormatSummary]
