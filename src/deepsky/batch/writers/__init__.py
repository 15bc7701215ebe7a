"""Write records in several output formats, one module per format.

A writer is a function that takes the records, an open binary file and the provenance. Most writers
write each record immediately; the writers for Parquet and for the terminal table write groups of
rows. Memory use therefore does not grow with the number of records. The same records and provenance
always produce the same bytes. Text is encoded in UTF-8.
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
"""Binary formats."""

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
    """Return the output format that the suffix of a file name implies.

    Parameters
    ----------
    path : Path
        Path of the output file.

    Returns
    -------
    Format or None
        The format, or None if the suffix is unknown.

    Examples
    --------
    >>> from pathlib import Path
    >>> print(format_from_suffix(Path("answers.vot")))
    votable
    """
    return _SUFFIXES.get(path.suffix.lower())


def get_writer(format: Format) -> Writer:  # noqa: A002
    """Return the writer for an output format.

    Parameters
    ----------
    format : Format

    Returns
    -------
    callable
        Function that takes the records, an open binary file and the provenance.

    Raises
    ------
    ModuleNotFoundError
        If the format is Parquet and pyarrow is not installed.
    """
    module, function = _MODULES[format]
    writer: Writer = getattr(import_module(f"{__name__}.{module}"), function)
    return writer
