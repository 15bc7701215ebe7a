"""Read XISF files (PixInsight's image format): grey and RGB images of any bit depth."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, NoImageDataError, UnsupportedFormatError
from deepsky.imaging.decoded import DecodedImage, State
from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.display.mosaic_pattern import UNKNOWN_ORDER, find_pattern, parse_pattern
from deepsky.imaging.display.variation import varies
from deepsky.imaging.fits.cards import parse_value
from deepsky.imaging.image_choice import Candidate, rank_images
from deepsky.imaging.limits import Limits
from deepsky.imaging.shrink import BAND_BYTES, choose_factor, render_bytes, shrink
from deepsky.imaging.xisf.astrometry import find_metadata
from deepsky.imaging.xisf.block import ReadBytes, open_block
from deepsky.imaging.xisf.header import XisfImage, parse_integers, read_images, required_attribute

__all__ = ["read_xisf"]

_T = TypeVar("_T")

_SAMPLES: Final = {"UInt8": "u1", "UInt16": "u2", "UInt32": "u4", "Float32": "f4", "Float64": "f8"}
_BYTE_ORDERS: Final = {"little": "<", "big": ">"}
_COLOURS: Final = {"Gray": 1, "RGB": 3}
_STORED_AS_PLANES: Final = {"Planar": True, "Normal": False}
_CFA_PROPERTY: Final = re.compile(r".*CFA\w*Pattern(Name)?", re.IGNORECASE)
_STRAIGHT: Final = 0.5  # midtones balance of a display function that does not brighten
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

    @property
    def pixel_bytes(self) -> int:
        """Memory that is needed per pixel, with a second copy for scaling and blending."""
        stored = self.channels * self.dtype.itemsize
        is_converted = self.dtype.kind == "f" or self.channels > self.colours
        rendered = render_bytes(self.colours, self.dtype.itemsize)
        return max(stored * (2 if is_converted else 1), rendered) + stored


def read_xisf(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the science image of a monolithic XISF file.

    If the file contains several images, `deepsky.imaging.image_choice.rank_images` determines their
    order, and the first that is not constant is read.

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
    images = _find_images(read_images(stream, limits))
    for image in images:
        decoded = _decode(stream, image, limits)
        if varies(decoded.values):
            return decoded
    msg = "The XISF file contains only blank or constant images; use a file that shows something."
    raise NoImageDataError(msg)


def _find_images(images: list[XisfImage]) -> list[XisfImage]:
    """Return the two-dimensional images; the first is most likely the science image."""
    candidates = [
        Candidate(image, _name(image), _area(image))
        for image in images
        if required_attribute(image.attributes, "geometry").count(":") == 2
    ]
    if not candidates:
        msg = "The XISF file contains no two-dimensional image; use a file that contains one."
        raise NoImageDataError(msg)
    return rank_images(candidates)


def _name(image: XisfImage) -> str:
    return f"{image.attributes.get('id', '')} {image.attributes.get('imageType', '')}"


def _area(image: XisfImage) -> int:
    width, height, _ = parse_integers(image.attributes["geometry"], "geometry")
    return width * height


def _decode(stream: BinaryIO, image: XisfImage, limits: Limits) -> DecodedImage:
    layout = _find_layout(image.attributes | image.embedded)
    limits.check_pixels(layout.width, layout.height)
    read, fixed_bytes = open_block(stream, image, layout.size, limits)
    factor = choose_factor(
        layout.width, layout.height, layout.pixel_bytes, limits, fixed_bytes=fixed_bytes
    )
    if factor == 1:
        stored = _arrange(read(0, layout.size), layout)
    else:
        stored = _read_reduced(read, layout, factor)
    values = _scale(stored, image.attributes)
    return DecodedImage(
        values=_without_extra(values, layout.colours),
        size=(layout.width, layout.height),
        state=_find_state(image),
        mosaic=_find_mosaic(image) if factor == 1 else None,  # a reduced image is no mosaic
        orientation=_ORIENTATIONS.get(image.attributes.get("orientation", "0"), 1),
        found=find_metadata(stream, image),
    )


def _find_state(image: XisfImage) -> State | None:
    """Return ``"linear"`` if the image is displayed with a curve, as linear images are.

    The attribute ``m`` lists the midtones balances of the channels; 0.5 is a straight line.
    """
    try:
        balances = [float(text) for text in image.display_function.get("m", "").split(":") if text]
    except ValueError:
        return None
    return "linear" if any(0 < balance < _STRAIGHT for balance in balances[:3]) else None


def _find_mosaic(image: XisfImage) -> str | None:
    """Return the colour filter pattern that the header states."""
    if image.mosaic:
        return parse_pattern(image.mosaic.get("pattern", UNKNOWN_ORDER))
    for name, value in image.properties.items():
        if _CFA_PROPERTY.fullmatch(name):
            return parse_pattern(value)
    keywords = {name: parse_value(text.strip()) for name, text in image.keywords.items()}
    return find_pattern({name: value for name, value in keywords.items() if value is not None})


def _find_layout(attributes: Mapping[str, str]) -> _Layout:
    width, height, channels = parse_integers(required_attribute(attributes, "geometry"), "geometry")
    sample = _choose(attributes, "sampleFormat", _SAMPLES)
    order = _choose(attributes, "byteOrder", _BYTE_ORDERS, "little")
    likely = "RGB" if channels >= _COLOURS["RGB"] else "Gray"
    colours = _choose(attributes, "colorSpace", _COLOURS, likely)
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


def _read_reduced(read: ReadBytes, layout: _Layout, factor: int) -> NDArray[Any]:
    """Read the pixels in bands of rows, and scale them down."""
    if not layout.has_planes:
        return shrink(_bands(read, layout, 0, layout.channels), factor)
    planes = range(layout.channels)
    return np.stack(
        [shrink(_bands(read, layout, plane, 1), factor)[..., 0] for plane in planes], axis=-1
    )


def _bands(read: ReadBytes, layout: _Layout, plane: int, samples: int) -> Iterator[NDArray[Any]]:
    """Yield the rows of a plane, or of all interleaved channels, in native byte order."""
    row = layout.width * samples * layout.dtype.itemsize
    rows = max(1, BAND_BYTES // row)
    for top in range(0, layout.height, rows):
        bottom = min(layout.height, top + rows)
        first = plane * layout.height * row
        band = read(first + top * row, first + bottom * row).view(layout.dtype)
        native = band.astype(layout.dtype.newbyteorder("="))
        yield native.reshape(bottom - top, layout.width, samples)


def _scale(data: NDArray[Any], attributes: Mapping[str, str]) -> NDArray[Any]:
    """Scale floats so that the lower and upper ``bounds`` become 0 and 1.

    Invalid bounds are ignored.
    """
    lowest, highest = _read_bounds(attributes.get("bounds", "0:1"))
    if data.dtype.kind != "f" or (lowest, highest) == (0, 1):
        return data
    scaled: NDArray[Any] = data - lowest
    scaled /= highest - lowest
    return scaled


def _read_bounds(text: str) -> tuple[float, float]:
    try:
        lowest, highest = map(float, text.split(":"))
    except ValueError:
        return 0, 1
    return (lowest, highest) if 0 < highest - lowest < np.inf else (0, 1)


def _without_extra(data: NDArray[Any], colours: int) -> NDArray[Any]:
    """Blend colours with black using alpha (the first extra channel); drop the extra channels."""
    if data.shape[-1] == colours:
        return data
    return blend_on_black(data[..., :colours], data[..., colours : colours + 1])
