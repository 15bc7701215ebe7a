"""File that reserves disk space, so that data can be deleted when the disk is full."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["Reserve"]

RESERVED: Final = 4 << 20
"""Size of the reserve file in bytes; deleting a classification writes less than 0.1 MB."""

FREE_BEFORE: Final = 8 * RESERVED
"""Free disk space in bytes that is required to create the reserve file."""

CHUNK: Final = 1 << 20


class Reserve:
    """File that reserves disk space until it is released.

    Parameters
    ----------
    path : Path
        Path of the file, in an existing folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self) -> None:
        """Create the file, if it does not exist and enough disk space is free."""
        with suppress(OSError):  # for example, if the disk becomes full
            if self._size() >= RESERVED or shutil.disk_usage(self._path.parent).free < FREE_BEFORE:
                return
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                # Random data, because file systems can store zeros without using disk space.
                for _ in range(RESERVED // CHUNK):
                    os.write(handle, os.urandom(CHUNK))
                os.fsync(handle)
            finally:
                os.close(handle)

    def shrink(self) -> None:
        """Free a small part of the reserved space, enough to open the database."""
        with suppress(OSError):
            os.truncate(self._path, max(0, self._size() - CHUNK))

    def release(self) -> None:
        """Remove the file, if it exists."""
        with suppress(OSError):
            self._path.unlink()

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0
