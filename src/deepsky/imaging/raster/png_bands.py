"""Decode a PNG in bands of rows, without decompressing the whole image.

Each band becomes a small PNG: the filtered rows are decompressed, and stored without compression
after the last row of the previous band, to which the filters of the first row refer.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import imagecodecs
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError

__all__ = ["read_bands"]

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # samples per pixel by colour type
_PIECE: Final = 1 << 20  # bytes of compressed data read at a time


def read_bands(stream: BinaryIO, rows: int) -> Iterator[NDArray[Any]]:
    """Decode a PNG that is not interlaced, from top to bottom.

    Parameters
    ----------
    stream : binary file
        The complete PNG file.
    rows : int
        Maximum number of rows per band.

    Yields
    ------
    ndarray of uint8 or uint16, shape (rows, width) or (rows, width, samples)

    Raises
    ------
    CorruptImageError
        If rows are missing.
    zlib.error, RuntimeError
        If the data are damaged.

    References
    ----------
    PNG Specification, Third Edition (W3C, 2025), sections 7 and 9.
    """
    stream.seek(len(_SIGNATURE) + 8)
    width, height, bits, colour, *methods = struct.unpack(">LLBBBBB", stream.read(13))
    row_bytes = 1 + (width * _SAMPLES[colour] * bits + 7) // 8
    data = _Decompressed(stream)
    last: NDArray[Any] | None = None
    for top in range(0, height, rows):
        count = min(rows, height - top)
        filtered = data.read(count * row_bytes)
        previous = b"" if last is None else b"\0" + _stored(last)
        lines = count + (last is not None)
        header = struct.pack(">LLBBBBB", width, lines, bits, colour, *methods)
        band = imagecodecs.png_decode(_assemble(header, zlib.compress(previous + filtered, 0)))
        band = band if last is None else band[1:]
        last = band[-1:].copy()
        yield band


def _stored(row: NDArray[Any]) -> bytes:
    return row.astype(row.dtype.newbyteorder(">")).tobytes()


class _Decompressed:
    """The filtered rows of a PNG, decompressed on demand."""

    def __init__(self, stream: BinaryIO) -> None:
        self._pieces = _compressed_pieces(stream)
        self._inflate = zlib.decompressobj()

    def read(self, size: int) -> bytes:
        parts, missing = [], size
        while missing:
            packed = self._inflate.unconsumed_tail or next(self._pieces, b"")
            part = self._inflate.decompress(packed, missing)
            if not packed and not part:
                msg = "The PNG file is truncated; copy or download it again."
                raise CorruptImageError(msg)
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def _compressed_pieces(stream: BinaryIO) -> Iterator[bytes]:
    position = len(_SIGNATURE)
    while True:
        stream.seek(position)
        head = stream.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">L4s", head)
        start = position + 8
        position = start + length + 4
        for place in range(0, length if kind == b"IDAT" else 0, _PIECE):
            stream.seek(start + place)
            yield stream.read(min(_PIECE, length - place))


def _assemble(header: bytes, packed: bytes) -> bytes:
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    parts = [
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return b"".join([_SIGNATURE, *parts])
