"""Replace files atomically: readers see either the old or the complete new content."""

import errno
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, Self

if sys.platform != "win32":
    import fcntl

__all__ = [
    "FileChangedError",
    "FileState",
    "atomic_write",
    "remove_abandoned_files",
    "replace_durably",
    "sync_folder",
]

_CREATE: Final = (
    os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)
_TEMPORARY: Final = re.compile(r"\.deepsky-[0-9a-f]{32}\.part")
"""Names of temporary files."""

_CANNOT_SYNC: Final = {errno.EINVAL, errno.ENOTSUP}
"""Error numbers that mean that the file system cannot flush folders."""

_CANNOT_LINK: Final = {
    errno.EPERM,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    errno.EXDEV,
}
"""Error numbers that mean that the file system does not support hard links."""

_ABANDONED_SECONDS: Final = 86_400
"""Age from which a temporary file is abandoned, where files cannot be locked."""

_cleaned: set[str] = set()
"""Folders from which this process has removed abandoned temporary files."""


class FileChangedError(OSError):
    """The file to replace has been changed, replaced or deleted by another program."""


@dataclass(frozen=True, slots=True)
class FileState:
    """Identity of one version of a file. Each change to the file by any program results in another.

    Attributes
    ----------
    device, inode : int
        Identity of the file in the file system; saving by replacing the file changes the inode.
    size : int
        Size in bytes.
    modified, changed : int
        Times of the last change of the content and of the metadata, in nanoseconds since 1970.
    """

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def from_status(cls, status: os.stat_result) -> Self:
        """Create a state from the result of a ``stat`` function.

        Parameters
        ----------
        status : os.stat_result

        Returns
        -------
        FileState
        """
        return cls(
            status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        )


@contextmanager
def atomic_write(
    path: Path,
    *,
    mode: int = 0o666,
    temporary_folder: Path | None = None,
    expected: FileState | Literal["any", "nothing"] = "any",
) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces `path` if the context exits without an exception.

    The file and its folder are flushed to the disk, so that the new content survives a power
    failure. If the context exits with an exception, `path` is unchanged and the temporary file is
    removed. Several threads and processes may write the same path concurrently; the last one to
    finish determines the content. Temporary files have unpredictable names and are created
    exclusively. Those left by killed processes are removed when another process first writes to
    the folder.

    Parameters
    ----------
    path : Path
        File to create or replace, in an existing folder. If it is a symbolic link, the link is
        replaced, not its target.
    mode : int, optional
        Permissions of a new file, before the umask is applied. An existing file keeps its
        permissions and, where the system permits this, its owner and extended attributes.
    temporary_folder : Path, optional
        Folder for the temporary file, on the same file system as `path`; by default, the folder
        of `path`.
    expected : FileState, "any" or "nothing"
        What to replace: a certain version of the file, any file, or nothing (`path` must not
        exist).

    Yields
    ------
    binary file
        Open for reading and writing; its ``name`` is the path of the temporary file.

    Raises
    ------
    FileExistsError
        If `path` exists, but `expected` is "nothing".
    FileChangedError
        If the file at `path` is not the expected version.
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
    with _errors_name(path):
        original = None if expected == "nothing" else _find_original(path)
        file = _open_temporary(
            temporary_folder or path.parent,
            mode if original is None else stat.S_IMODE(original.st_mode),
        )
    try:
        with _errors_name(path, file.name):
            if original is not None:
                _copy_attributes(path, original, file)
            yield file
            file.flush()
            os.fsync(file.fileno())
            if os.name == "nt":  # Windows cannot rename an open file
                file.close()
            _install(Path(file.name), path, expected)
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
    """Flush the directory entries of a folder to the disk, where this is supported and permitted.

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
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # folders can be writable but not readable
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(handle)


def remove_abandoned_files(folder: Path) -> None:
    """Remove the temporary files that killed processes have left in a folder.

    Only files that `atomic_write` created for the same user and that no process is writing are
    removed. Each process examines a folder only once.

    Parameters
    ----------
    folder : Path
    """
    name = os.path.abspath(folder)  # noqa: PTH100 (does not resolve links)
    if name in _cleaned:
        return
    _cleaned.add(name)
    with suppress(OSError), os.scandir(name) as entries:
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name):
                _remove_abandoned(Path(entry.path))


@contextmanager
def _errors_name(path: Path, *temporary: str) -> Iterator[None]:
    """Make errors name the file to write instead of the temporary file."""
    try:
        yield
    except OSError as error:
        if error.filename is not None and (not temporary or str(error.filename) in temporary):
            error.filename, error.filename2 = str(path), None
        raise


def _find_original(path: Path) -> os.stat_result | None:
    """Return the status of the file at `path`, or None if it is not a regular file."""
    with suppress(FileNotFoundError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            return status
    return None


def _open_temporary(folder: Path, mode: int) -> BinaryIO:
    """Create and lock a temporary file."""
    remove_abandoned_files(folder)
    while True:
        path = folder / f".deepsky-{secrets.token_hex(16)}.part"
        file = open(path, "w+b", opener=lambda path, _: os.open(path, _CREATE, mode))  # noqa: SIM115
        if _lock(file.fileno(), path):
            return file
        file.close()


def _copy_attributes(path: Path, original: os.stat_result, file: BinaryIO) -> None:
    """Copy owner, permissions and extended attributes to the temporary file, where permitted."""
    handle = file.fileno()
    if sys.platform != "win32" and (original.st_uid, original.st_gid) != _owner(handle):
        with suppress(OSError):  # usually, only root may do this
            os.fchown(handle, original.st_uid, original.st_gid)
    # Set the permissions after the owner: changing the owner clears some of them.
    mode = stat.S_IMODE(original.st_mode)
    os.chmod(handle if os.chmod in os.supports_fd else file.name, mode)  # noqa: PTH101
    if sys.platform == "linux":
        with suppress(OSError):
            for name in os.listxattr(path, follow_symlinks=False):
                os.setxattr(handle, name, os.getxattr(path, name, follow_symlinks=False))


def _owner(handle: int) -> tuple[int, int]:
    status = os.fstat(handle)
    return status.st_uid, status.st_gid


def _install(temporary: Path, path: Path, expected: FileState | Literal["any", "nothing"]) -> None:
    """Move the temporary file to `path`, if the file there is the expected one."""
    if expected == "nothing":
        _create(temporary, path)
        return
    if isinstance(expected, FileState):
        original = _find_original(path)
        if original is None or FileState.from_status(original) != expected:
            msg = "The file has been changed by another program"
            raise FileChangedError(errno.EBUSY, msg, str(path))
    temporary.replace(path)


def _create(temporary: Path, path: Path) -> None:
    """Move the temporary file to `path`, which must not exist."""
    if os.name == "nt":
        temporary.rename(path)  # on Windows, raises FileExistsError if the path exists
        return
    try:
        os.link(temporary, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        temporary.replace(path)
    else:
        temporary.unlink()


if sys.platform == "win32":

    def _discard(file: BinaryIO) -> None:
        """Remove a temporary file."""
        file.close()  # Windows cannot remove an open file
        Path(file.name).unlink(missing_ok=True)

    def _lock(_handle: int, _path: Path) -> bool:
        return True

    def _remove_abandoned(path: Path) -> None:
        """Remove an old temporary file; Windows refuses to remove a file that is open."""
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()

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
        except OSError:  # if locks are unsupported, only old files are abandoned
            return True
        return _is_same(handle, path)

    def _remove_abandoned(path: Path) -> None:
        """Remove a temporary file, unless its writer is still running and thus holds the lock."""
        with suppress(OSError):  # the file is missing, is in use, or cannot be removed
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                status = os.fstat(handle)
                if (
                    stat.S_ISREG(status.st_mode)
                    and status.st_uid == os.geteuid()
                    and _is_abandoned(handle, status)
                    and _is_same(handle, path)
                ):
                    path.unlink()
            finally:
                os.close(handle)

    def _is_abandoned(handle: int, status: os.stat_result) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # locks are unsupported
            return time.time() - status.st_mtime > _ABANDONED_SECONDS
        return True

    def _is_same(handle: int, path: Path) -> bool:
        """Return whether a path still refers to the given open file."""
        try:
            return os.path.samestat(os.fstat(handle), path.lstat())
        except FileNotFoundError:
            return False
