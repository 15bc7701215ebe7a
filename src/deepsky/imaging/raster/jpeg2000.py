"""Read JPEG 2000 files with OpenJPEG."""

from io import BytesIO
from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Jpeg2KImagePlugin

from deepsky.errors import UnsupportedFormatError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.formats import SAVE_AS
from deepsky.imaging.limits import Limits
from deepsky.imaging.raster.jpeg2000_header import CMYK, SYCC, Jpeg2000Header, read_jpeg2000_header
from deepsky.imaging.raster.pillow import to_rgb

__all__ = ["read_jpeg2000"]

_END_OF_CODESTREAM: Final = b"\xff\xd9"
_MAX_CHANNELS: Final = 5  # four CMYK channels and one alpha channel
_DECODER_BYTES: Final = 8  # memory per sample: 32-bit integers of the tile and of the image
_MAX_BITS: Final = 16
_INKS: Final = 4
_CIELAB: Final = 14


def read_jpeg2000(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read a JPEG 2000 image: a JP2, JPX or JPH file, or a codestream (J2K).

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked before pixels are decoded.

    Returns
    -------
    DecodedImage
        Integers at the depth of the file. Transparent areas are black.

    Raises
    ------
    LimitExceededError
        If the image has too many pixels, or decoding would need too much memory.
    UnsupportedFormatError
        If the number of channels, the depth or the colour space is not supported.
    RuntimeError
        If OpenJPEG detects damage.

    References
    ----------
    ITU-T T.800 (JPEG 2000), annexes A and I; ITU-T T.814 (high-throughput JPEG 2000).
    """
    content = stream.read()
    header = read_jpeg2000_header(content)
    limits.check_pixels(header.width, header.height)
    limits.check_memory(header.width * header.height * header.channels * _DECODER_BYTES)
    _check_support(header)
    if header.is_subsampled:
        image = to_rgb(Jpeg2KImagePlugin.Jpeg2KImageFile(BytesIO(content)))
        return DecodedImage(values=np.asarray(image))
    # Without its boxes, the decoder does not convert the colours, and damaged boxes do no harm.
    values = _decode(content if header.has_palette else content[header.start : header.end])
    values = values[..., np.newaxis] if values.ndim == 2 else values
    if values.dtype.kind == "u" and not header.has_palette:  # such as 12 bits stored as uint16
        values = values << (8 * values.dtype.itemsize - header.bits)
    return DecodedImage(
        values=_to_colours(values, header),
        icc_profile=None if header.colour_space == CMYK else header.icc_profile,
    )


def _check_support(header: Jpeg2000Header) -> None:
    if header.channels > _MAX_CHANNELS:
        feature = f"{header.channels} channels"
    elif header.bits > _MAX_BITS:
        feature = f"{header.bits} bits per sample"
    elif header.colour_space == _CIELAB:
        feature = "the colour space CIE L*a*b*"
    else:
        return
    msg = f"JPEG 2000 with {feature} is not supported; {SAVE_AS}."
    raise UnsupportedFormatError(msg)


def _decode(content: bytes) -> NDArray[Any]:
    values: NDArray[Any]
    try:
        values = imagecodecs.jpeg2k_decode(content, numthreads=1)
    except imagecodecs.Jpeg2kError:
        if content.endswith(_END_OF_CODESTREAM):
            raise
        values = imagecodecs.jpeg2k_decode(content + _END_OF_CODESTREAM, numthreads=1)
    return values


def _to_colours(values: NDArray[Any], header: Jpeg2000Header) -> NDArray[Any]:
    """Convert channels to grey or RGB, and blend transparent areas with black."""
    if header.colour_space == CMYK and values.shape[2] >= _INKS:
        return _from_cmyk(values[..., :_INKS])
    count = 3 if values.shape[2] >= 3 else 1
    colours = values[..., :count]
    if header.colour_space == SYCC and count == 3:
        colours = _from_sycc(colours)
    alpha = header.alpha if header.states_channels else count
    if alpha is None or not count <= alpha < values.shape[2]:
        return colours
    return blend_on_black(colours, values[..., alpha : alpha + 1])


def _from_cmyk(inks: NDArray[Any]) -> NDArray[Any]:
    full = np.iinfo(inks.dtype).max
    light = (full - inks).astype(np.float32)
    rgb = np.empty((*inks.shape[:2], 3), inks.dtype)
    rgb[...] = light[..., :3] * light[..., 3:] / np.float32(full)
    return rgb


def _from_sycc(values: NDArray[Any]) -> NDArray[Any]:
    """Convert full-range luma and chroma (ITU-R BT.601) to RGB."""
    full = np.iinfo(values.dtype).max
    luma, blue, red = np.moveaxis(values.astype(np.float32), -1, 0)
    blue -= (full + 1) / 2
    red -= (full + 1) / 2
    rgb = np.empty(values.shape, values.dtype)
    rgb[..., 0] = _clipped(luma + 1.402 * red, full)
    rgb[..., 1] = _clipped(luma - 0.344136 * blue - 0.714136 * red, full)
    rgb[..., 2] = _clipped(luma + 1.772 * blue, full)
    return rgb


def _clipped(values: NDArray[np.float32], full: int) -> NDArray[np.float32]:
    return np.clip(np.rint(values), 0, full)
