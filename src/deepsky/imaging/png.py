"""Decode 16-bit PNG images, and remove PNG metadata that Pillow would reject."""

import io
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import imagecodecs
from numpy.typing import NDArray
from PIL import PngImagePlugin

from deepsky.imaging.alpha import blend_on_black

__all__ = ["has_sixteen_bits", "read_sixteen_bits", "without_metadata"]

_SIGNATURE_BYTES: Final = 8
_DEPTH_OFFSET: Final = 24
_CHUNK_OVERHEAD: Final = 12  # size in bytes of a chunk's length, type and CRC
_METADATA: Final = frozenset({b"iCCP", b"iTXt", b"tEXt", b"zTXt"})
_EXIF_KEYWORD: Final = b"Raw profile type exif\0"
_XMP_KEYWORD: Final = b"XML:com.adobe.xmp\0\0"  # the second zero byte means uncompressed


def has_sixteen_bits(stream: BinaryIO) -> bool:
    """Return whether a PNG has 16 bits per channel, according to its header.

    Parameters
    ----------
    stream : binary file
        The PNG file. Its position is restored.

    Returns
    -------
    bool
    """
    position = stream.tell()
    stream.seek(_DEPTH_OFFSET)
    depth = stream.read(1)
    stream.seek(position)
    return depth == b"\x10"


def read_sixteen_bits(stream: BinaryIO) -> NDArray[Any]:
    """Decode a 16-bit PNG at its full bit depth.

    Pillow would reduce 16-bit RGB to 8 bits per channel.

    Parameters
    ----------
    stream : binary file
        The complete PNG file.

    Returns
    -------
    ndarray of uint16, shape (height, width) or (height, width, 1 or 3)
        Grey or RGB; transparent areas are black.

    Raises
    ------
    SyntaxError, OSError
        If Pillow detects damage. Other built-in exceptions are also possible.
    """
    stream.seek(0)
    # Pillow checks the file first, because libpng prints an error message if a file is damaged.
    PngImagePlugin.PngImageFile(stream).verify()
    stream.seek(0)
    data = imagecodecs.png_decode(stream.read())
    has_alpha = data.ndim == 3 and data.shape[2] % 2 == 0
    return blend_on_black(data[..., :-1], data[..., -1:]) if has_alpha else data


def without_metadata(stream: BinaryIO) -> BinaryIO:
    """Remove colour profiles and text chunks from a PNG, but keep Exif data and XMP.

    Pillow rejects a PNG with a profile or text of more than 1 MiB, unless
    ``PngImagePlugin.MAX_TEXT_CHUNK`` is raised for the whole process. Some image editors store
    editing histories that exceed this size. Exif data and up to 1 MiB of XMP are kept, because they
    may contain the orientation.

    Parameters
    ----------
    stream : binary file
        The PNG file, positioned at its start.

    Returns
    -------
    binary file
        The PNG without the removed chunks, positioned at its start. If there is nothing to remove,
        `stream` itself is returned.

    References
    ----------
    PNG Specification, Third Edition (W3C, 2025), sections 5.3 and 11.3.
    """
    kept: io.BytesIO | None = None
    position = 0
    # The data between removed chunks are copied immediately, because a list of millions of chunks
    # would need much more memory than the file.
    for start, end in _find_metadata(stream):
        if kept is None:
            kept = io.BytesIO()
        kept.write(_read_at(stream, position, start - position))
        position = end
    if kept is None:
        stream.seek(0)
        return stream
    stream.seek(position)
    kept.write(stream.read())
    kept.seek(0)
    return kept


def _find_metadata(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield the start and end byte offsets of each chunk to remove."""
    start = _SIGNATURE_BYTES
    while len(head := _read_at(stream, start, 8)) == 8:
        length, kind = struct.unpack(">L4s", head)
        end = start + _CHUNK_OVERHEAD + length
        if kind in _METADATA and not _may_contain_orientation(length, stream):
            yield start, end
        start = end


def _may_contain_orientation(length: int, stream: BinaryIO) -> bool:
    """Return whether the chunk data at the stream's position may contain the orientation."""
    keyword = stream.read(len(_EXIF_KEYWORD))
    if keyword == _EXIF_KEYWORD:
        return True
    return keyword.startswith(_XMP_KEYWORD) and length <= PngImagePlugin.MAX_TEXT_CHUNK


def _read_at(stream: BinaryIO, position: int, size: int) -> bytes:
    stream.seek(position)
    return stream.read(size)
