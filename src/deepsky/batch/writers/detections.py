"""Write the objects found in images: one row for each object."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, Final

from rich import box
from rich.table import Table
from rich.text import Text

from deepsky.batch.columns import Row
from deepsky.batch.writers.csv import write_rows
from deepsky.batch.writers.find_format import FindFormat
from deepsky.batch.writers.json import write_array
from deepsky.batch.writers.table import ROWS, format_label, make_console, printable
from deepsky.detection.record import DetectionFields, FindRecord

__all__ = ["COLUMNS", "write_detections"]


COLUMNS: Final = (
    "path",
    "left",
    "top",
    "right",
    "bottom",
    "label",
    "probability",
    "network_label",
    "network_probability",
    "network_verdict",
    "object",
    "object_common_name",
    "object_kind",
    "agreement",
    "model",
    "model_version",
    "error_code",
    "error_message",
)
"""Columns of the CSV output."""


def write_detections(records: Iterable[FindRecord], file: BinaryIO, kind: FindFormat) -> None:
    """Write records in an output format.

    JSON contains one item for each image. Tables and CSV contain one row for each object, and one
    for each file that cannot be read.

    Parameters
    ----------
    records : iterable of FindRecord
    file : binary file
        Open file to write to.
    kind : FindFormat
    """
    match kind:
        case FindFormat.JSON:
            write_array(map(json.dumps, records), file)
        case FindFormat.JSONL:
            for record in records:
                file.write(f"{json.dumps(record)}\n".encode())
                file.flush()
        case FindFormat.CSV:
            write_rows(list(COLUMNS), _rows(records), file)
        case FindFormat.TABLE:
            _write_table(records, file)


def _rows(records: Iterable[FindRecord]) -> Iterator[Row]:
    for record in records:
        path, error = record["path"], record["error"]
        model: Row = [record["model"], record["model_version"]]
        if error is not None:
            yield [path, *[None] * 13, *model, error["code"], error["message"]]
        for one in record["detections"] or ():
            yield [path, *_values(one), *model, None, None]


def _values(one: DetectionFields) -> Row:
    network, found = one["network"], one["object"]
    return [
        one["left"],
        one["top"],
        one["right"],
        one["bottom"],
        one["label"],
        one["probability"],
        network["label"],
        network["probabilities"][network["label"]],
        network["verdict"],
        *((found["name"], found["common_name"], found["kind"]) if found else (None, None, None)),
        one["agreement"],
    ]


def _write_table(records: Iterable[FindRecord], file: BinaryIO) -> None:
    console = make_console(file)
    remaining, gap = iter(records), ""
    while group := list(islice(remaining, ROWS)):
        table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column("File", overflow="fold")
        table.add_column("Answer", overflow="fold")
        table.add_column("Prob.", justify="right", no_wrap=True)
        table.add_column("Network", no_wrap=True)
        for name in ("Left", "Top", "Right", "Bottom"):
            table.add_column(name, justify="right", no_wrap=True)
        for record in group:
            for cells in _cells(record):
                table.add_row(*cells)
        console.print(gap, end="")
        console.print(table)
        gap = "\n"
        for record in group:
            if record["error"]:
                message = f"{record['path']}: {record['error']['message']}"
                console.print(Text(printable(message)))


def _cells(record: FindRecord) -> Iterator[list[Text]]:
    file = Text(printable(record["path"]))
    if record["detections"] is None:
        yield [file, Text("unreadable", "red")]
    elif not record["detections"]:
        yield [file, Text("nothing found", "dim")]
    for one in record["detections"] or ():
        network = one["network"]
        says = f"{format_label(network['label'])} {network['probabilities'][network['label']]:.1%}"
        yield [
            file,
            Text(printable(_describe(one)), "bold"),
            Text(f"{one['probability']:.1%}"),
            Text(printable(says), "red" if one["agreement"] == "differs" else ""),
            *(Text(f"{one[side]:.0f}") for side in ("left", "top", "right", "bottom")),
        ]


def _describe(one: DetectionFields) -> str:
    label, found = format_label(one["label"]), one["object"]
    if found is None:
        return label
    names = [found["name"], found["common_name"]]
    return f"{label}: {', '.join(name for name in names if name)}"
