"""Read TIFF files with 1 to 64 bits per sample: grey, RGB, palette, CMYK, YCbCr and CIELAB."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.orientation import apply_orientation
from deepsky.imaging.limits import Limits
from deepsky.imaging.shrink import BAND_BYTES, choose_factor, render_bytes, shrink
from deepsky.imaging.tiff.directory import starting_with, without_tags
from deepsky.imaging.tiff.excerpt import TiffExcerpts
from deepsky.imaging.tiff.header import TiffPage, read_pages
from deepsky.imaging.tiff.metadata import find_metadata
from deepsky.imaging.tiff.samples import (
    CFA,
    CMYK,
    LAB,
    LINEAR_RAW,
    PALETTE,
    prepare_samples,
    to_colours,
)
from deepsky.imaging.tiff.support import check_support, is_plain

__all__ = ["read_tiff"]

_PHOTOMETRIC: Final = 262
_SAMPLE_FORMAT: Final = 339
_INTEGERS_OR_FLOATS: Final = (1, 2, 3)
_KINDS: Final = {2: "i", 3: "f"}
_CFA_SIZE: Final = 33421
_CFA_PATTERN: Final = 33422
_FILTERS: Final = "RGB"
_RGBA_BYTES: Final = 4
_CONVERSION_BYTES: Final = 60
"""Memory needed to convert CMYK, CIELAB or a palette to RGB, in bytes per pixel (measured)."""

_Decode = Callable[[bytes, TiffPage], NDArray[Any]]
"""Function that decodes the pixels of the first page of a file."""


def read_tiff(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the image in a TIFF file.

    The page is chosen by `deepsky.imaging.tiff.header.read_pages`. Pixels are decoded by libtiff,
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
        Transparent areas are black. If the image would exceed the memory limit, its size is
        reduced while it is decoded.

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
    if max(page.end for page in pages) > stream.seek(0, io.SEEK_END):
        msg = "The TIFF file is shorter than its header specifies; copy or download it again."
        raise CorruptImageError(msg)
    page = pages[0]
    channels = [_read_values(stream, page, limits, len(pages)) for page in pages]
    is_whole = channels[0].shape[:2] == (page.height, page.width)
    return DecodedImage(
        values=channels[0] if len(channels) == 1 else np.concatenate(channels, axis=-1),
        size=(page.width, page.height),
        orientation=page.orientation,
        icc_profile=None if page.photometric in (CMYK, *LAB) else page.icc_profile,
        mosaic=_mosaic(page) if page.photometric == CFA and is_whole else None,
        state="linear" if page.photometric in (CFA, LINEAR_RAW) else None,
        found=find_metadata(page.directory),
    )


def _read_values(stream: BinaryIO, page: TiffPage, limits: Limits, pages: int) -> NDArray[Any]:
    """Decode the page, at reduced size if it would otherwise exceed the memory limit.

    `pages` is the number of pages that are decoded to one image.
    """
    decode = _decode_samples if is_plain(page) else _decode_converted
    pixel_bytes = page.samples * (page.bits + 7) // 8 if is_plain(page) else _RGBA_BYTES
    # Conversions such as blending need a second copy of the values.
    needed = pixel_bytes + max(pixel_bytes, render_bytes(3 if page.samples > 1 else 1, 0))
    if is_plain(page) and page.photometric in (PALETTE, CMYK, *LAB):
        needed = pixel_bytes = _CONVERSION_BYTES
    file_bytes = stream.seek(0, io.SEEK_END)
    factor = choose_factor(
        page.width, page.height, needed * pages, limits, fixed_bytes=min(file_bytes, page.end)
    )
    if page.follows_directory:
        data = shrink(_uncompressed_bands(stream, page), factor)
    elif factor == 1:
        stream.seek(0)
        data = decode(starting_with(stream.read(), page.directory), page)
    else:
        data = shrink(_bands(stream, page, decode, pixel_bytes, limits), factor)
    return to_colours(data, page) if is_plain(page) else data


def _bands(
    stream: BinaryIO, page: TiffPage, decode: _Decode, pixel_bytes: int, limits: Limits
) -> Iterator[NDArray[Any]]:
    """Decode the page in bands of rows, from top to bottom."""
    excerpts = TiffExcerpts(stream, page.directory.offset)
    row_bytes = page.width * pixel_bytes
    limits.check_memory(excerpts.rows * row_bytes * 4)
    for height, content in excerpts.read(BAND_BYTES // row_bytes):
        yield decode(content, replace(page, height=height))


def _decode_samples(content: bytes, page: TiffPage) -> NDArray[Any]:
    """Decode samples at full bit depth to shape (height, width, samples)."""
    hidden = [_PHOTOMETRIC] if page.photometric == CMYK else []  # otherwise converted to RGB
    # libtiff supports neither undefined sample formats nor floats of 24 bits, but reads integers of
    # any number of bits.
    if page.sample_format not in _INTEGERS_OR_FLOATS or page.bits == 24:
        hidden.append(_SAMPLE_FORMAT)
    data = imagecodecs.tiff_decode(without_tags(content, hidden) if hidden else content)
    data = np.moveaxis(data, 0, -1) if page.has_planes else data
    return prepare_samples(data.reshape(page.height, page.width, page.samples), page)


def _uncompressed_bands(stream: BinaryIO, page: TiffPage) -> Iterator[NDArray[Any]]:
    """Read a channel that has no directory of its own, in bands of rows."""
    kind = _KINDS.get(page.sample_format, "u")
    dtype = np.dtype(f"{kind}{page.bits // 8}").newbyteorder(page.directory.byte_order)
    row_bytes = page.width * dtype.itemsize
    rows = max(1, BAND_BYTES // row_bytes)
    for top in range(0, page.height, rows):
        height = min(rows, page.height - top)
        stream.seek(page.start + top * row_bytes)
        values = np.frombuffer(stream.read(height * row_bytes), dtype)
        native = values.astype(dtype.newbyteorder("="))
        yield prepare_samples(native.reshape(height, page.width, 1), page)


def _decode_converted(content: bytes, page: TiffPage) -> NDArray[np.uint8]:
    """Decode samples of up to 8 bits in any colour space to RGB; transparent areas are black."""
    pixels = imagecodecs.tiff_decode(content, asrgb=True)[..., :3]
    # libtiff mirrors rows and columns according to the orientation, but does not swap the axes.
    # Mirroring them again restores the order in the file.
    mirrored = page.orientation - 4 if page.orientation > 4 else page.orientation
    return apply_orientation(pixels, mirrored)


def _mosaic(page: TiffPage) -> str:
    size, pattern = page.directory.numbers(_CFA_SIZE), page.directory.numbers(_CFA_PATTERN)
    if size.tolist() != [2, 2] or len(pattern) != 4 or max(pattern) >= len(_FILTERS):
        return "unknown order"
    return "".join(_FILTERS[colour] for colour in pattern)
