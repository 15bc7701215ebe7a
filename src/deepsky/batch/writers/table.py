"""Write records as a table for display in a terminal."""

import codecs
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO, cast

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from deepsky.batch.columns import is_below_min_confidence
from deepsky.batch.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deepsky.record import Record

__all__ = ["describe_answer", "format_label", "format_line", "make_console", "printable", "write"]

ROWS: Final = 1_000
"""Maximum number of rows in a table. Further records start a new table.

All rows of a table are held in memory.
"""

UNLIMITED: Final = 10_000
"""Line width if the output is not a terminal. It is so large that lines are not wrapped."""

VERDICT_STYLES: Final = {"confident": "green", "unsure": "yellow", "unfamiliar": "magenta"}


def write(records: "Iterable[Record]", file: BinaryIO, provenance: Provenance) -> None:
    """Write one table per `ROWS` records, and after each table the errors of its records.

    Parameters
    ----------
    records : iterable of Record
    file : binary file
        Open file to write to.
    provenance : Provenance
        Model and settings of the run; only the minimum confidence is used.
    """
    console = make_console(file)
    remaining, gap = iter(records), ""
    while group := list(islice(remaining, ROWS)):
        console.print(gap, end="")
        console.print(_table(group, provenance.min_confidence))
        gap = "\n"
        failures = [
            Text(printable(f"{record['path']}: {record['error']['message']}"))
            for record in group
            if record["error"]
        ]
        if failures:
            console.print("", *failures, sep="\n")


def make_console(file: BinaryIO) -> Console:
    """Return a console that writes UTF-8 to a file, without wrapping lines except on a terminal.

    Parameters
    ----------
    file : binary file
        Open file to write to.

    Returns
    -------
    rich.console.Console
    """
    text = cast("TextIO", codecs.getwriter("utf-8")(file))
    return Console(file=text, width=None if file.isatty() else UNLIMITED)


def _table(records: "list[Record]", min_confidence: float) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("File", overflow="fold")
    table.add_column("Answer", overflow="fold")
    table.add_column("Prob.", justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Or")
    table.add_column("Novelty", justify="right", no_wrap=True)
    for record in records:
        dim = "dim" if is_below_min_confidence(record, min_confidence) else ""
        table.add_row(*_cells(record), style=dim)
    return table


def _cells(record: "Record") -> list[Text]:
    file = Text(printable(record["path"]))
    label, verdict = record["label"], record["verdict"]
    if label is None or verdict is None:
        return [file, Text("unreadable", "red")]
    probabilities, kept = record["probabilities"] or {}, record["prediction_set"] or []
    return [
        file,
        Text(printable(describe_answer(record, label)), "bold"),
        Text(f"{probabilities[label]:.1%}"),
        Text(verdict, VERDICT_STYLES[verdict]),
        Text(", ".join(format_label(other) for other in kept if other != label)),
        Text(f"{record['novelty']:.2f}"),
    ]


def printable(text: str) -> str:
    """Replace characters that a terminal cannot display or would interpret as commands.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def format_line(record: "Record") -> str:
    """Return a line of text with the path, the answer, its probability and its verdict.

    Parameters
    ----------
    record : Record

    Returns
    -------
    str
    """
    label, verdict = record["label"], record["verdict"]
    if label is None or verdict is None:
        reason = record["error"]["message"] if record["error"] else ""
        return printable(f"{record['path']}  unreadable: {reason}")
    probability = (record["probabilities"] or {})[label]
    answer = describe_answer(record, label)
    return printable(f"{record['path']}  {answer}  {probability:.1%}  {verdict}")


def describe_answer(record: "Record", label: str) -> str:
    """Return the label and the object, such as ``galaxy: M 31, Andromeda Galaxy``.

    If the label is not one of the object's, the object follows in parentheses with its kind in the
    catalogue, such as ``nebula (NGC 3293: open cluster)``. If the object is not known, the kind
    follows that the network predicts, such as ``other: probably Moon``.

    Parameters
    ----------
    record : Record
    label : str
        Label in the record.

    Returns
    -------
    str
        An object that the label or the position contradicts is not named.
    """
    found, seen = record["object"], record["subtype"]
    if found is None or record["agreement"] == "differs":
        kind = f": probably {seen['name']}" if seen and seen["source"] == "network" else ""
        return f"{format_label(label)}{kind}"
    names = ", ".join(name for name in (found["name"], found["common_name"]) if name)
    if record["agreement"] == "undecided":
        return f"{format_label(label)} ({names}: {found['kind']})"
    return f"{format_label(label)}: {names}"


def format_label(label: str) -> str:
    """Return a label for display, such as ``star cluster``.

    Parameters
    ----------
    label : str

    Returns
    -------
    str
    """
    return label.replace("_", " ")
