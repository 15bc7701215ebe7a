"""``deepsky find``: find the objects in images of wide fields."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.batch.job import SECONDS
from deepsky.batch.writers import format_from_suffix
from deepsky.batch.writers.find_format import FindFormat
from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.image_options import (
    ModelOption,
    SolveOption,
    SolveTimeLimitOption,
    StretchOption,
    StrictOption,
    TimeLimitOption,
)
from deepsky.cli.panels import CLASSIFICATION, OUTPUT
from deepsky.errors import DeepskyError
from deepsky.imaging.limits import Limits
from deepsky.models.registry import DEFAULT_MODEL
from deepsky.sky.solving import SOLVE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deepsky.detection.record import FindRecord

__all__ = ["find"]


def find(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Images, folders, archives, URLs, quoted patterns such as '2024/**/*.fits', "
            "or @LIST (a text file with one of these per line).",
            metavar="PATH...",
            show_default=False,
        ),
    ],
    model: ModelOption = DEFAULT_MODEL,
    format: Annotated[  # noqa: A002
        FindFormat | None,
        typer.Option(
            "--format",
            "-f",
            rich_help_panel=OUTPUT,
            metavar="FORMAT",
            help=f"Output format: {', '.join(FindFormat)}. By default, determined by the suffix of "
            "--output, or table.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            rich_help_panel=OUTPUT,
            metavar="FILE",
            help="Write the objects to this file.",
            dir_okay=False,
        ),
    ] = None,
    strict: StrictOption = False,
    min_probability: Annotated[
        float | None,
        typer.Option(
            rich_help_panel=CLASSIFICATION,
            metavar="P",
            help="Minimum probability (0 to 1) of objects in images whose place on the sky is not "
            "known.",
            min=0,
            max=1,
        ),
    ] = None,
    solve: SolveOption = "never",
    solve_time_limit: SolveTimeLimitOption = SOLVE_SECONDS,
    time_limit: TimeLimitOption = SECONDS,
    stretch: StretchOption = "auto",
) -> None:
    """Find the objects in images of wide fields: boxes with labels and probabilities.

    If the place of an image on the sky is known, the objects are those of the
    catalogue. Exit status: 0 if all images were read; 1 otherwise; 2 if the
    command is invalid.
    """
    from deepsky.batch.discovery import check_sources
    from deepsky.batch.find_many import find_many
    from deepsky.classifier import load_classifier
    from deepsky.detection.detect import MIN_PROBABILITY

    kind = format or _format_of(output)
    counts: Counter[str] = Counter()
    try:
        check_sources(paths)
        records = find_many(
            paths,
            load_classifier(model),
            seconds=time_limit,
            limits=Limits(interface="command"),
            stretch=stretch,
            solve=solve,
            solve_seconds=solve_time_limit,
            strict=strict,
            min_probability=MIN_PROBABILITY if min_probability is None else min_probability,
        )
        _write(_counted(records, counts), output, kind)
    except DeepskyError as error:
        stop(str(error), FAILED if counts else USAGE)
    if not counts:
        typer.echo("deepsky: No images found.", err=True)
    if counts["failed"]:
        stop(f"{counts['failed']:,} of {counts.total():,} images could not be read.", FAILED)


def _format_of(output: Path | None) -> FindFormat:
    chosen = format_from_suffix(output) if output else None
    if chosen is None:
        return FindFormat.TABLE
    try:
        return FindFormat(chosen.value)
    except ValueError:
        kinds = ", ".join(FindFormat)
        stop(f"The formats of deepsky find are {kinds}, not {chosen}. Choose one of them.", USAGE)


def _counted(records: "Iterable[FindRecord]", counts: Counter[str]) -> "Iterator[FindRecord]":
    for record in records:
        counts["failed" if record["error"] else "read"] += 1
        yield record


def _write(records: "Iterable[FindRecord]", output: Path | None, kind: FindFormat) -> None:
    from deepsky.atomic_file import atomic_write
    from deepsky.batch.writers.detections import write_detections
    from deepsky.errors import OutputError

    if output is None:
        if sys.stdout is None:
            stop("Standard output is closed. Write the objects to a file (--output).", USAGE)
        write_detections(records, sys.stdout.buffer, kind)
        sys.stdout.buffer.flush()
        return
    try:
        with atomic_write(output) as file:
            write_detections(records, file, kind)
    except OSError as error:
        msg = f"Cannot write {error.filename or output}: {error.strerror or error}."
        raise OutputError(msg) from error
