"""Replace files atomically: readers see either the old or the complete new content."""

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

if sys.platform != "win32":
    import fcntl

__all__ = ["atomic_write", "replace_durably", "sync_folder"]

_CREATE: Final = (
    os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)
_CANNOT_SYNC: Final = {errno.EINVAL, errno.ENOTSUP}
"""Error numbers that mean that the file system cannot flush folders."""


@contextmanager
def atomic_write(
    path: Path, *, mode: int = 0o666, temporary_folder: Path | None = None
) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces `path` if the context exits without an exception.

    The file and its folder are flushed to the disk, so that the new content survives a power
    failure. If the context exits with an exception, `path` is unchanged and the temporary file is
    removed. Except on Windows, temporary files left by killed processes are removed the next time
    `path` is written. Several threads and processes may write the same path concurrently; the last
    one to finish determines the content.

    Parameters
    ----------
    path : Path
        File to create or replace, in an existing folder. If it is a symbolic link, the link is
        replaced, not its target.
    mode : int, optional
        Permissions of a new file, before the umask is applied. An existing file keeps its
        permissions.
    temporary_folder : Path, optional
        Folder for the temporary file, on the same file system as `path`; by default, the folder
        of `path`.

    Yields
    ------
    binary file
        Open for reading and writing; its ``name`` is the path of the temporary file.

    Raises
    ------
    OSError
        If the file cannot be created, written or replaced.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "numbers.txt"
    >>> with atomic_write(path) as file:
    ...     _ = file.write(b"1 2 3")
    >>> path.read_text()
    '1 2 3'
    """
    permissions = _find_permissions(path)
    file = _open_temporary(
        temporary_folder or path.parent, path.name, mode if permissions is None else permissions
    )
    try:
        if permissions is not None:  # the umask may have removed some permissions
            os.chmod(file.fileno() if os.chmod in os.supports_fd else file.name, permissions)  # noqa: PTH101
        yield file
        file.flush()
        os.fsync(file.fileno())
        if os.name == "nt":  # Windows cannot rename an open file
            file.close()
        os.replace(file.name, path)  # noqa: PTH105
    except BaseException:
        _discard(file)
        raise
    finally:
        # The file is closed only after it is renamed or removed, because closing releases the lock.
        file.close()
    sync_folder(path.parent)


def replace_durably(temporary: Path, path: Path) -> None:
    """Move a temporary file to `path`, and flush the file and its folder to the disk.

    Parameters
    ----------
    temporary : Path
        Complete file, on the same file system as `path`.
    path : Path
        File to create or replace.

    Raises
    ------
    OSError
        If the file cannot be flushed or moved.
    """
    # Windows can flush a file only if it is open for writing.
    handle = os.open(temporary, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush the directory entries of a folder to the disk, where this is supported.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    OSError
        If flushing fails.
    """
    if os.name == "nt":  # Windows flushes folders automatically, and cannot open them
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(handle)


def _find_permissions(path: Path) -> int | None:
    """Return the permissions of the file at `path`, or None if it is not a regular file."""
    with suppress(FileNotFoundError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            return stat.S_IMODE(status.st_mode)
    return None


def _open_temporary(folder: Path, name: str, mode: int) -> BinaryIO:
    """Create and lock a temporary file with the first unused number.

    Temporary files are numbered so that those left by killed processes can be found and removed.
    """
    # A digest is used because the file name itself may already have the maximum length.
    digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
    for number in count():
        path = folder / f".{digest}.{number}.part"
        _remove_abandoned(path)
        try:
            file = open(path, "w+b", opener=lambda path, _: os.open(path, _CREATE, mode))  # noqa: SIM115
        except FileExistsError:
            continue
        if _lock(file.fileno(), path):
            return file
        file.close()
    raise AssertionError  # pragma: no cover


if sys.platform == "win32":

    def _discard(file: BinaryIO) -> None:
        """Remove a temporary file."""
        file.close()  # Windows cannot remove an open file
        Path(file.name).unlink(missing_ok=True)

    def _lock(_handle: int, _path: Path) -> bool:
        return True

    def _remove_abandoned(_path: Path) -> None:
        pass

else:

    def _discard(file: BinaryIO) -> None:
        """Remove a temporary file, unless it has already been renamed."""
        path = Path(file.name)
        if _is_same(file.fileno(), path):
            path.unlink()

    def _lock(handle: int, path: Path) -> bool:
        """Lock a temporary file; return False if another process has locked or removed it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # if locks are unsupported, no process removes abandoned files
            return True
        return _is_same(handle, path)

    def _remove_abandoned(path: Path) -> None:
        """Remove a temporary file, unless its writer is still running and thus holds the lock."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # the file is missing, is a link, or belongs to another user
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same(handle, path) and stat.S_ISREG(os.fstat(handle).st_mode):
                path.unlink()
        except OSError:  # the file is in use, or the user has no permission to remove it
            return
        finally:
            os.close(handle)

    def _is_same(handle: int, path: Path) -> bool:
        """Return whether a path still refers to the given open file."""
        try:
            return os.path.samestat(os.fstat(handle), path.lstat())
        except FileNotFoundError:
            return False
