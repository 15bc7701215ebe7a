"""Decode 16-bit PNG images, and separate the metadata of a PNG from its pixels."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import imagecodecs
from numpy.typing import NDArray
from PIL import PngImagePlugin

from deepsky.errors import LimitExceededError
from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.limits import Limits
from deepsky.imaging.raster.png_bands import read_bands
from deepsky.imaging.shrink import BAND_BYTES, choose_factor, render_bytes, shrink

__all__ = ["has_sixteen_bits", "read_sixteen_bits", "split_colour"]

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SIZE_OFFSET: Final = 16
_DEPTH_OFFSET: Final = 24
_HEAD_BYTES: Final = 8  # size of a chunk's length and type
_CRC_BYTES: Final = 4
_PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_TRANSPARENCY: Final = b"tRNS"
_ANIMATION: Final = {b"acTL": 8, b"fcTL": 26}  # number of frames; length of the data in bytes
_COLOUR: Final = frozenset({b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"})
_ORIENTATION: Final = frozenset({b"eXIf", b"iTXt", b"zTXt", b"tEXt"})
_EXIF_KEYWORD: Final = b"Raw profile type exif\0"
_XMP_KEYWORD: Final = b"XML:com.adobe.xmp\0\0"  # the second zero byte means uncompressed
_MAX_METADATA: Final = 4 << 20

_MAX_CHUNKS: Final = 100_000
_BYTES_PER_CHUNK: Final = 512
"""A file may have `_MAX_CHUNKS`, and one more for each `_BYTES_PER_CHUNK`.

Common encoders write chunks of 8,192 bytes or more. Python and Pillow need some microseconds each.
"""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The type and the byte offsets of a chunk: of its start, its data and its checksum."""

    kind: bytes
    start: int
    data: int
    checksum: int

    @property
    def length(self) -> int:
        return self.checksum - self.data

    @property
    def end(self) -> int:
        return self.checksum + _CRC_BYTES


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
    depth = _read_at(stream, _DEPTH_OFFSET, 1)
    stream.seek(position)
    return depth == b"\x10"


def read_sixteen_bits(stream: BinaryIO, limits: Limits) -> NDArray[Any]:
    """Decode a 16-bit PNG at its full bit depth, and at a reduced size if it is too large.

    Pillow would reduce 16-bit RGB to 8 bits per channel. Checksums of pixel data are not verified:
    the compressed stream contains a checksum of its own.

    Parameters
    ----------
    stream : binary file
        The complete PNG file.
    limits : Limits
        Its ``max_memory`` determines the size of the result.

    Returns
    -------
    ndarray of uint16, shape (height, width) or (height, width, 1 or 3)
        Grey or RGB; transparent areas are black.

    Raises
    ------
    RuntimeError
        If libpng detects damage.
    """
    factor = _choose_factor(stream, limits)
    if factor > 1:
        width = int.from_bytes(_read_at(stream, _SIZE_OFFSET, 4))
        data = shrink(read_bands(stream, max(1, BAND_BYTES // (8 * width))), factor)
        return _without_alpha(data)
    # Only intact chunks are passed on, because libpng prints a message if a chunk is damaged.
    parts = [
        _chunk(chunk.kind, _data(chunk, stream))
        for chunk in _chunks(stream)
        if _is_shown(chunk, stream)
    ]
    data = imagecodecs.png_decode(b"".join([_SIGNATURE, *parts, _chunk(b"IEND", b"")]))
    return _without_alpha(data)


def _choose_factor(stream: BinaryIO, limits: Limits) -> int:
    """Return the factor by which a 16-bit PNG is scaled down; 1 if it is decoded as a whole."""
    size = _read_at(stream, _SIZE_OFFSET, 13)
    width, height, _, colour, *_, interlacing = struct.unpack(">LLBBBBB", size)
    channels = {0: 1, 2: 3, 4: 2}.get(colour, 4)
    # The file is copied twice, and blending needs a second copy of the values.
    file_bytes = 2 * stream.seek(0, io.SEEK_END)
    needed = 2 * channels + max(2 * channels, render_bytes(channels, 0))
    if interlacing:
        limits.check_memory(file_bytes + width * height * needed)
        return 1
    return choose_factor(width, height, needed + file_bytes // (width * height) + 1, limits)


def _without_alpha(data: NDArray[Any]) -> NDArray[Any]:
    has_alpha = data.ndim == 3 and data.shape[2] % 2 == 0
    return blend_on_black(data[..., :-1], data[..., -1:]) if has_alpha else data


def split_colour(stream: BinaryIO) -> tuple[BinaryIO, dict[bytes, bytes]]:
    """Separate the chunks that describe the colour space from the pixels of a PNG.

    All other metadata are removed, except Exif data and XMP, which may contain the orientation.
    Pillow rejects a PNG if its metadata are damaged, or if a profile or text has more than 1 MiB,
    unless ``PngImagePlugin.MAX_TEXT_CHUNK`` is raised for the whole process. The frames of an
    animation are removed, too; the image for programs that do not support animations is left.

    Parameters
    ----------
    stream : binary file
        The PNG file.

    Returns
    -------
    pixels : binary file
        The PNG without the removed chunks, positioned at its start. If there is nothing to remove,
        it is `stream` itself.
    colour : dict
        Data of the chunks ``cICP``, ``iCCP``, ``sRGB``, ``gAMA`` and ``cHRM``, by chunk type.

    Raises
    ------
    LimitExceededError
        If the file has too many chunks.

    References
    ----------
    PNG Specification, Third Edition (W3C, 2025), sections 5.3 and 11.3.
    """
    colour: dict[bytes, bytes] = {}
    kept: io.BytesIO | None = None
    position = 0
    end = len(_SIGNATURE)
    # The data between removed chunks are copied immediately, because a list of millions of chunks
    # would need much more memory than the file.
    for chunk in _chunks(stream):
        end = chunk.end
        if chunk.kind in _PIXELS or _is_useful(chunk, stream):
            continue
        if chunk.kind in _COLOUR and chunk.kind not in colour and _is_intact(chunk, stream):
            colour[chunk.kind] = _data(chunk, stream)
        kept = kept or io.BytesIO()
        kept.write(_read_at(stream, position, chunk.start - position))
        position = end
    if kept is None:
        stream.seek(0)
        return stream, colour
    kept.write(_read_at(stream, position, -1))
    kept.seek(0)
    return kept, colour


def _chunks(stream: BinaryIO) -> Iterator[_Chunk]:
    start = len(_SIGNATURE)
    left = _MAX_CHUNKS + stream.seek(0, io.SEEK_END) // _BYTES_PER_CHUNK
    while len(head := _read_at(stream, start, _HEAD_BYTES)) == _HEAD_BYTES:
        left -= 1
        if left < 0:
            msg = "The PNG file has too many chunks; save the image again."
            raise LimitExceededError(msg)
        length, kind = struct.unpack(">L4s", head)
        data = start + _HEAD_BYTES
        chunk = _Chunk(kind, start, data, data + length)
        yield chunk
        start = chunk.end


def _is_useful(chunk: _Chunk, stream: BinaryIO) -> bool:
    """Return whether a chunk is intact and states transparency, frames or the orientation."""
    if chunk.kind in _ANIMATION:
        return chunk.length == _ANIMATION[chunk.kind] and _is_intact(chunk, stream)
    if chunk.kind in _ORIENTATION:
        return _has_orientation(chunk, stream) and _is_intact(chunk, stream)
    return chunk.kind == _TRANSPARENCY and _is_intact(chunk, stream)


def _has_orientation(chunk: _Chunk, stream: BinaryIO) -> bool:
    keyword = _read_at(stream, chunk.data, len(_EXIF_KEYWORD))
    if keyword.startswith(_XMP_KEYWORD):
        return chunk.length <= PngImagePlugin.MAX_TEXT_CHUNK
    return chunk.kind == b"eXIf" or keyword == _EXIF_KEYWORD


def _is_shown(chunk: _Chunk, stream: BinaryIO) -> bool:
    """Return whether a chunk is needed to decode the pixels."""
    if chunk.kind == _TRANSPARENCY:
        return _is_intact(chunk, stream)
    return chunk.kind in _PIXELS and chunk.kind != b"IEND"


def _is_intact(chunk: _Chunk, stream: BinaryIO) -> bool:
    """Return whether a chunk is complete, of moderate size, and matches its checksum."""
    if chunk.length > _MAX_METADATA:
        return False
    found = _read_at(stream, chunk.checksum, _CRC_BYTES)
    return found == zlib.crc32(chunk.kind + _data(chunk, stream)).to_bytes(_CRC_BYTES, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">L4s", len(data), kind) + data + struct.pack(">L", checksum)


def _data(chunk: _Chunk, stream: BinaryIO) -> bytes:
    return _read_at(stream, chunk.data, chunk.length)


def _read_at(stream: BinaryIO, position: int, size: int) -> bytes:
    stream.seek(position)
    return stream.read(size)
