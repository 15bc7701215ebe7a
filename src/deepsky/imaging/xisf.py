"""Read XISF files (PixInsight's image format): grey and RGB images of any bit depth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, NoImageDataError, UnsupportedFormatError
from deepsky.imaging.alpha import blend_on_black
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.limits import Limits
from deepsky.imaging.xisf_block import read_block
from deepsky.imaging.xisf_header import XisfImage, parse_integers, read_images, required_attribute

__all__ = ["read_xisf"]

_T = TypeVar("_T")

_SAMPLES: Final = {"UInt8": "u1", "UInt16": "u2", "UInt32": "u4", "Float32": "f4", "Float64": "f8"}
_BYTE_ORDERS: Final = {"little": "<", "big": ">"}
_COLOURS: Final = {"Gray": 1, "RGB": 3}
_STORED_AS_PLANES: Final = {"Planar": True, "Normal": False}
_MAX_EXTRA: Final = 2  # maximum number of extra channels; the first is alpha

# TIFF orientation for each XISF orientation (counter-clockwise rotation, then mirroring).
_ORIENTATIONS: Final = {
    "0": 1,
    "flip": 2,
    "180": 3,
    "180;flip": 4,
    "-90;flip": 5,
    "-90": 6,
    "90;flip": 7,
    "90": 8,
}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Size, data type and memory layout of the pixels of an image."""

    height: int
    width: int
    channels: int
    colours: int
    dtype: np.dtype[Any]
    has_planes: bool

    @property
    def size(self) -> int:
        return self.height * self.width * self.channels * self.dtype.itemsize


def read_xisf(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the first two-dimensional image of a monolithic XISF file.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked against the header; ``max_bytes`` also limits the size of
        decompressed data.

    Returns
    -------
    DecodedImage
        Transparent areas are black, and floats are scaled from their ``bounds`` to the range 0
        to 1.

    Raises
    ------
    ImageError
        If the file contains no image, exceeds a limit, has an unsupported pixel format or
        compression, or is inconsistent with its header.
    ValueError
        If embedded or compressed data are damaged. Other built-in exceptions are also possible.

    References
    ----------
    XISF 1.0 specification, section 11.5 (``Image``):
    https://pixinsight.com/doc/docs/XISF-1.0-spec/XISF-1.0-spec.html.
    """
    image = _find_image(read_images(stream, limits))
    layout = _find_layout(image.attributes | image.embedded)
    limits.check_pixels(layout.width, layout.height)
    block = read_block(stream, image, layout.size, limits)
    values = _scale(_arrange(block, layout), image.attributes)
    return DecodedImage(
        values=_without_extra(values, layout.colours),
        mosaic="unknown order" if image.mosaic else None,
        orientation=_ORIENTATIONS.get(image.attributes.get("orientation", "0"), 1),
    )


def _find_image(images: list[XisfImage]) -> XisfImage:
    for image in images:
        if required_attribute(image.attributes, "geometry").count(":") == 2:
            return image
    msg = "The XISF file contains no two-dimensional image; use a file that contains one."
    raise NoImageDataError(msg)


def _find_layout(attributes: Mapping[str, str]) -> _Layout:
    width, height, channels = parse_integers(required_attribute(attributes, "geometry"), "geometry")
    sample = _choose(attributes, "sampleFormat", _SAMPLES)
    order = _choose(attributes, "byteOrder", _BYTE_ORDERS, "little")
    colours = _choose(attributes, "colorSpace", _COLOURS, "Gray")
    has_planes = _choose(attributes, "pixelStorage", _STORED_AS_PLANES, "Planar")
    if not width or not height or channels < colours:
        msg = "The XISF header has an image without pixels or channels; export the image again."
        raise CorruptImageError(msg)
    if channels > colours + _MAX_EXTRA:
        msg = f"XISF with {channels} channels is not supported; save the image as grey or RGB."
        raise UnsupportedFormatError(msg)
    dtype = np.dtype(order + sample)
    return _Layout(height, width, channels, colours, dtype, has_planes)


def _choose(
    attributes: Mapping[str, str], name: str, choices: Mapping[str, _T], default: str | None = None
) -> _T:
    value = attributes.get(name, default)
    value = required_attribute(attributes, name) if value is None else value
    if value not in choices:
        msg = (
            f"XISF with {name} {value[:40]!r} is not supported; "
            "save the image as grey or RGB, with 16-bit integers or 32-bit floats."
        )
        raise UnsupportedFormatError(msg)
    return choices[value]


def _arrange(block: NDArray[np.uint8], layout: _Layout) -> NDArray[Any]:
    """Convert the bytes of a data block to an array of shape (height, width, channels)."""
    values = block.view(layout.dtype)
    if layout.has_planes:
        return np.moveaxis(values.reshape(layout.channels, layout.height, layout.width), 0, -1)
    return values.reshape(layout.height, layout.width, layout.channels)


def _scale(data: NDArray[Any], attributes: Mapping[str, str]) -> NDArray[Any]:
    """Scale floats so that the lower and upper ``bounds`` become 0 and 1."""
    if data.dtype.kind != "f" or "bounds" not in attributes:
        return data
    lowest, highest = _read_bounds(attributes["bounds"])
    if (lowest, highest) == (0, 1):
        return data
    scaled: NDArray[Any] = (data - lowest) / (highest - lowest)
    return scaled


def _read_bounds(text: str) -> tuple[float, float]:
    try:
        lowest, highest = map(float, text.split(":"))
        if not 0 < highest - lowest < np.inf:
            raise ValueError
    except ValueError as error:
        msg = (
            f"The XISF header has bounds = {text[:40]!r} instead of two increasing numbers; "
            "export the image again."
        )
        raise CorruptImageError(msg) from error
    return lowest, highest


def _without_extra(data: NDArray[Any], colours: int) -> NDArray[Any]:
    """Blend colours with black using alpha (the first extra channel); drop the extra channels."""
    if data.shape[-1] == colours:
        return data
    return blend_on_black(data[..., :colours], data[..., colours : colours + 1])
