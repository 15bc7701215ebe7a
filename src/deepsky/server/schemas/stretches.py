"""Schemas of the data in an image, and of the stretch."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from deepsky.imaging.display.stretch_choice import (
    BACKGROUND,
    PATTERN,
    SHADOWS,
    STRETCHES,
    StretchChoice,
    check_stretch,
)
from deepsky.imaging.inspection import MAX_ROWS
from deepsky.server.schemas.text import MAX_NAME

__all__ = ["STRETCH", "Inspection", "Stretch", "StretchForm"]


def _check_stretch(value: object) -> StretchChoice:
    try:
        return check_stretch(str(value)[:MAX_NAME])
    except ValueError as error:
        code = "unknown_stretch"
        raise PydanticCustomError(code, "{message}", {"message": str(error)}) from error


STRETCH: Final = (
    f"Name of the stretch: {', '.join(f'`{name}`' for name in STRETCHES)}, or `mtf` with "
    "parameters, such as `mtf-0.2-1.5`: the brightness of the sky from 0.01 to 0.99, and the depth "
    "of the black point below it from 0 to 20 normalised deviations (`mtf` is "
    f"`mtf-{BACKGROUND:g}-{SHADOWS:g}`). `auto` applies `mtf` to linear images and no stretch to "
    "finished ones; any other stretch is applied to every image. `linear` only scales the values."
)

Stretch = Annotated[
    StretchChoice,
    PlainValidator(_check_stretch),
    WithJsonSchema({"type": "string", "pattern": f"^{PATTERN}$"}),
]


class StretchForm(BaseModel):
    """Stretch with which to classify an image again."""

    model_config = ConfigDict(extra="forbid")

    stretch: Stretch = Field(description=STRETCH)


class HeaderRow(BaseModel):
    """Row of the header of an image file."""

    keyword: str
    value: str
    comment: str


class ChannelHistogram(BaseModel):
    """Distribution of the values of a channel."""

    model_config = ConfigDict(from_attributes=True)

    counts: list[int] = Field(
        description="Number of values in each bin, in a sample of the pixels, from low to high."
    )
    median: float = Field(description="Median, which is about the value of the sky background.")
    deviation: float = Field(
        description="Normalised median absolute deviation, which is about the noise of the sky "
        "background."
    )


class Histogram(BaseModel):
    """Distribution of the values as stored in the file, before the stretch."""

    model_config = ConfigDict(from_attributes=True)

    low: float = Field(description="Value at the lower edge of the first bin.")
    high: float = Field(description="Value at the upper edge of the last bin.")
    channels: list[ChannelHistogram] = Field(
        description="One for grey images, otherwise red, green and blue."
    )


class Inspection(BaseModel):
    """Header of an image file, and distribution of its values."""

    header: list[HeaderRow] = Field(
        description="Rows of the FITS header, or of the corresponding metadata of another format; "
        f"at most {MAX_ROWS}."
    )
    rows: int = Field(description="Number of rows of the complete header.")
    histogram: Histogram
