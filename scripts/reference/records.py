"""The columns of the output tables, as the code describes them."""

from deepsky.batch.columns import Column, table_columns
from scripts.reference.markdown import table

__all__ = ["columns"]


def columns() -> str:
    """Return a table of the columns of CSV, Parquet, ECSV and VOTable files."""
    return table(
        ["column", "type", "unit", "content"],
        (
            [f"`{column.name}`", column.kind.__name__, column.unit or "", _content(column)]
            for column in table_columns()
        ),
    )


def _content(column: Column) -> str:
    return column.description + (f" (UCD `{column.ucd}`)" if column.ucd else "")
