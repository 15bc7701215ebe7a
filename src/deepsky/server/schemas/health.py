"""Schema of the health of the server."""

from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["Health"]


class Health(BaseModel):
    """Health of the server."""

    status: Literal["ok", "degraded"] = Field(
        description="`degraded` if the database or the image folder cannot be used."
    )
    ready: bool = Field(
        description="Whether the default model is loaded and the storage is usable."
    )
    version: str = Field(description="Version of deepsky.")
    loaded: list[str] = Field(description="Names of the loaded models.")
    solver: str | None = Field(
        description="Name of the plate solver that finds the places of images on the sky; null if "
        "the server does not."
    )
