"""Records as text: JSON, JSON lines, or a table for people."""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["WRITERS", "Format"]

UNLIMITED = 10_000
"""Width for what is not a terminal: lines are for `grep` there, so nothing may be folded."""

VERDICT_STYLES = {"confident": "green", "unsure": "yellow", "unfamiliar": "magenta"}


class Format(StrEnum):
    """How records are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def write_json(records: "Iterable[Record]", file: TextIO) -> None:
    """Write one array, a record a line, each as soon as it is known."""
    separator = "[\n"
    for record in records:
        file.write(separator + json.dumps(record))
        separator = ",\n"
    file.write("[]\n" if separator == "[\n" else "\n]\n")


def write_jsonl(records: "Iterable[Record]", file: TextIO) -> None:
    """Write an object a line, each as soon as it is known."""
    for record in records:
        file.write(json.dumps(record) + "\n")
        file.flush()


def write_table(records: "Iterable[Record]", file: TextIO) -> None:
    """Write a table, and below it what could not be read and why."""
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("File", overflow="fold")
    table.add_column("Answer", no_wrap=True)
    table.add_column("Prob.", justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Or")
    table.add_column("Novelty", justify="right", no_wrap=True)
    failures: list[Text] = []
    for record in records:
        table.add_row(*_cells(record))
        if record["error"]:
            failures.append(Text(f"{printable(record['path'])}: {record['error']['message']}"))
    console = Console(file=file, width=None if file.isatty() else UNLIMITED)
    if table.row_count:
        console.print(table)
    if failures:
        console.print("", *failures, sep="\n")


def printable(name: str) -> str:
    """Replace what a terminal cannot show or would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _cells(record: "Record") -> list[Text]:
    file = Text(printable(record["path"]))
    label, verdict = record["label"], record["verdict"]
    if label is None or verdict is None:
        return [file, Text("unreadable", "red")]
    probabilities, kept = record["probabilities"] or {}, record["prediction_set"] or []
    return [
        file,
        Text(_words(label), "bold"),
        Text(f"{probabilities[label]:.1%}"),
        Text(verdict, VERDICT_STYLES[verdict]),
        Text(", ".join(_words(other) for other in kept if other != label)),
        Text(f"{record['novelty']:.2f}"),
    ]


def _words(label: str) -> str:
    return label.replace("_", " ")


WRITERS: dict[Format, Callable[["Iterable[Record]", TextIO], None]] = {
    Format.TABLE: write_table,
    Format.JSON: write_json,
    Format.JSONL: write_jsonl,
}
