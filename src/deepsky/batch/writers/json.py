"""JSON: one array, or an object a line."""

import json
from typing import TYPE_CHECKING, BinaryIO

from deepsky.batch.columns import is_below_min_confidence
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["write", "write_lines"]


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write one array, a record a line, each as soon as it is known."""
    separator = "[\n"
    for record in records:
        file.write(f"{separator}{_tell(record, provenance)}".encode())
        separator = ",\n"
    file.write(b"[]\n" if separator == "[\n" else b"\n]\n")


def write_lines(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write an object a line, each as soon as it is known."""
    for record in records:
        file.write(f"{_tell(record, provenance)}\n".encode())
        file.flush()


def _tell(record: "Record", provenance: Provenance) -> str:
    """Tell a record in ASCII, flagged where there is something to flag."""
    least = provenance.min_confidence
    return json.dumps(
        {**record, "below_min_confidence": is_below_min_confidence(record, least)}
        if least
        else record
    )
