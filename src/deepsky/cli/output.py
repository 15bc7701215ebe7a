"""Where the results of a command go."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from deepsky.atomic_file import atomic_write
from deepsky.cli.failure import USAGE, stop

__all__ = ["find_output", "open_output"]


def find_output(path: Path) -> Path:
    """Give the file that is to be written: of a link, what it leads to.

    Exit where it is something else than a file, which a file must not replace.
    """
    try:
        path = path.resolve() if path.is_symlink() else path
        is_else = path.exists() and not path.is_file()
    except OSError as error:
        stop(f"cannot write {path}: {error.strerror}. Choose another --output.", USAGE)
    if is_else:
        stop(f"{path} is no file. Leave out --output, and send standard output there.", USAGE)
    return path


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open standard output, or a file that appears only when it is complete.

    Parameters
    ----------
    path : Path or None
        The file; an older one of that name stays as it is until the new one is complete.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(atomic_write(path))
        except OSError as error:
            stop(
                f"cannot write to {path.parent}: {error.strerror}. Choose another --output.", USAGE
            )
        yield file
