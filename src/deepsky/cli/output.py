"""Output of a command: a file or standard output."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from deepsky.atomic_file import atomic_write
from deepsky.cli.failure import USAGE, stop

__all__ = ["open_output"]


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open standard output, or a file that appears only when it is complete.

    Parameters
    ----------
    path : Path or None
        An existing file is kept until the new one is complete. None is standard output.

    Yields
    ------
    binary file
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
                f"Cannot write to {path.parent}: {error.strerror}. Choose another --output.", USAGE
            )
        yield file
