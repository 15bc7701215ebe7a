"""Folder of exported files, which records the files that belong to it."""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Final, Self

from deepsky.atomic_file import FileState, atomic_write
from deepsky.process_lock import ProcessLock

__all__ = ["ExportFolder", "FolderBusyError", "ForeignFolderError"]

STATE: Final = ".deepsky-export.json"
"""File that lists the exported files with their SHA-256."""

LOCK: Final = ".deepsky-export.lock"
"""File that is locked during an export."""

_KIND: Final = "deepsky export 1"
_NAME: Final = re.compile(r"(?:[a-z]+/)?[0-9a-z]+\.[a-z]+")

_Digests = dict[str, list[str]]
"""SHA-256 of each exported file; two if the export was interrupted while it replaced the file."""


class ForeignFolderError(Exception):
    """The folder contains files, but no export."""


class FolderBusyError(Exception):
    """Another export is writing to the folder."""


class ExportFolder:
    """Folder of exported files. Files that the export did not write are never changed.

    The file ``.deepsky-export.json`` in the folder lists the exported files with their SHA-256. A
    file is replaced or removed only if it is listed and has not been edited since. As a context
    manager, it lets other exports write to the folder on exit.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.

    Raises
    ------
    ForeignFolderError
        If the folder contains files, but no export.
    FolderBusyError
        If another export is writing to the folder.
    OSError
        If the folder cannot be read or created.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if _read_state(folder) is None:
            if folder.exists() and any(path.name != LOCK for path in folder.iterdir()):
                raise ForeignFolderError
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = ProcessLock(folder / LOCK)
        if not self._lock.acquire():
            raise FolderBusyError
        state = _read_state(folder)
        self._earlier = state or {}
        self._written: dict[str, str] = {}
        if state is None:
            self._write_state({})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def write(self, name: str, content: bytes) -> bool:
        """Write a file, unless another file or an edited file is in its place.

        Parameters
        ----------
        name : str
            Path relative to the folder; at most one subfolder, with lower-case letters and digits.
        content : bytes

        Returns
        -------
        bool
            Whether the file now has this content.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        path, digest = self._folder / name, hashlib.sha256(content).hexdigest()
        if self._is_in_link(path):
            return False
        path.parent.mkdir(exist_ok=True)
        if _digest(path) != digest:
            if self._is_foreign(name):
                return False
            earlier = FileState.from_status(path.lstat()) if path.exists() else None
            with atomic_write(path, expected=earlier or "nothing") as file:
                file.write(content)
        self._written[name] = digest
        return True

    def finish(self, name: str, content: bytes) -> list[str] | None:
        """Write the last file, and remove the files of the earlier export that were not replaced.

        Parameters
        ----------
        name : str
            Path of the last file, relative to the folder.
        content : bytes

        Returns
        -------
        list of str or None
            Files of the earlier export that were kept because they have been edited. None if the
            last file could not be written because another file or an edited file is in its place;
            then no file is removed.

        Raises
        ------
        OSError
            If a file cannot be written or removed.
        """
        # If the export is interrupted while it writes the last file, either version is recognized.
        digest = hashlib.sha256(content).hexdigest()
        both = {name: [*self._earlier.get(name, []), digest]}
        self._write_state(self._earlier | {k: [v] for k, v in self._written.items()} | both)
        if not self.write(name, content):
            return None
        kept = []
        for each in sorted(self._earlier.keys() - self._written.keys()):
            path = self._folder / each
            if self._is_in_link(path) or self._is_foreign(each):
                kept.append(each)
            else:
                path.unlink(missing_ok=True)
        self._write_state({name: [digest] for name, digest in self._written.items()})
        return kept

    def _is_foreign(self, name: str) -> bool:
        """Return whether a file exists, but is not as the earlier export wrote it."""
        path = self._folder / name
        return os.path.lexists(path) and _digest(path) not in self._earlier.get(name, [])

    def _is_in_link(self, path: Path) -> bool:
        return path.parent != self._folder and path.parent.is_symlink()

    def _write_state(self, files: _Digests) -> None:
        with atomic_write(self._folder / STATE) as file:
            file.write(json.dumps({"kind": _KIND, "files": files}, indent=1).encode())


def _read_state(folder: Path) -> _Digests | None:
    """Return the SHA-256 of each exported file, or None if the folder contains no export."""
    path = folder / STATE
    if path.exists() and not path.is_file():  # for example, a pipe
        return None
    try:
        state = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return None
    match state:
        case {"kind": kind, "files": dict(files)} if kind == _KIND:
            is_valid = all(_is_entry(name, digests) for name, digests in files.items())
            return files if is_valid else None
    return None


def _is_entry(name: str, digests: object) -> bool:
    return (
        _NAME.fullmatch(name) is not None
        and isinstance(digests, list)
        and all(isinstance(each, str) for each in digests)
    )


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a regular file, or None if there is none."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
