"""``deepsky watch``: classify new files as they appear in a folder."""

import signal
import sys
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.events import ActionFailed, Event, RecordProduced, Started
from deepsky.batch.job import SECONDS, Job
from deepsky.batch.watch import WATCH_FORMATS, watch
from deepsky.batch.writers import Format
from deepsky.cli.action_options import (
    ExplainOption,
    InPlaceOption,
    MinConfidenceOption,
    PlacingOption,
    SortIntoOption,
    TagOption,
)
from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.image_options import (
    ModelOption,
    SolveOption,
    SolveTimeLimitOption,
    StretchOption,
    TimeLimitOption,
)
from deepsky.cli.panels import IMAGES, OUTPUT, SPEED
from deepsky.errors import DeepskyError
from deepsky.imaging.limits import Limits
from deepsky.models.registry import DEFAULT_MODEL
from deepsky.sky.solving import SOLVE_SECONDS

__all__ = ["watch_folder"]


def watch_folder(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder to watch, with its subfolders.", exists=True, file_okay=False),
    ],
    model: ModelOption = DEFAULT_MODEL,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Append the records to this file (.csv or .jsonl). If the command is run again, "
            "it continues with the files that are not in it.",
            metavar="FILE",
            dir_okay=False,
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    format: Annotated[  # noqa: A002
        Format | None,
        typer.Option(
            "--format",
            "-f",
            help=f"Format of the records: {' or '.join(WATCH_FORMATS)}. By default, determined by "
            "the suffix of --output. Without --output, records are written to standard output.",
            metavar="FORMAT",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    restart: Annotated[
        bool,
        typer.Option(
            "--restart",
            help="Start with an empty output, and classify all files again.",
            rich_help_panel=OUTPUT,
        ),
    ] = False,
    only_new: Annotated[
        bool,
        typer.Option(
            "--only-new",
            help="Ignore the files that are in the folder at the start.",
            rich_help_panel=IMAGES,
        ),
    ] = False,
    settle: Annotated[
        float,
        typer.Option(
            help="Read a file when it has not changed for this time, in seconds.",
            metavar="SECONDS",
            min=0,
            rich_help_panel=IMAGES,
        ),
    ] = 2.0,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Number of reader processes; by default, one per CPU core.",
            metavar="N",
            min=1,
            rich_help_panel=SPEED,
        ),
    ] = None,
    time_limit: TimeLimitOption = SECONDS,
    stretch: StretchOption = "auto",
    solve: SolveOption = "never",
    solve_time_limit: SolveTimeLimitOption = SOLVE_SECONDS,
    min_confidence: MinConfidenceOption = 0.0,
    sort_into: SortIntoOption = None,
    placing: PlacingOption = None,
    tag: TagOption = None,
    in_place: InPlaceOption = False,
    explain: ExplainOption = None,
) -> None:
    """Classify new images in a folder as they appear, until stopped with Ctrl+C.

    Files with the suffix of an image format are read when they are complete:
    when they have not changed for a moment (--settle), or have been renamed.

    Exit status: 0 if it was stopped with Ctrl+C; 1 if it stopped because of
    an error; 2 if the command is invalid.
    """
    streams = format is not None and output is None
    job = Job(
        folder,
        model,
        output=output or (sys.stdout.buffer if streams else None),
        format=format,
        restart=restart,
        workers=workers,
        seconds=time_limit,
        limits=Limits(interface="command"),
        stretch=stretch,
        solve=solve,
        solve_seconds=solve_time_limit,
        min_confidence=min_confidence,
        sort_into=sort_into,
        placing=placing,
        tag_into=tag,
        in_place=in_place,
        explain_into=explain,
    )
    reporter = _Reporter(folder, prints_records=not streams)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        watch(job, folder, seconds=settle, only_new=only_new, on_event=reporter)
    except KeyboardInterrupt:
        typer.echo(f"Stopped. {reporter.summary}", err=True)
    except DeepskyError as error:
        stop(str(error), FAILED if reporter.has_started else USAGE)


class _Reporter:
    """Prints a line for each image, and messages on standard error."""

    def __init__(self, folder: Path, *, prints_records: bool) -> None:
        self.has_started = False
        self._folder = folder
        self._prints_records = prints_records
        self._classified = 0
        self._unread = 0

    @property
    def summary(self) -> str:
        """Sentence with the numbers of images."""
        unread = f", {self._unread:,} could not be read" if self._unread else ""
        return f"{self._classified:,} classified{unread}."

    def __call__(self, event: Event) -> None:
        match event:
            case Started(kept):
                self.has_started = True
                earlier = f" {kept:,} images were classified earlier." if kept else ""
                message = f"Watching {self._folder} (press Ctrl+C to stop).{earlier}"
                typer.echo(escape_control_characters(message), err=True)
            case RecordProduced(record):
                self._classified += record["error"] is None
                self._unread += record["error"] is not None
                if self._prints_records:
                    from deepsky.batch.writers.table import format_line

                    typer.echo(f"{datetime.now():%H:%M:%S}  {format_line(record)}")
            case ActionFailed(path, error):
                typer.echo(escape_control_characters(f"{path}: {error}"), err=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
