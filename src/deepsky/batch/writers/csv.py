"""Comma-separated values (RFC 4180), for spreadsheets and for programs."""

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
"""A spreadsheet would run a text that begins so."""


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write a line for each record, as soon as it is known, below the names of the columns."""
    writer = csv.writer(codecs.getwriter("utf-8")(file, "backslashreplace"))
    writer.writerow(column.name for column in COLUMNS)
    for record in records:
        path, *others = join_lists(flatten(record, provenance.min_confidence))
        writer.writerow([_cell(path, "./"), *(_cell(value, "'") for value in others)])


def _cell(value: Value, prefix: str) -> Value:
    """Put something before a formula: before a path what leaves it the path of the same file."""
    if isinstance(value, bool):
        return str(value).lower()
    is_formula = isinstance(value, str) and value.startswith(FORMULA)
    return f"{prefix}{value}" if is_formula else value
