"""Write records as Apache Parquet."""

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from deepsky.batch.columns import Column, Value, flatten, table_columns
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["write"]

ROWS: Final = 10_000
"""Maximum number of rows in a row group. One row group is held in memory."""

TYPES: Final = {
    str: pa.string(),
    float: pa.float64(),
    int: pa.int32(),
    bool: pa.bool_(),
    list: pa.list_(pa.string()),
}


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write one row per record, in row groups.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run.
    """
    columns = [_field(column) for column in table_columns(provenance.labels)]
    schema = pa.schema(columns, metadata=provenance.as_dict())
    rows = (
        list(map(_encodable, flatten(record, provenance.min_confidence, provenance.labels)))
        for record in records
    )
    with ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(rows, ROWS)):
            values = zip(*group, strict=True)
            arrays = [pa.array(v, field.type) for v, field in zip(values, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _field(column: Column) -> pa.Field:
    metadata = {"description": column.description}
    if column.unit is not None:
        metadata["unit"] = column.unit
    return pa.field(column.name, TYPES[column.kind], metadata=metadata)


def _encodable(value: Value) -> Value:
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value
