"""Output of a command: a file or standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from deepsky.batch import output_file
from deepsky.cli.failure import USAGE, stop
from deepsky.errors import OutputError

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
    try:
        with output_file.open_output(path) as file:
            yield file
    except OutputError as error:
        stop(str(error), USAGE)
