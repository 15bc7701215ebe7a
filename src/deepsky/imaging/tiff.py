"""Read TIFF files with 1 to 64 bits per sample: grey, RGB, palette, CMYK and YCbCr."""

from typing import Any, BinaryIO, Final, NoReturn

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, UnsupportedFormatError
from deepsky.imaging.alpha import blend_on_black
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.limits import Limits
from deepsky.imaging.orientation import apply_orientation
from deepsky.imaging.tiff_header import TiffPage, count_pages, read_first_page

__all__ = ["read_tiff"]

_MAX_SAMPLES: Final = 5  # four CMYK samples and one alpha sample
_PLAIN_COLOURS: Final = {0: 1, 1: 1, 2: 3}  # colour samples per pixel by PhotometricInterpretation
_WHITE_IS_ZERO: Final = 0
_JPEG: Final = (6, 7)
_COMPRESSIONS: Final = frozenset(
    {
        *(1, 32773),  # none, PackBits
        *(2, 3, 4),  # CCITT
        5,  # LZW
        *_JPEG,
        *(8, 32946),  # deflate
        *(34887, 34925, 50000, 50001),  # LERC, LZMA, ZSTD, WebP
    }
)
"""Values of the Compression tag that the decoder supports."""


def read_tiff(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the first page of a TIFF file.

    Pixels are decoded by libtiff, through imagecodecs. libtiff never decompresses more data than
    the header specifies.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked against the tags of the first page and the number of pages.

    Returns
    -------
    DecodedImage
        Transparent areas are black.

    Raises
    ------
    ImageError
        If the file exceeds a limit, uses an unsupported compression or pixel format, or is
        truncated.
    RuntimeError
        If libtiff detects damage. Other built-in exceptions are also possible.

    References
    ----------
    TIFF 6.0 (Adobe, 1992); *Adobe Photoshop TIFF Technical Notes* (2002).
    """
    page = read_first_page(stream)
    limits.check_pixels(page.width, page.height)
    limits.check_pixels(page.tile_width, page.tile_height)
    limits.check_frames(count_pages(stream, limits.max_frames))
    if page.compression not in _COMPRESSIONS:
        msg = (
            f"TIFF with compression {page.compression} is not supported; save the image with LZW "
            "or deflate compression, or uncompressed."
        )
        raise UnsupportedFormatError(msg)
    if page.depth > 1:
        msg = (
            f"TIFF with {page.depth} images in one page (ImageDepth) is not supported; "
            "save one image as a separate file."
        )
        raise UnsupportedFormatError(msg)
    stream.seek(0)
    content = stream.read()
    if page.end > len(content):
        msg = "The TIFF file is shorter than its header specifies; copy or download it again."
        raise CorruptImageError(msg)
    if page.samples <= _MAX_SAMPLES and _is_plain(page):
        values = _read_plain(content, page)
    elif page.samples <= _MAX_SAMPLES and page.bits <= 8:
        values = _read_converted(content, page)
    else:
        _refuse(page)
    return DecodedImage(values=values, orientation=page.orientation, icc_profile=page.icc_profile)


def _refuse(page: TiffPage) -> NoReturn:
    msg = (
        f"TIFF with {page.samples} channels, {page.bits} bits and photometric interpretation "
        f"{page.photometric} is not supported; save the image as 8- or 16-bit grey or RGB."
    )
    raise UnsupportedFormatError(msg)


def _is_plain(page: TiffPage) -> bool:
    """Return whether samples are grey or RGB values that need no colour conversion."""
    return page.bits >= 8 and page.photometric in _PLAIN_COLOURS and page.compression not in _JPEG


def _read_plain(content: bytes, page: TiffPage) -> NDArray[Any]:
    """Decode grey or RGB at full bit depth to shape (height, width, 1 or 3), without alpha."""
    data = imagecodecs.tiff_decode(content, index=0)
    data = np.moveaxis(data, 0, -1) if page.has_planes else data
    data = data.reshape(page.height, page.width, page.samples)
    spare = 8 * data.dtype.itemsize - page.bits
    if data.dtype.kind == "u" and spare:  # for example, 12-bit samples stored as uint16
        data = data << spare
    colours, extra = np.split(data, [_PLAIN_COLOURS[page.photometric]], axis=-1)
    if page.photometric == _WHITE_IS_ZERO and data.dtype.kind == "u":
        colours = ~colours
    return blend_on_black(colours, extra[..., :1]) if page.has_alpha else colours


def _read_converted(content: bytes, page: TiffPage) -> NDArray[np.uint8]:
    """Decode samples of up to 8 bits in any colour space to RGB; transparent areas are black."""
    pixels = imagecodecs.tiff_decode(content, index=0, asrgb=True)[..., :3]
    # libtiff mirrors rows and columns according to the orientation, but does not swap the axes.
    # Mirroring them again restores the order in the file.
    mirrored = page.orientation - 4 if page.orientation > 4 else page.orientation
    return apply_orientation(pixels, mirrored)
