"""Write XMP packets into TIFF and BigTIFF files, as a tag of the first page (ISO 16684-3)."""

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
PACKET_ALIGNMENT: Final = 4096
"""Packets are padded to a multiple of this number of bytes, to leave space for later packets."""

PACKET_END: Final = b"<?xpacket end"


Entry = tuple[int, int, int, int]
"""Tag, type and number of values of a directory entry, and the offset of the values in the file."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Byte order and structure of a TIFF or BigTIFF file.

    Attributes
    ----------
    first : int
        Position in the file at which the offset of the first directory is stored.
    offset, count, entry : Struct
        Binary formats of a file offset, an entry count and an entry of a directory.
    """

    first: int
    offset: struct.Struct
    count: struct.Struct
    entry: struct.Struct

    @classmethod
    def from_header(cls, head: bytes) -> Self:
        """Return the layout that the first 16 bytes of a file describe."""
        order = {b"II": "<", b"MM": ">"}[head[:2]]
        (version,) = struct.unpack_from(f"{order}H", head, 2)
        first, offset, count, entry = {42: (4, "L", "H", "HHLL"), 43: (8, "Q", "Q", "HHQQ")}[
            version
        ]
        return cls(first, *(struct.Struct(f"{order}{kind}") for kind in (offset, count, entry)))

    @property
    def max_bytes(self) -> int:
        """Maximum size of a file in bytes."""
        return int(256**self.offset.size)


def embed(source: BinaryIO, target: BinaryIO, update: Callable[[bytes | None], bytes]) -> None:
    """Copy a TIFF and replace its XMP packet without moving other content.

    If the new packet fits, it overwrites the old packet. Otherwise, the new packet and a new first
    image file directory (IFD) are appended.

    Parameters
    ----------
    source, target : binary file
        File to read, and file to which the copy is written. `target` must also be readable.
    update : callable
        Function that takes the existing packet, or None if there is none, and returns the new one.

    Raises
    ------
    OutputError
        If the copy would exceed the maximum size of a TIFF.
    ValueError, LookupError, struct.error
        If the file is not a valid TIFF.
    """
    shutil.copyfileobj(source, target)
    layout = _Layout.from_header(_read(target, 0, 16))
    entries, following = _directory(target, layout)
    old = next((entry for entry in entries if entry[0] == XMP), None)
    if old is None:
        size, offset, packet = 0, 0, update(None)
    else:
        _, _, size, offset = old
        packet = update(_read(target, offset, size) if size > layout.offset.size else b"")
    if len(packet) <= size:
        _write(target, offset, _pad(packet, size))
        return
    packet = _pad(packet, len(packet) + -len(packet) % PACKET_ALIGNMENT)
    offset = _append(target, packet)
    others = [entry for entry in entries if entry is not old]
    entries = sorted([*others, (XMP, BYTE, len(packet), offset)], key=lambda entry: entry[0])
    written = b"".join(layout.entry.pack(*entry) for entry in entries)
    directory = layout.count.pack(len(entries)) + written + layout.offset.pack(following)
    start = _append(target, directory)
    if target.tell() > layout.max_bytes:
        msg = "The tagged file would be too large for TIFF. Save the image as BigTIFF."
        raise OutputError(msg)
    _write(target, layout.first, layout.offset.pack(start))


def _directory(file: BinaryIO, layout: _Layout) -> tuple[list[Entry], int]:
    """Return the entries of the first directory, and the offset of the next directory."""
    (start,) = layout.offset.unpack(_read(file, layout.first, layout.offset.size))
    (count,) = layout.count.unpack(_read(file, start, layout.count.size))
    content = _read(file, start + layout.count.size, count * layout.entry.size)
    (following,) = layout.offset.unpack(file.read(layout.offset.size))
    return list(layout.entry.iter_unpack(content)), following


def _pad(packet: bytes, size: int) -> bytes:
    """Pad a packet with spaces before its end marker."""
    start, end, rest = packet.rpartition(PACKET_END)
    return start + b" " * (size - len(packet)) + end + rest


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    if offset + size > file.seek(0, io.SEEK_END):  # offsets in damaged files may be invalid
        raise ValueError
    file.seek(offset)
    return file.read(size)


def _write(file: BinaryIO, offset: int, content: bytes) -> None:
    file.seek(offset)
    file.write(content)


def _append(file: BinaryIO, content: bytes) -> int:
    """Append content at the next even offset, and return that offset."""
    end = file.seek(0, io.SEEK_END)
    offset = end + end % 2
    file.write(bytes(offset - end) + content)
    return offset
