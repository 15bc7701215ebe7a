"""Write records as a VOTable, the table format of the Virtual Observatory (IVOA VOTable 1.5)."""

import io
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.sax.saxutils import escape as escape_markup

from astropy.io.votable.tree import Field, Info, Resource, TableElement, VOTableFile

from deepsky.batch.columns import Column, Value, flatten, join_lists, table_columns
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["write"]

TEXT: Final = {"datatype": "unicodeChar", "arraysize": "*"}
TYPES: Final = {
    str: TEXT,
    float: {"datatype": "double"},
    int: {"datatype": "int"},
    bool: {"datatype": "boolean"},
    list: TEXT,
}


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write a VOTable with one row per record. astropy writes everything except the rows.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run.
    """
    head, end, tail = _document(provenance).rpartition(b"</TABLE>")
    file.write(head + b"<DATA><TABLEDATA>\n")
    for record in records:
        row = join_lists(flatten(record, provenance.min_confidence, provenance.labels))
        file.write(f"<TR>{''.join(map(_cell, row))}</TR>\n".encode())
    file.write(b"</TABLEDATA></DATA>" + end + tail)


def _document(provenance: Provenance) -> bytes:
    document = VOTableFile(version="1.5")
    resource, table = Resource(), TableElement(document, name="classifications")
    document.resources.append(resource)
    table.infos.extend(Info(name=k, value=v) for k, v in provenance.as_dict().items())
    resource.tables.append(table)
    table.fields.extend(_field(document, column) for column in table_columns(provenance.labels))
    buffer = io.BytesIO()
    document.to_xml(buffer)
    return buffer.getvalue()


def _field(document: VOTableFile, column: Column) -> Field:
    field = Field(
        document,
        ID=column.name if column.name.isascii() else None,  # astropy accepts only ASCII
        name=column.name,
        unit=column.unit or None,
        ucd=column.ucd,
        **TYPES[column.kind],
    )
    field.description = column.description
    return field


def _cell(value: Value) -> str:
    if value is None:
        return "<TD/>"
    return f"<TD>{escape_markup(escape_control_characters(str(value)))}</TD>"
