"""The XMP packet of a TIFF: a tag of its first page (ISO 16684-3; TIFF 6.0; BigTIFF)."""

import io
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from deepsky.errors import OutputError

__all__ = ["embed"]

XMP: Final = 700
BYTE: Final = 1
ROOM: Final = 4096
"""The bytes for a packet are a multiple of this, so that most changes of it fit in."""

PACKET_END: Final = b"<?xpacket end"


Entry = tuple[int, int, int, int]
"""A tag, its type, its number of values, and where they are."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the numbers of a TIFF are written, by its first bytes.

    Attributes
    ----------
    first : int
        Where the place of the first directory stands.
    place, count, entry : Struct
        A place in the file, the number of a directory's entries, and an entry.
    """

    first: int
    place: struct.Struct
    count: struct.Struct
    entry: struct.Struct

    @classmethod
    def of(cls, head: bytes) -> Self:
        order = {b"II": "<", b"MM": ">"}[head[:2]]
        (version,) = struct.unpack_from(f"{order}H", head, 2)
        first, place, count, entry = {42: (4, "L", "H", "HHLL"), 43: (8, "Q", "Q", "HHQQ")}[version]
        return cls(first, *(struct.Struct(f"{order}{kind}") for kind in (place, count, entry)))

    @property
    def most(self) -> int:
        """How many bytes a file can have."""
        return int(256**self.place.size)


def embed(source: BinaryIO, target: BinaryIO, update: Callable[[bytes | None], bytes]) -> None:
    """Copy a TIFF with another XMP packet; nothing that is in the file moves.

    The packet takes the old one's room, or goes to the end with a new first directory.

    Parameters
    ----------
    source, target : binary file
        ``target`` can be read too.
    update : callable
        Makes the packet of the one that the file has.

    Raises
    ------
    OutputError
        If the file is as large as a TIFF can be.
    ValueError, LookupError, struct.error
        If the file is not built as a TIFF is.
    """
    shutil.copyfileobj(source, target)
    layout = _Layout.of(_read(target, 0, 16))
    entries, following = _directory(target, layout)
    old = next((entry for entry in entries if entry[0] == XMP), None)
    if old is None:
        room, place, packet = 0, 0, update(None)
    else:
        _, _, room, place = old
        packet = update(_read(target, place, room) if room > layout.place.size else b"")
    if len(packet) <= room:
        _write(target, place, _padded(packet, room))
        return
    packet = _padded(packet, len(packet) + -len(packet) % ROOM)
    place = _append(target, packet)
    others = [entry for entry in entries if entry is not old]
    entries = sorted([*others, (XMP, BYTE, len(packet), place)], key=lambda entry: entry[0])
    written = b"".join(layout.entry.pack(*entry) for entry in entries)
    directory = layout.count.pack(len(entries)) + written + layout.place.pack(following)
    start = _append(target, directory)
    if target.tell() > layout.most:
        msg = "It is as large as a TIFF file can be; save it smaller, or as BigTIFF."
        raise OutputError(msg)
    _write(target, layout.first, layout.place.pack(start))


def _directory(file: BinaryIO, layout: _Layout) -> tuple[list[Entry], int]:
    """Read the entries of the first directory, and the place of the next."""
    (start,) = layout.place.unpack(_read(file, layout.first, layout.place.size))
    (count,) = layout.count.unpack(_read(file, start, layout.count.size))
    content = _read(file, start + layout.count.size, count * layout.entry.size)
    (following,) = layout.place.unpack(file.read(layout.place.size))
    return list(layout.entry.iter_unpack(content)), following


def _padded(packet: bytes, size: int) -> bytes:
    """Fill a packet up with spaces, where readers expect them."""
    start, end, rest = packet.rpartition(PACKET_END)
    return start + b" " * (size - len(packet)) + end + rest


def _read(file: BinaryIO, place: int, size: int) -> bytes:
    if place + size > file.seek(0, io.SEEK_END):  # a damaged file may tell any number
        raise ValueError
    file.seek(place)
    return file.read(size)


def _write(file: BinaryIO, place: int, content: bytes) -> None:
    file.seek(place)
    file.write(content)


def _append(file: BinaryIO, content: bytes) -> int:
    """Write at the end of the file, where even places begin, and tell where that is."""
    end = file.seek(0, io.SEEK_END)
    place = end + end % 2
    file.write(bytes(place - end) + content)
    return place
