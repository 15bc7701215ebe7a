"""Write records as ECSV, comma-separated values with a metadata header (astropy, APE 6)."""

import io
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from astropy.table import Column as TableColumn
from astropy.table import Table

from deepsky.batch.columns import Column, Value, flatten, join_lists, table_columns
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["write"]

TYPES = {str: "U1", float: np.float64, int: np.int32, bool: np.bool_, list: "U1"}


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write a metadata header, formatted by astropy, and one line per record.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run.
    """
    header = io.StringIO()
    columns = [_empty(column) for column in table_columns(provenance.labels)]
    table = Table(columns, meta=provenance.as_dict())
    table.write(header, format="ascii.ecsv", delimiter=",")
    file.write(header.getvalue().encode())
    for record in records:
        row = join_lists(flatten(record, provenance.min_confidence, provenance.labels))
        file.write(f"{','.join(map(_cell, row))}\n".encode())


def _empty(column: Column) -> TableColumn:
    return TableColumn(
        name=column.name,
        dtype=TYPES[column.kind],
        description=column.description,
        unit=column.unit,
    )


def _cell(value: Value) -> str:
    """Format a value as a cell. Missing values and empty strings become empty cells."""
    if isinstance(value, str) and value:
        return '"' + escape_control_characters(value).replace('"', '""') + '"'
    return "" if value is None else str(value)
