"""Append records to a file one by one, so that other programs can read them at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from deepsky.batch.job import Job
from deepsky.batch.writers import Format, get_writer

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["Appender", "open_appender"]

CHUNK: Final = 65_536
"""Number of bytes that are searched for the end of a line at a time."""


class Appender:
    """Writes records to a file one by one.

    Parameters
    ----------
    job : Job
        Job whose records are written, in its format.
    file : binary file
        Open file to write to.
    is_empty : bool
        Whether the file is empty, so that a CSV file needs the names of its columns.
    """

    def __init__(self, job: Job, file: BinaryIO, *, is_empty: bool) -> None:
        self._write = get_writer(job.format)
        self._has_header = job.format is Format.CSV
        self._provenance = job.provenance
        self._file = file
        self._is_empty = is_empty

    def append(self, record: "Record") -> None:
        """Write one record.

        Parameters
        ----------
        record : Record
        """
        text = BytesIO()
        self._write([record], text, self._provenance)
        line = text.getvalue()
        if self._has_header and not self._is_empty:
            line = line.partition(b"\n")[2]
        self._is_empty = False
        self._file.write(line)
        self._file.flush()


@contextmanager
def open_appender(job: Job, output: Path | None) -> Iterator[Appender | None]:
    """Open the output of a job to append to it.

    An incomplete line, which a killed process has left at the end of the file, is removed.

    Parameters
    ----------
    job : Job
    output : Path or None
        Path of the output file; None if the job has none.

    Yields
    ------
    Appender or None
        None if the job has neither an output file nor a stream.
    """
    if output is None:
        yield Appender(job, job.stream, is_empty=True) if job.stream else None
        return
    with output.open("r+b" if output.exists() and not job.restart else "w+b") as file:
        size = _complete_bytes(file)
        file.truncate(size)
        file.seek(size)
        yield Appender(job, file, is_empty=size == 0)


def _complete_bytes(file: BinaryIO) -> int:
    """Return the number of bytes up to the end of the last complete line."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - CHUNK)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
