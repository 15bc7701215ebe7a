"""Write records as comma-separated values (RFC 4180)."""

import codecs
import csv
from typing import TYPE_CHECKING, BinaryIO

from deepsky.batch.columns import COLUMNS, Value, flatten, join_lists
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["write"]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters of text that spreadsheets interpret as a formula."""


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write a header line and one line per record.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run; only the minimum confidence is used.
    """
    writer = csv.writer(codecs.getwriter("utf-8")(file, "backslashreplace"))
    writer.writerow(column.name for column in COLUMNS)
    for record in records:
        path, *others = join_lists(flatten(record, provenance.min_confidence))
        writer.writerow([_cell(path, "./"), *(_cell(value, "'") for value in others)])


def _cell(value: Value, prefix: str) -> Value:
    """Format a cell; add a prefix to text that spreadsheets would interpret as a formula."""
    if isinstance(value, bool):
        return str(value).lower()
    is_formula = isinstance(value, str) and value.startswith(FORMULA)
    return f"{prefix}{value}" if is_formula else value
