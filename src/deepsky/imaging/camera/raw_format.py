"""Recognize camera raw files that are based on TIFF, and find their previews."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Final

__all__ = ["ORIENTATION", "Directory", "detect_camera_raw", "read_directories"]

_MAX_DIRECTORIES: Final = 64
_MAX_ENTRIES: Final = 4_096
_MAX_VALUES: Final = 4_096
"""Maximum number of values of a tag; later values are ignored."""

_TYPES: Final = {1: "B", 2: "B", 3: "H", 4: "L", 7: "B", 13: "L"}
"""Codes of `struct` for the types of TIFF that the tags below can have."""

COMPRESSION: Final = 259
PHOTOMETRIC: Final = 262
MAKE: Final = 271
ORIENTATION: Final = 274
STRIP_OFFSETS: Final = 273
STRIP_LENGTHS: Final = 279
TILE_OFFSETS: Final = 324
TILE_LENGTHS: Final = 325
SUB_DIRECTORIES: Final = 330
JPEG_OFFSET: Final = 513
JPEG_LENGTH: Final = 514
DNG_VERSION: Final = 50706
_WANTED: Final = frozenset(
    {
        *(COMPRESSION, PHOTOMETRIC, MAKE, ORIENTATION, SUB_DIRECTORIES, DNG_VERSION),
        *(STRIP_OFFSETS, STRIP_LENGTHS, TILE_OFFSETS, TILE_LENGTHS, JPEG_OFFSET, JPEG_LENGTH),
    }
)

_SENSOR_DATA: Final = frozenset({32803, 34892})  # colour filter array, linear raw
_SENSOR_COMPRESSIONS: Final = frozenset(
    {32767, 32769, 32770, 32772, 34713, 34892, 65000, 65535}  # Sony, Samsung, Nikon, Kodak, Pentax
)

_BRANDS: Final = {
    "CANON": "CR2",
    "NIKON": "NEF",
    "SONY": "ARW",
    "PENTAX": "PEF",
    "RICOH": "PEF",
    "ASAHI": "PEF",
    "SAMSUNG": "SRW",
    "HASSELBLAD": "3FR",
    "PHASE ONE": "IIQ",
}
"""Format by the start of the camera's make."""


@dataclass(slots=True)
class Directory:
    """An image file directory (IFD) of a TIFF file.

    Attributes
    ----------
    values : dict of int to tuple of int
        Values of the tags that matter for camera raw files.
    """

    values: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_raw(self) -> bool:
        """Whether the directory describes sensor data."""
        return (
            self.first(PHOTOMETRIC) in _SENSOR_DATA
            or self.first(COMPRESSION) in _SENSOR_COMPRESSIONS
        )

    @property
    def make(self) -> str:
        """Make of the camera, in upper case."""
        return bytes(value & 0xFF for value in self.values.get(MAKE, ())).decode("latin-1").upper()

    def first(self, tag: int) -> int | None:
        """Return the first value of a tag, or None if the directory does not contain the tag.

        Parameters
        ----------
        tag : int
            Number of the tag.

        Returns
        -------
        int or None
        """
        return next(iter(self.values.get(tag, ())), None)

    def segments(self) -> Iterator[tuple[int, int]]:
        """Yield the offset and length in bytes of each strip, tile or JPEG preview.

        Yields
        ------
        (int, int)
        """
        pairs = (STRIP_OFFSETS, STRIP_LENGTHS), (TILE_OFFSETS, TILE_LENGTHS)
        for offsets, lengths in (*pairs, (JPEG_OFFSET, JPEG_LENGTH)):
            yield from zip(self.values.get(offsets, ()), self.values.get(lengths, ()), strict=False)


def detect_camera_raw(stream: BinaryIO) -> str | None:
    """Return the camera raw format of a TIFF file.

    Parameters
    ----------
    stream : binary file
        A TIFF file. The position is set to the start of the file afterwards.

    Returns
    -------
    str or None
        The name of a format in `deepsky.imaging.formats.FORMATS`, or None if the file is an
        ordinary TIFF.

    References
    ----------
    Adobe, *Digital Negative (DNG) Specification* 1.7; TIFF/EP (ISO 12234-2), which defines the
    photometric interpretation 32803 of sensor data.
    """
    directories = read_directories(stream)
    if not directories:
        return None
    has_sensor_data = any(item.is_raw for item in directories)
    if has_sensor_data and DNG_VERSION in directories[0].values:
        return "DNG"
    make = directories[0].make
    has_pixels = any(tag in directories[0].values for tag in (STRIP_OFFSETS, TILE_OFFSETS))
    only_preview = JPEG_OFFSET in directories[0].values and not has_pixels
    if make.strip("\0 ") and (only_preview or has_sensor_data):
        return next((name for start, name in _BRANDS.items() if make.startswith(start)), "RAW")
    return None


def read_directories(stream: BinaryIO) -> list[Directory]:
    """Read the directories of a TIFF file, including subdirectories, as far as they are intact.

    Parameters
    ----------
    stream : binary file
        A TIFF file, or a file with the same structure, such as ORF and RW2. BigTIFF is not
        supported. The position is set to the start of the file afterwards.

    Returns
    -------
    list of Directory
        The directories in the file's order, at most 64.
    """
    stream.seek(0)
    head = stream.read(8)
    found = []
    if len(head) == 8 and head[:2] in (b"II", b"MM") and head[2:4] not in (b"+\0", b"\0+"):
        order = "<" if head[:2] == b"II" else ">"
        (start,) = struct.unpack(order + "L", head[4:])
        found = list(islice(_walk(stream, order, start), _MAX_DIRECTORIES))
    stream.seek(0)
    return found


def _walk(stream: BinaryIO, order: str, start: int) -> Iterator[Directory]:
    waiting, seen = [start], {0}
    while waiting:
        offset = waiting.pop(0)
        if offset in seen:
            continue
        seen.add(offset)
        with suppress(struct.error, OSError, OverflowError):  # the file is truncated
            directory, following = _read(stream, order, offset)
            waiting += [*directory.values.get(SUB_DIRECTORIES, ())[:16], following]
            yield directory


def _read(stream: BinaryIO, order: str, offset: int) -> tuple[Directory, int]:
    """Return the directory at an offset, and the offset of the next directory."""
    stream.seek(offset)
    (count,) = struct.unpack(order + "H", stream.read(2))
    entries = stream.read(12 * min(count, _MAX_ENTRIES))
    (following,) = struct.unpack(order + "L", stream.read(4).ljust(4, b"\0"))
    directory = Directory()
    for tag, kind, length, place in struct.iter_unpack(
        order + "HHL4s", entries[: len(entries) // 12 * 12]
    ):
        if tag in _WANTED and kind in _TYPES:
            with suppress(struct.error):
                directory.values[tag] = _values(stream, order, _TYPES[kind], length, place)
    return directory, following


def _values(stream: BinaryIO, order: str, code: str, count: int, place: bytes) -> tuple[int, ...]:
    """Return the values of a tag, which are stored in `place` or at the offset that it contains."""
    pattern = f"{order}{min(count, _MAX_VALUES)}{code}"
    size = struct.calcsize(f"{order}{code}") * count
    if size > 4:
        (offset,) = struct.unpack(order + "L", place)
        stream.seek(offset)
        return struct.unpack(pattern, stream.read(struct.calcsize(pattern)))
    return struct.unpack_from(pattern, place)
