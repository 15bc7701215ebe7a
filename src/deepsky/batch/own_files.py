"""Write output files that contain a mark, and replace only files with the same mark."""

import hashlib
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Literal

from deepsky.atomic_file import FileChangedError, FileState, atomic_write
from deepsky.batch.output_paths import alternatives
from deepsky.batch.sources import Source
from deepsky.errors import OutputError

__all__ = ["make_mark", "write_own"]

_HEAD: Final = 1_000_000
"""Number of bytes at the start of a file in which the mark is searched."""


def make_mark(kind: str, path: Path, source: Source) -> str:
    """Return a text that identifies the output for an image.

    Parameters
    ----------
    kind : str
        What the output is, such as ``"evidence overlay"``.
    path : Path
        Path of the output, relative to the output folder.
    source : Source

    Returns
    -------
    str
        At most 72 characters of ASCII, for a short `kind`.
    """
    identity = f"{path.as_posix()}\n{source.index}".encode("utf-8", "surrogateescape")
    return f"deepsky {kind} {hashlib.sha256(identity).hexdigest()[:40]}"


def write_own(path: Path, source: Source, mark: str, write: Callable[[BinaryIO], object]) -> None:
    """Write an output file; only earlier outputs for the same image are replaced.

    Parameters
    ----------
    path : Path
        Preferred path. If it is taken by another file, a digest is added to the name.
    source : Source
    mark : str
        Text in the first megabyte of the file, as returned by `make_mark`.
    write : callable
        Function that writes the content to a file.

    Raises
    ------
    OutputError
        If all possible paths are taken by other files.
    OSError
        If the file cannot be written.
    """
    for candidate in alternatives(path, source):
        # Another thread or another run may create the file at any time.
        with suppress(FileExistsError, FileChangedError):
            with atomic_write(candidate, expected=_find_earlier(candidate, mark)) as file:
                write(file)
            return
        if _find_earlier(candidate, mark) != "nothing":  # another run has just written it
            return
    msg = f"{path} already exists and is a different file. Choose an empty output folder."
    raise OutputError(msg)


def _find_earlier(path: Path, mark: str) -> FileState | Literal["nothing"]:
    """Return the state of an earlier output for the same image, which may be replaced."""
    with suppress(OSError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            with path.open("rb") as file:
                if mark.encode() in file.read(_HEAD):
                    return FileState.from_status(status)
    return "nothing"
