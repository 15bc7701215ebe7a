"""Read TIFF files with 1 to 64 bits per sample: grey, RGB, palette, CMYK, YCbCr and CIELAB."""

from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.limits import Limits
from deepsky.imaging.orientation import apply_orientation
from deepsky.imaging.tiff_directory import with_first_directory
from deepsky.imaging.tiff_header import TiffPage, read_pages
from deepsky.imaging.tiff_samples import CFA, CMYK, LAB, LINEAR_RAW, to_colours
from deepsky.imaging.tiff_support import check_support, is_plain

__all__ = ["read_tiff"]

_PHOTOMETRIC: Final = 262
_SAMPLE_FORMAT: Final = 339
_INTEGERS_OR_FLOATS: Final = (1, 2, 3)
_KINDS: Final = {2: "i", 3: "f"}
_CFA_SIZE: Final = 33421
_CFA_PATTERN: Final = 33422
_FILTERS: Final = "RGB"


def read_tiff(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the image in a TIFF file.

    The page is chosen by `deepsky.imaging.tiff_header.read_pages`. Pixels are decoded by libtiff,
    through imagecodecs. libtiff never decompresses more data than the header specifies.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked against the tags of the page and the number of pages.

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
    pages = read_pages(stream, limits)
    for page in pages:
        limits.check_pixels(page.width, page.height)
        limits.check_pixels(page.tile_width, page.tile_height)
        check_support(page)
    stream.seek(0)
    content = stream.read()
    if max(page.end for page in pages) > len(content):
        msg = "The TIFF file is shorter than its header specifies; copy or download it again."
        raise CorruptImageError(msg)
    page = pages[0]
    channels = [_read_page(content, page) for page in pages]
    return DecodedImage(
        values=channels[0] if len(channels) == 1 else np.concatenate(channels, axis=-1),
        orientation=page.orientation,
        icc_profile=None if page.photometric in (CMYK, *LAB) else page.icc_profile,
        mosaic=_mosaic(page) if page.photometric == CFA else None,
        state="linear" if page.photometric in (CFA, LINEAR_RAW) else None,
    )


def _read_page(content: bytes, page: TiffPage) -> NDArray[Any]:
    """Decode grey or RGB values of shape (height, width, 1 or 3)."""
    if page.follows_directory:
        return _read_uncompressed(content, page)
    if is_plain(page):
        return to_colours(_read_samples(content, page), page)
    return _read_converted(content, page)


def _read_samples(content: bytes, page: TiffPage) -> NDArray[Any]:
    """Decode samples as stored, to shape (height, width, samples)."""
    hidden = [_PHOTOMETRIC] if page.photometric == CMYK else []  # otherwise converted to RGB
    # libtiff supports neither undefined sample formats nor floats of 24 bits, but reads integers of
    # any number of bits.
    if page.sample_format not in _INTEGERS_OR_FLOATS or page.bits == 24:
        hidden.append(_SAMPLE_FORMAT)
    data = imagecodecs.tiff_decode(with_first_directory(content, page.directory, hidden))
    data = np.moveaxis(data, 0, -1) if page.has_planes else data
    return data.reshape(page.height, page.width, page.samples)


def _read_uncompressed(content: bytes, page: TiffPage) -> NDArray[Any]:
    """Return the pixels of a channel that has no directory of its own."""
    kind = _KINDS.get(page.sample_format, "u")
    dtype = np.dtype(f"{kind}{page.bits // 8}").newbyteorder(page.directory.byte_order)
    count = page.width * page.height
    values = np.frombuffer(content, dtype, count, page.start)
    native = values.astype(dtype.newbyteorder("="), copy=False)
    return to_colours(native.reshape(page.height, page.width, 1), page)


def _read_converted(content: bytes, page: TiffPage) -> NDArray[np.uint8]:
    """Decode samples of up to 8 bits in any colour space to RGB; transparent areas are black."""
    first = with_first_directory(content, page.directory)
    pixels = imagecodecs.tiff_decode(first, asrgb=True)[..., :3]
    # libtiff mirrors rows and columns according to the orientation, but does not swap the axes.
    # Mirroring them again restores the order in the file.
    mirrored = page.orientation - 4 if page.orientation > 4 else page.orientation
    return apply_orientation(pixels, mirrored)


def _mosaic(page: TiffPage) -> str:
    size, pattern = page.directory.numbers(_CFA_SIZE), page.directory.numbers(_CFA_PATTERN)
    if size.tolist() != [2, 2] or len(pattern) != 4 or max(pattern) >= len(_FILTERS):
        return "unknown order"
    return "".join(_FILTERS[colour] for colour in pattern)
