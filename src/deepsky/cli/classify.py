"""``deepsky classify``: tell what pictures show."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.files import find_files
from deepsky.cli.output import open_output
from deepsky.cli.writers import WRITERS, Format
from deepsky.errors import ModelError
from deepsky.models.registry import DEFAULT_MODEL

if TYPE_CHECKING:
    from deepsky.classifier import Classifier
    from deepsky.record import Record

__all__ = ["classify"]


def classify(
    paths: Annotated[
        list[Path], typer.Argument(help="Pictures, or folders of pictures.", metavar="PATH")
    ],
    model: Annotated[str, typer.Option(help="The model that is to answer.")] = DEFAULT_MODEL,
    format: Annotated[Format, typer.Option(help="How to write the answers.")] = Format.TABLE,  # noqa: A002
    output: Annotated[Path | None, typer.Option(help="Write to this file.", dir_okay=False)] = None,
) -> None:
    """Tell what pictures show: galaxy, nebula, star cluster or other.

    Exit status: 0 if all files were read; 1 if some were not (each has its
    record, which says why); 2 if the command makes no sense.
    """
    classifier = _load(model)
    tally: Counter[str] = Counter()
    with open_output(output) as file:
        # Answers that scroll by on the terminal are progress enough.
        scrolls = format is not Format.TABLE and file.isatty()
        files = _track(paths, shown=sys.stderr.isatty() and not scrolls)
        WRITERS[format](_records(classifier, files, tally), file)
    if not tally["files"]:
        typer.echo("deepsky: there are no files in what was named.", err=True)
    if tally["failed"]:
        stop(f"{tally['failed']} of {tally['files']} files could not be read.", FAILED)


def _load(model: str) -> "Classifier":
    from deepsky.classifier import load_classifier

    try:
        return load_classifier(model)
    except ModelError as error:
        stop(str(error), USAGE)


def _records(
    classifier: "Classifier", files: Iterable[Path], tally: Counter[str]
) -> "Iterator[Record]":
    from deepsky.record import classify_file

    for path in files:
        record = classify_file(classifier, path)
        tally["files"] += 1
        tally["failed"] += record["error"] is not None
        yield record


def _track(paths: list[Path], *, shown: bool) -> Iterator[Path]:
    """Find the files, with a progress bar on standard error where it is to be shown."""
    if not shown:
        yield from find_files(paths)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        yield from progress.track(find_files(paths), total=sum(1 for _ in find_files(paths)))
