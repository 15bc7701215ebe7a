"""Output files that appear only when they are complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from deepsky.errors import JobError, OutputError

__all__ = ["open_output", "resolve_output"]


def resolve_output(path: Path) -> Path:
    """Return the file to write: the target, if the path is a symbolic link.

    Raises
    ------
    JobError
        If the path is something other than a regular file, such as a folder or a device.
    """
    try:
        path = path.resolve() if path.is_symlink() else path
        is_other = path.exists() and not path.is_file()
    except OSError as error:
        msg = f"Cannot write {path}: {error.strerror}. Choose another output."
        raise JobError(msg) from error
    if is_other:
        msg = f"{path} is not a regular file; omit --output and redirect standard output instead."
        raise JobError(msg)
    return path


@contextmanager
def open_output(path: Path) -> Iterator[BinaryIO]:
    """Open a hidden file for writing, and rename it to the path when it is complete.

    Parameters
    ----------
    path : Path
        An existing file is kept until the new one is complete.

    Yields
    ------
    binary file

    Raises
    ------
    OutputError
        If no file can be created in the folder.
    """
    # In the same folder, where renaming is atomic; hidden, so that it is not found as an image.
    part = path.with_name(f".{path.name}.part")
    try:
        file = part.open("wb")
    except OSError as error:
        msg = f"Cannot write to {path.parent}: {error.strerror}. Choose another output."
        raise OutputError(msg) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
