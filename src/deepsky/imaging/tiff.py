"""TIFF of 1 to 64 bits, grey, RGB, palette or CMYK."""

from typing import Any, BinaryIO, Final

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image
from tifffile import COMPRESSION, EXTRASAMPLE, PHOTOMETRIC

from deepsky.errors import UnsupportedFormatError
from deepsky.imaging.alpha import on_black
from deepsky.imaging.limits import Limits
from deepsky.imaging.orientation import upright
from deepsky.imaging.stretch import to_eight_bits

__all__ = ["read_tiff"]

_MAX_SAMPLES: Final = 5  # CMYK and alpha

# How many samples of a pixel are its colour; the others are alpha or unknown.
_COLOUR_SAMPLES: Final = {
    PHOTOMETRIC.MINISWHITE: 1,
    PHOTOMETRIC.MINISBLACK: 1,
    PHOTOMETRIC.RGB: 3,
    PHOTOMETRIC.PALETTE: 1,
    PHOTOMETRIC.SEPARATED: 4,
    PHOTOMETRIC.YCBCR: 3,
}


def read_tiff(stream: BinaryIO, limits: Limits) -> tuple[NDArray[np.uint8], str | None]:
    """Read the first page of a TIFF file.

    Parameters
    ----------
    stream : binary file
        The whole file.
    limits : Limits
        Checked from the first page's tags and the chain of pages.

    Returns
    -------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB, upright; transparent parts are black.
    stretch : str or None
        As `deepsky.imaging.stretch.to_eight_bits` gives it.
    """
    with tifffile.TiffFile(stream) as tiff:
        page = tiff.pages.first
        _check(tiff, page, limits)
        data = _to_colour(page, _samples_last(page))
        orientation = page.tags.valueof("Orientation")
    pixels, stretch = to_eight_bits(data)
    return upright(pixels, orientation), stretch


def _check(tiff: tifffile.TiffFile, page: tifffile.TiffPage, limits: Limits) -> None:
    limits.check_pixels(page.imagewidth, page.imagelength)
    limits.check_frames(_count_pages(tiff, limits.max_frames) * page.imagedepth)
    if (
        page.photometric not in _COLOUR_SAMPLES
        or page.dtype is None
        or page.dtype.kind not in "buif"
    ):
        msg = (
            f"TIFF of {page.bitspersample} bits and photometric interpretation "
            f"{int(page.photometric)} is not read; save it as 8- or 16-bit grey or RGB."
        )
        raise UnsupportedFormatError(msg)
    if page.samplesperpixel > _MAX_SAMPLES:
        msg = f"TIFF of {page.samplesperpixel} channels is not read; save it as grey or RGB."
        raise UnsupportedFormatError(msg)


def _count_pages(tiff: tifffile.TiffFile, most: int) -> int:
    """Count pages, and stop after one more than `most`."""
    try:
        tiff.pages[most]
    except IndexError:
        return len(tiff.pages)
    return most + 1


def _samples_last(page: tifffile.TiffPage) -> NDArray[Any]:
    """Decode to shape (height, width, samples), at the full range of the data type."""
    try:
        data = np.asarray(page.asarray())
    except NotImplementedError as error:
        msg = f"This kind of TIFF is not read ({error}); save it uncompressed, as grey or RGB."
        raise UnsupportedFormatError(msg) from error
    planes, _, height, width, samples = page.shaped
    data = data.reshape(planes, -1, height, width, samples)[:, 0]
    return np.moveaxis(data, 0, -1)[..., 0, :] if planes > 1 else data[0]


def _to_colour(page: tifffile.TiffPage, data: NDArray[Any]) -> NDArray[Any]:
    """Make grey or RGB of samples of any kind, of shape (height, width, 1 or 3)."""
    if page.photometric == PHOTOMETRIC.PALETTE and page.colormap is not None:
        return np.moveaxis(page.colormap[:, data[..., 0]] >> 8, 0, -1).astype(np.uint8)
    colours, extra = np.split(data, [_COLOUR_SAMPLES[PHOTOMETRIC(page.photometric)]], axis=-1)
    colours = _full_range(colours, page.bitspersample)
    if page.photometric == PHOTOMETRIC.MINISWHITE and colours.dtype.kind == "u":
        colours = ~colours
    if page.photometric == PHOTOMETRIC.SEPARATED:
        colours = _to_rgb(colours, "CMYK")
    if page.photometric == PHOTOMETRIC.YCBCR and page.compression != COMPRESSION.JPEG:
        colours = _to_rgb(colours, "YCbCr")
    if page.extrasamples[:1] == (EXTRASAMPLE.UNASSALPHA,):
        return on_black(colours, extra[..., :1])
    return colours


def _full_range(data: NDArray[Any], bits: int) -> NDArray[Any]:
    """Spread integers of an odd number of bits, such as 1 or 12, over their data type."""
    if data.dtype == np.bool_:
        return data.astype(np.uint8) * np.uint8(255)
    if data.dtype.kind != "u" or bits == data.dtype.itemsize * 8:
        return data
    widened: NDArray[Any] = data * data.dtype.type(np.iinfo(data.dtype).max // (2**bits - 1))
    return widened


def _to_rgb(data: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    eight_bits = (data >> (data.dtype.itemsize * 8 - 8)).astype(np.uint8)
    height, width, _ = data.shape
    picture = Image.frombytes(mode, (width, height), eight_bits.tobytes())
    return np.asarray(picture.convert("RGB"))
