"""Write records as a JSON array or as JSON Lines."""

import json
from typing import TYPE_CHECKING, BinaryIO

from deepsky.batch.columns import is_below_min_confidence
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["write", "write_array", "write_lines"]


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write a JSON array with one record per line.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run; only the minimum confidence is used.
    """
    write_array((_dump(record, provenance) for record in records), file)


def write_array(items: "Iterable[str]", file: BinaryIO) -> None:
    """Write a JSON array with one item per line.

    Parameters
    ----------
    items : iterable of str
        JSON texts.
    file : binary file
        Open file to write to.
    """
    separator = "[\n"
    for item in items:
        file.write(f"{separator}{item}".encode())
        separator = ",\n"
    file.write(b"[]\n" if separator == "[\n" else b"\n]\n")


def write_lines(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write one JSON object per line.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run; only the minimum confidence is used.
    """
    for record in records:
        file.write(f"{_dump(record, provenance)}\n".encode())
        file.flush()


def _dump(record: "Record", provenance: Provenance) -> str:
    """Format a record as JSON in ASCII; add ``below_min_confidence`` if a minimum is set."""
    minimum = provenance.min_confidence
    return json.dumps(
        {**record, "below_min_confidence": is_below_min_confidence(record, minimum)}
        if minimum
        else record
    )
