"""Write records as tables and text, one module per format.

A writer takes the records, an open binary file and the provenance. It writes each record as it
comes (Parquet and the table for people: in groups of rows), so that memory does not grow with their
number. Equal records give equal bytes. Text is UTF-8.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["BINARY", "Format", "Writer", "format_from_suffix", "get_writer"]

Writer = Callable[["Iterable[Record]", BinaryIO, Provenance], None]
"""Function that writes records to an open binary file."""


class Format(StrEnum):
    """Output format of records."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    ECSV = "ecsv"
    VOTABLE = "votable"


BINARY: Final = frozenset({Format.PARQUET})
"""Formats that are not text."""

_MODULES: Final = {
    Format.TABLE: ("table", "write"),
    Format.JSON: ("json", "write"),
    Format.JSONL: ("json", "write_lines"),
    Format.CSV: ("csv", "write"),
    Format.PARQUET: ("parquet", "write"),
    Format.ECSV: ("ecsv", "write"),
    Format.VOTABLE: ("votable", "write"),
}

_SUFFIXES: Final = {
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".ecsv": Format.ECSV,
    ".vot": Format.VOTABLE,
    ".votable": Format.VOTABLE,
    ".xml": Format.VOTABLE,
}


def format_from_suffix(path: Path) -> Format | None:
    """Return the format of a file name's suffix.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Format or None
        None if the suffix is unknown.

    Examples
    --------
    >>> from pathlib import Path
    >>> print(format_from_suffix(Path("answers.vot")))
    votable
    """
    return _SUFFIXES.get(path.suffix.lower())


def get_writer(format: Format) -> Writer:  # noqa: A002
    """Return the writer of a format.

    Parameters
    ----------
    format : Format

    Returns
    -------
    callable

    Raises
    ------
    ModuleNotFoundError
        If a library that the format needs is not installed: pyarrow for Parquet.
    """
    module, function = _MODULES[format]
    writer: Writer = getattr(import_module(f"{__name__}.{module}"), function)
    return writer
