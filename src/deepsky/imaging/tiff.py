"""TIFF of 1 to 64 bits: grey, RGB, palette, CMYK, YCbCr."""

from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import UnsupportedFormatError
from deepsky.imaging.alpha import on_black
from deepsky.imaging.limits import Limits
from deepsky.imaging.orientation import upright
from deepsky.imaging.stretch import to_eight_bits
from deepsky.imaging.tiff_header import TiffPage, count_pages, read_first_page

__all__ = ["read_tiff"]

_MAX_SAMPLES: Final = 5  # CMYK and alpha
_WHITE_IS_ZERO: Final = 0
_DEEP_COLOURS: Final = {0: 1, 1: 1, 2: 3}  # samples of colour by photometric interpretation


def read_tiff(stream: BinaryIO, limits: Limits) -> tuple[NDArray[np.uint8], str | None]:
    """Read the first page of a TIFF file.

    The decoder is libtiff, through imagecodecs: unlike others it never unpacks more than the
    header announces.

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
    page = read_first_page(stream)
    _check(page, limits)
    limits.check_frames(count_pages(stream, limits.max_frames))
    stream.seek(0)
    if page.bits <= 8:
        return _read_eight_bits(stream.read(), page), None
    pixels, stretch = to_eight_bits(_read_deep(stream.read(), page))
    return upright(pixels, page.orientation), stretch


def _check(page: TiffPage, limits: Limits) -> None:
    limits.check_pixels(page.width, page.height)
    limits.check_pixels(page.tile_width, page.tile_height)
    if page.samples > _MAX_SAMPLES or (page.bits > 8 and page.photometric not in _DEEP_COLOURS):
        msg = (
            f"TIFF of {page.samples} channels, {page.bits} bits and photometric interpretation "
            f"{page.photometric} is not read; save it as 8- or 16-bit grey or RGB."
        )
        raise UnsupportedFormatError(msg)


def _read_eight_bits(content: bytes, page: TiffPage) -> NDArray[np.uint8]:
    """Decode up to 8 bits of any colour space, transparent parts black."""
    pixels = imagecodecs.tiff_decode(content, index=0, asrgb=True)[..., :3]
    # libtiff has mirrored the rows and columns as the orientation says, but not exchanged them.
    mirrored = page.orientation - 4 if page.orientation > 4 else page.orientation
    return upright(upright(pixels, mirrored), page.orientation)


def _read_deep(content: bytes, page: TiffPage) -> NDArray[Any]:
    """Decode more than 8 bits, to shape (height, width, 1 or 3)."""
    data = imagecodecs.tiff_decode(content, index=0)
    data = np.moveaxis(data, 0, -1) if page.has_planes else data
    data = data.reshape(page.height, page.width, page.samples)
    colours, extra = np.split(data, [_DEEP_COLOURS[page.photometric]], axis=-1)
    if page.photometric == _WHITE_IS_ZERO and data.dtype.kind == "u":
        colours = ~colours
    return on_black(colours, extra[..., :1]) if page.has_alpha else colours
