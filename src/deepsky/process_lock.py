"""Lock that at most one process holds, and that is released when the process ends."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["ProcessLock"]

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class ProcessLock:
    """Exclusive lock on a file.

    Parameters
    ----------
    path : Path
        File to lock. It is created if necessary, and is not removed when the lock is released.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def acquire(self) -> bool:
        """Acquire the lock without waiting.

        Returns
        -------
        bool
            Whether this object holds the lock.
        """
        if self._handle is None:
            try:
                handle = os.open(self._path, _FLAGS, 0o600)
            except OSError:
                return False
            try:
                _lock(handle)
            except OSError:
                os.close(handle)
            else:
                self._handle = handle
        return self.is_held

    def release(self) -> None:
        """Release the lock, if it is held."""
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
