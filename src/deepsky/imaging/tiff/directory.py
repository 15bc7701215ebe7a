"""Read the image file directories (IFDs) of TIFF and BigTIFF files."""

import io
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Literal

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError

__all__ = ["Directory", "read_chain", "read_directory", "starting_with", "without_tags"]

_TYPES: Final = {
    **dict.fromkeys((1, 2, 7), "u1"),  # BYTE, ASCII, UNDEFINED
    **dict.fromkeys((3,), "u2"),  # SHORT
    **dict.fromkeys((4, 13), "u4"),  # LONG, IFD
    **dict.fromkeys((16, 18), "u8"),  # LONG8, IFD8
    **dict(zip((6, 8, 9, 17), ("i1", "i2", "i4", "i8"), strict=True)),
    **dict(zip((11, 12), ("f4", "f8"), strict=True)),
}
"""NumPy data types by TIFF field type. Rational numbers are not needed."""
_UNUSED_TAG: Final = 65_000


@dataclass(frozen=True, slots=True)
class _Layout:
    """Byte order and widths of the numbers in a directory."""

    order: Literal["<", ">"]
    is_big: bool

    @property
    def count(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.is_big else "H"))

    @property
    def entry(self) -> struct.Struct:
        return struct.Struct(self.order + ("HHQ8s" if self.is_big else "HHL4s"))

    @property
    def pointer(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.is_big else "L"))

    @property
    def first_pointer(self) -> int:
        return 8 if self.is_big else 4


@dataclass(frozen=True, slots=True)
class _Entry:
    """The values of a tag in their binary form, and where the entry is stored in the file."""

    dtype: np.dtype[Any]
    count: int
    field: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Directory:
    """An image file directory (IFD): the tags of a page.

    Attributes
    ----------
    offset, following : int
        Byte offsets of this directory and of the next one; 0 if there is no next directory.
    """

    offset: int
    following: int
    _layout: _Layout
    _entries: Mapping[int, _Entry]
    _stream: BinaryIO

    @property
    def byte_order(self) -> Literal["<", ">"]:
        """Byte order of the file: ``"<"`` or ``">"``."""
        return self._layout.order

    def __contains__(self, tag: object) -> bool:
        return tag in self._entries

    def data(self, tag: int) -> bytes:
        """Return the values of a tag as stored.

        Parameters
        ----------
        tag : int
            Number of the tag.

        Returns
        -------
        bytes
            Empty if the tag is missing, or if its values extend beyond the end of the file.
        """
        entry = self._entries.get(tag)
        if entry is None:
            return b""
        size = entry.count * entry.dtype.itemsize
        if size <= len(entry.field):
            return entry.field[:size]
        (offset,) = self._layout.pointer.unpack(entry.field)
        if offset + size > self._stream.seek(0, 2):
            return b""
        self._stream.seek(offset)
        return self._stream.read(size)

    def numbers(self, tag: int) -> NDArray[Any]:
        """Return the numbers of a tag.

        Parameters
        ----------
        tag : int
            Number of the tag.

        Returns
        -------
        ndarray
            Empty if the tag is missing or contains no numbers.
        """
        entry = self._entries.get(tag)
        return np.frombuffer(self.data(tag), np.uint8 if entry is None else entry.dtype)

    def number(self, tag: int, default: int) -> int:
        """Return the integer of a tag, or the first integer if the tag has one per sample.

        Parameters
        ----------
        tag : int
            Number of the tag.
        default : int
            Result if the tag is missing or contains no integer.

        Returns
        -------
        int
        """
        numbers = self.numbers(tag)
        return int(numbers[0]) if numbers.size and numbers.dtype.kind in "iu" else default


def read_chain(stream: BinaryIO) -> Iterator[Directory]:
    """Yield the directories of the pages of a TIFF, in order.

    Parameters
    ----------
    stream : binary file
        The complete file.

    Yields
    ------
    Directory

    Raises
    ------
    CorruptImageError
        If there is no directory, or the chain of directories is circular. If a later directory is
        damaged, the chain ends there.
    """
    layout = _read_layout(stream)
    stream.seek(layout.first_pointer)
    offset = _unpack(layout.pointer, stream.read(layout.pointer.size))
    seen: set[int] = set()
    while offset:
        if offset in seen:
            msg = "The chain of pages in the TIFF file is circular; save the image again."
            raise CorruptImageError(msg)
        seen.add(offset)
        directory = read_directory(stream, offset)
        if directory is None:
            break
        yield directory
        offset = directory.following
    if len(seen) == 0 or (len(seen) == 1 and offset):
        msg = "The TIFF file does not contain a page; copy or download it again."
        raise CorruptImageError(msg)


def read_directory(stream: BinaryIO, offset: int) -> Directory | None:
    """Read a directory.

    Parameters
    ----------
    stream : binary file
        The complete file.
    offset : int
        Byte offset of the directory.

    Returns
    -------
    Directory or None
        None if the file contains no complete directory at this offset.
    """
    layout = _read_layout(stream)
    stream.seek(offset)
    count = _unpack(layout.count, stream.read(layout.count.size))
    start = offset + layout.count.size
    size = count * layout.entry.size
    if count == 0 or start + size > stream.seek(0, 2):
        return None
    stream.seek(start)
    table = stream.read(size)
    following = _unpack(layout.pointer, stream.read(layout.pointer.size))
    entries: dict[int, _Entry] = {}
    for index, (tag, kind, values, field) in enumerate(layout.entry.iter_unpack(table)):
        if kind in _TYPES:
            dtype = np.dtype(layout.order + _TYPES[kind])
            position = start + index * layout.entry.size
            entries.setdefault(tag, _Entry(dtype, values, field, position))
    return Directory(offset, following, layout, entries, stream)


def starting_with(content: bytes, directory: Directory) -> bytes:
    """Return a TIFF whose first page is the given one.

    Parameters
    ----------
    content : bytes
        The file.
    directory : Directory
        Directory of a page, which can be a page of the chain or a subdirectory.

    Returns
    -------
    bytes
        `content` itself if the page is the first one.
    """
    layout = directory._layout
    pointer = layout.pointer.pack(directory.offset)
    start, end = layout.first_pointer, layout.first_pointer + len(pointer)
    return content if content[start:end] == pointer else content[:start] + pointer + content[end:]


def without_tags(content: bytes, tags: Iterable[int]) -> bytes:
    """Return a TIFF whose first page lacks the given tags.

    Parameters
    ----------
    content : bytes
        The file.
    tags : iterable of int
        Numbers of the tags.

    Returns
    -------
    bytes
        The file, in which the tags are renamed to a tag that has no meaning.
    """
    directory = next(read_chain(io.BytesIO(content)))
    changed = bytearray(content)
    for tag in tags:
        if tag in directory:
            place = directory._entries[tag].position
            struct.pack_into(directory.byte_order + "H", changed, place, _UNUSED_TAG)
    return bytes(changed)


def _read_layout(stream: BinaryIO) -> _Layout:
    stream.seek(0)
    head = stream.read(4)
    return _Layout("<" if head.startswith(b"II") else ">", b"+" in head[2:4])


def _unpack(number: struct.Struct, data: bytes) -> int:
    """Return a number, or 0 if the file ends before it."""
    return int(number.unpack(data)[0]) if len(data) == number.size else 0
