"""Divide a TIFF page into excerpts, each a small TIFF file with some of the page's rows.

Decoding an excerpt needs memory only for its own rows. Strips and tiles are copied without
decompressing them, so that excerpts can be made of files with any compression.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import BinaryIO, Final

from deepsky.errors import CorruptImageError

__all__ = ["TiffExcerpts"]

_IMAGE_WIDTH: Final = 256
_IMAGE_LENGTH: Final = 257
_BITS_PER_SAMPLE: Final = 258
_COMPRESSION: Final = 259
_PHOTOMETRIC: Final = 262
_STRIP_OFFSETS: Final = 273
_SAMPLES_PER_PIXEL: Final = 277
_ROWS_PER_STRIP: Final = 278
_STRIP_BYTE_COUNTS: Final = 279
_PLANAR_CONFIGURATION: Final = 284
_TILE_WIDTH: Final = 322
_TILE_LENGTH: Final = 323
_TILE_OFFSETS: Final = 324
_TILE_BYTE_COUNTS: Final = 325
_COPIED: Final = frozenset(
    {
        *(254, 256, 258, 259, 262, 266, 274, 277, 284, 292, 293, 317, 320, 322, 323),
        *(332, 338, 339, 347, 529, 530, 531, 532, 50674),
    }
)
"""Tags that determine how strips and tiles are decoded."""

_TYPE_BYTES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_TYPE_BYTES_BIG: Final = _TYPE_BYTES | {13: 4, 16: 8, 17: 8, 18: 8}
_INTEGERS: Final = {1: "B", 3: "H", 4: "L", 16: "Q"}
_LONG: Final = 4
_LONG8: Final = 16
_YCBCR: Final = 6
_UNCOMPRESSED: Final = 1
_MAX_VALUES: Final = 2**26
"""Maximum size of the values of a tag, in bytes."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a directory: type, number of values, and the values as stored in the file."""

    kind: int
    count: int
    data: bytes


class TiffExcerpts:
    """Rows of a TIFF page as separate files.

    Parameters
    ----------
    stream : binary file
        The complete file.
    offset : int, optional
        Byte offset of the directory of the page; by default, the first page.

    Attributes
    ----------
    rows : int
        Number of rows of the smallest excerpt: of one strip, of one row of tiles, or one row if
        the pixels are not compressed.

    References
    ----------
    TIFF 6.0 (Adobe, 1992), sections 2, 3 and 15; BigTIFF:
    https://www.awaresystems.be/imaging/tiff/bigtiff.html.
    """

    def __init__(self, stream: BinaryIO, offset: int | None = None) -> None:
        self._stream = stream
        stream.seek(0)
        head = stream.read(16)
        self._order = "<" if head.startswith(b"II") else ">"
        self._is_big = b"+" in head[2:4]
        kind, place = ("Q", 8) if self._is_big else ("L", 4)
        (first,) = struct.unpack_from(self._order + kind, head, place)
        self._entries = dict(self._read_directory(first if offset is None else offset))
        self._width, self._height = self._value(_IMAGE_WIDTH), self._value(_IMAGE_LENGTH)
        samples = self._value(_SAMPLES_PER_PIXEL, 1)
        self._has_planes = self._value(_PLANAR_CONFIGURATION, 1) == 2 and samples > 1
        self._planes = samples if self._has_planes else 1
        self._is_tiled = _TILE_OFFSETS in self._entries
        if self._is_tiled:
            self.rows = max(1, self._value(_TILE_LENGTH))
            self._across = ceil(self._width / max(1, self._value(_TILE_WIDTH)))
            self._offsets = self._values(_TILE_OFFSETS)
            self._lengths = self._values(_TILE_BYTE_COUNTS)
        else:
            self.rows = max(1, min(self._height, self._value(_ROWS_PER_STRIP, self._height)))
            self._across = 1
            self._offsets = self._values(_STRIP_OFFSETS)
            self._lengths = self._values(_STRIP_BYTE_COUNTS)
            self._divide_uncompressed_strips(samples)
        if min(len(self._offsets), len(self._lengths)) < self._down * self._across * self._planes:
            msg = "The TIFF file lacks strips or tiles; copy or download it again."
            raise CorruptImageError(msg)

    @property
    def _down(self) -> int:
        """Number of strips or of rows of tiles, in one plane."""
        return ceil(self._height / self.rows)

    def read(self, rows: int) -> Iterator[tuple[int, bytes]]:
        """Yield the rows of the page from top to bottom.

        Parameters
        ----------
        rows : int
            Approximate number of rows per excerpt.

        Yields
        ------
        height : int
            Number of rows of the excerpt.
        content : bytes
            The excerpt, a TIFF file with one page.
        """
        step = max(1, rows // self.rows)
        for first in range(0, self._down, step):
            last = min(self._down, first + step)
            height = min(self._height, last * self.rows) - first * self.rows
            yield height, self._make(first, last, height)

    def _divide_uncompressed_strips(self, samples: int) -> None:
        """Treat each row of an uncompressed page as a strip, because strips can be very large."""
        if self._value(_COMPRESSION, 1) != _UNCOMPRESSED or self._value(_PHOTOMETRIC, 1) == _YCBCR:
            return
        in_row = self._width * (1 if self._has_planes else samples)
        row = (in_row * self._value(_BITS_PER_SAMPLE, 1) + 7) // 8
        strips = self._down
        if len(self._offsets) < strips * self._planes:
            return
        rows = [min(self.rows, self._height - strip * self.rows) for strip in range(strips)]
        self._offsets = [
            self._offsets[plane * strips + strip] + line * row
            for plane in range(self._planes)
            for strip in range(strips)
            for line in range(rows[strip])
        ]
        self._lengths = [row] * len(self._offsets)
        self.rows = 1

    def _make(self, first: int, last: int, height: int) -> bytes:
        """Return an excerpt with the strips, or rows of tiles, from `first` to before `last`."""
        places = [
            plane * self._down * self._across + place
            for plane in range(self._planes)
            for place in range(first * self._across, last * self._across)
        ]
        segments = [self._read_segment(place) for place in places]
        entries = {tag: entry for tag, entry in self._entries.items() if tag in _COPIED}
        entries[_IMAGE_LENGTH] = self._entry([height])
        if not self._is_tiled:
            entries[_ROWS_PER_STRIP] = self._entry([self.rows])
        lengths = list(map(len, segments))
        body = 16 if self._is_big else 8
        offsets = list(accumulate(lengths, initial=body))[:-1]
        tags = (
            (_TILE_OFFSETS, _TILE_BYTE_COUNTS)
            if self._is_tiled
            else (_STRIP_OFFSETS, _STRIP_BYTE_COUNTS)
        )
        entries.update(zip(tags, (self._entry(offsets), self._entry(lengths)), strict=True))
        return self._assemble(b"".join(segments), entries)

    def _read_segment(self, place: int) -> bytes:
        self._stream.seek(self._offsets[place])
        segment = self._stream.read(self._lengths[place])
        if len(segment) < self._lengths[place]:
            msg = "The TIFF file is shorter than its header specifies; copy or download it again."
            raise CorruptImageError(msg)
        return segment

    def _assemble(self, body: bytes, entries: dict[int, _Entry]) -> bytes:
        order, word = self._order, 8 if self._is_big else 4
        letter = "Q" if self._is_big else "L"
        mark = (b"II" if order == "<" else b"MM") + struct.pack(
            order + "H", 43 if self._is_big else 42
        )
        start = (16 if self._is_big else 8) + len(body)
        padding = bytes(start % 2)
        start += len(padding)
        count = struct.pack(order + ("Q" if self._is_big else "H"), len(entries))
        values_start = start + len(count) + len(entries) * (12 if word == 4 else 20) + word
        table, values = [], b""
        for tag, entry in sorted(entries.items()):
            data = entry.data
            if len(data) > word:
                data = struct.pack(order + letter, values_start + len(values))
                values += entry.data + bytes(len(entry.data) % 2)
            table.append(
                struct.pack(order + "HH" + letter, tag, entry.kind, entry.count)
                + data.ljust(word, b"\0")
            )
        head = mark + (struct.pack(order + "HH", 8, 0) if self._is_big else b"")
        head += struct.pack(order + letter, start)
        return b"".join([head, body, padding, count, *table, bytes(word), values])

    def _entry(self, values: list[int]) -> _Entry:
        kind = _LONG8 if self._is_big else _LONG
        data = struct.pack(f"{self._order}{len(values)}{_INTEGERS[kind]}", *values)
        return _Entry(kind, len(values), data)

    def _read_directory(self, offset: int) -> Iterator[tuple[int, _Entry]]:
        letter, word = ("Q", 8) if self._is_big else ("L", 4)
        sizes = _TYPE_BYTES_BIG if self._is_big else _TYPE_BYTES
        self._stream.seek(offset)
        count_kind, entry_bytes = ("Q", 20) if self._is_big else ("H", 12)
        head = self._stream.read(struct.calcsize(count_kind))
        (count,) = struct.unpack(self._order + count_kind, head)
        table = self._stream.read(min(count, 65_535) * entry_bytes)
        for tag, kind, number, value in struct.iter_unpack(
            f"{self._order}HH{letter}{word}s", table
        ):
            size = sizes.get(kind, 0) * number
            if size > _MAX_VALUES:
                msg = f"Tag {tag} in the TIFF file is too long; copy or download the file again."
                raise CorruptImageError(msg)
            data = value[:size]
            if size > word:
                (place,) = struct.unpack(self._order + letter, value)
                self._stream.seek(place)
                data = self._stream.read(size)
            yield tag, _Entry(kind, number, data)

    def _values(self, tag: int) -> list[int]:
        entry = self._entries[tag]
        return list(struct.unpack(f"{self._order}{entry.count}{_INTEGERS[entry.kind]}", entry.data))

    def _value(self, tag: int, default: int | None = None) -> int:
        if tag not in self._entries and default is not None:
            return default
        return self._values(tag)[0]
