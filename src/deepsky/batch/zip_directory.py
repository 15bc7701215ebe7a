"""Correct the names in a ZIP archive while it is read.

`zipfile` refuses the whole archive if a single member has a name that is marked as UTF-8 but is
not, or an invalid Unicode path.
"""

import io
import struct
from typing import IO, Final
from zipfile import ZipFile

from deepsky.batch.archive_names import UNICODE_PATH, UTF8_FLAG

__all__ = ["open_zip"]

_LOCAL_HEADER: Final = b"PK\3\4"
_HEADER: Final = struct.Struct("<4s5H3L2H")
_FLAGS: Final = 2
_NAME_LENGTH: Final = 9
_ENTRY: Final = b"PK\1\2"
_ENTRY_SIZE: Final = 46
_FLAGS_OFFSET: Final = 8
_LENGTHS_OFFSET: Final = 28  # of the name, the extra fields and the comment
_NO_FIELD: Final = 0xFFFF
_NAME_START: Final = 5  # in the field with the Unicode path, after a version and a checksum


def open_zip(file: IO[bytes]) -> ZipFile:
    """Open a ZIP archive, even if names that are marked as UTF-8 are not.

    Such names are read as if they were not marked.

    Parameters
    ----------
    file : binary file

    Returns
    -------
    ZipFile

    Raises
    ------
    zipfile.BadZipFile, ValueError, OSError
        If the archive is damaged.
    """
    corrected = _CorrectedFile(file)
    archive = ZipFile(corrected)
    corrected.reads_directory = False
    return archive


class _CorrectedFile:
    """File of which `ZipFile` reads the central directory and the local headers corrected."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.reads_directory = True
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        if self.reads_directory and data.startswith(_ENTRY):
            return _correct_directory(data)
        if len(data) == size == _HEADER.size and data.startswith(_LOCAL_HEADER):
            return self._correct_header(data)
        return data

    def _correct_header(self, header: bytes) -> bytes:
        fields = list(_HEADER.unpack(header))
        name = self._file.read(fields[_NAME_LENGTH])
        self._file.seek(-len(name), io.SEEK_CUR)
        if not _is_utf8(name):
            fields[_FLAGS] &= ~UTF8_FLAG
        return _HEADER.pack(*fields)


def _correct_directory(directory: bytes) -> bytes:
    data = bytearray(directory)
    start = 0
    while data.startswith(_ENTRY, start) and start + _ENTRY_SIZE <= len(data):
        (flags,) = struct.unpack_from("<H", data, start + _FLAGS_OFFSET)
        lengths = struct.unpack_from("<3H", data, start + _LENGTHS_OFFSET)
        name = start + _ENTRY_SIZE
        extra = name + lengths[0]
        if flags & UTF8_FLAG and not _is_utf8(data[name:extra]):
            struct.pack_into("<H", data, start + _FLAGS_OFFSET, flags & ~UTF8_FLAG)
        _correct_fields(data, extra, min(extra + lengths[1], len(data)))
        start = name + sum(lengths)
    return bytes(data)


def _correct_fields(data: bytearray, start: int, end: int) -> None:
    """Hide extra fields with Unicode paths that are invalid."""
    while start + 4 <= end:
        kind, size = struct.unpack_from("<HH", data, start)
        stop = start + 4 + size
        if kind == UNICODE_PATH and (
            size < _NAME_START or not _is_utf8(data[start + 4 + _NAME_START : stop])
        ):
            struct.pack_into("<H", data, start, _NO_FIELD)
        start = stop


def _is_utf8(name: bytes | bytearray) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
