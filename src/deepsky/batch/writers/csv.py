"""Write records as comma-separated values (RFC 4180)."""

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from deepsky.batch.columns import Row, Value, flatten, join_lists, table_columns
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["write", "write_rows"]

_FORMULA: Final = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""First characters of text that spreadsheets interpret as a formula, also in full width."""

_LATER_FORMULA: Final = re.compile("([;,\t|\r\n]\\s*)([=+\\-@\uff1d\uff0b\uff0d\uff20])")
"""Start of a formula in a spreadsheet that uses another separator than the comma."""

_PLAIN: Final = re.compile(r"[\w./+%~@=-]*", re.ASCII)
"""Text that contains no separators and therefore needs no quotes."""


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write a header line and one line per record.

    No text is interpreted as a formula by spreadsheets, whichever separator they use: a path at
    the start of a line is quoted, so it is not split at any separator; in other columns, an
    apostrophe is inserted. On a terminal, control characters are escaped.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run; only the labels and the minimum confidence are used.
    """
    names = [column.name for column in table_columns(provenance.labels)]
    rows = (flatten(record, provenance.min_confidence, provenance.labels) for record in records)
    write_rows(names, rows, file)


def write_rows(names: list[str], rows: "Iterable[Row]", file: BinaryIO) -> None:
    """Write a header line and one line per row, as described in `write`.

    Parameters
    ----------
    names : list of str
        Names of the columns.
    rows : iterable of list
        Values of the columns. The first one is a path.
    file : binary file
        Open file to write to.
    """
    is_terminal = file.isatty()
    _write_line(names, file)
    for row in rows:
        path, *others = join_lists(row)
        cells = [_protect(path, "./"), *(_format(value) for value in others)]
        _write_line([escape_control_characters(c) for c in cells] if is_terminal else cells, file)


def _format(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _LATER_FORMULA.sub(r"\1'\2", _protect(value, "'"))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _protect(value: Value, prefix: str) -> str:
    """Add a prefix to text that spreadsheets would interpret as a formula."""
    text = str(value)
    return prefix + text if _FORMULA.match(text) else text


def _write_line(cells: list[str], file: BinaryIO) -> None:
    line = ",".join(map(_quote, cells)) + "\r\n"
    file.write(line.encode(errors="backslashreplace"))


def _quote(cell: str) -> str:
    return cell if _PLAIN.fullmatch(cell) else '"' + cell.replace('"', '""') + '"'
