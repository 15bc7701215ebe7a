"""Records as tables and as text, a module a format.

A writer takes the records, a binary file that is open, and where the records come from. It writes
UTF-8, each record as it comes (Parquet and the table for people: some thousands at once), so that
memory does not grow with them, and the same bytes for the same records.
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
"""Writes records to a binary file that is open already."""


class Format(StrEnum):
    """How records are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    ECSV = "ecsv"
    VOTABLE = "votable"


BINARY: Final = frozenset({Format.PARQUET})
"""Formats that are no text."""


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
    """Tell the format that a file's suffix stands for; None where it stands for none."""
    return _SUFFIXES.get(path.suffix.lower())


def get_writer(format: Format) -> Writer:  # noqa: A002
    """Give the writer of a format.

    Raises
    ------
    ModuleNotFoundError
        If the library that it needs is not installed: pyarrow for Parquet.
    """
    module, function = _MODULES[format]
    writer: Writer = getattr(import_module(f"{__name__}.{module}"), function)
    return writer
