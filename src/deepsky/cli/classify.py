"""``deepsky classify``: classify images."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from deepsky.batch.discovery import LIST
from deepsky.batch.job import SECONDS, Job
from deepsky.batch.writers import Format
from deepsky.cli.action_options import (
    ExplainOption,
    InPlaceOption,
    MinConfidenceOption,
    PlacingOption,
    SortIntoOption,
    TagOption,
)
from deepsky.cli.failure import USAGE, stop
from deepsky.cli.image_options import (
    ModelOption,
    SolveOption,
    SolveTimeLimitOption,
    StretchOption,
    StrictOption,
    TimeLimitOption,
)
from deepsky.cli.panels import IMAGES, LIMITS, OUTPUT, SPEED
from deepsky.cli.report import run_and_report
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.models.registry import DEFAULT_MODEL
from deepsky.sky.solving import SOLVE_SECONDS

__all__ = ["classify"]


def classify(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Images, folders, archives, URLs, quoted patterns such as '2024/**/*.fits', "
            "or @LIST (a text file with one of these per line).",
            metavar="PATH...",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = DEFAULT_MODEL,
    format: Annotated[  # noqa: A002
        Format | None,
        typer.Option(
            "--format",
            "-f",
            rich_help_panel=OUTPUT,
            metavar="FORMAT",
            help=f"Output format: {', '.join(Format)}. By default, determined by the suffix of "
            "--output (.csv, .json, …), or table.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            rich_help_panel=OUTPUT,
            metavar="FILE",
            help="Write the records to this file. To resume an interrupted run, run the same "
            "command again.",
            dir_okay=False,
        ),
    ] = None,
    restart: Annotated[
        bool,
        typer.Option(
            "--restart",
            rich_help_panel=OUTPUT,
            help="Start from the beginning instead of resuming an interrupted run.",
        ),
    ] = False,
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            rich_help_panel=IMAGES,
            help="Text file that lists paths, one per line; - for standard input.",
            metavar="LIST",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            rich_help_panel=SPEED,
            metavar="N",
            help="Number of reader processes; by default, one per CPU core.",
            min=1,
        ),
    ] = None,
    time_limit: TimeLimitOption = SECONDS,
    max_bytes: Annotated[
        int,
        typer.Option(
            rich_help_panel=LIMITS, metavar="N", help="Maximum size of a file, in bytes.", min=1
        ),
    ] = DEFAULT_LIMITS.max_bytes,
    max_pixels: Annotated[
        int,
        typer.Option(
            rich_help_panel=LIMITS, metavar="N", help="Maximum number of pixels of an image.", min=1
        ),
    ] = DEFAULT_LIMITS.max_pixels,
    max_frames: Annotated[
        int,
        typer.Option(
            rich_help_panel=LIMITS,
            metavar="N",
            help="Maximum number of frames or pages of a file.",
            min=1,
        ),
    ] = DEFAULT_LIMITS.max_frames,
    max_memory: Annotated[
        int,
        typer.Option(
            rich_help_panel=LIMITS,
            metavar="N",
            help="Maximum memory of each reader process, in bytes. Images that need more are read "
            "at reduced size, if their format allows it.",
            min=1,
        ),
    ] = DEFAULT_LIMITS.max_memory,
    stretch: StretchOption = "auto",
    solve: SolveOption = "never",
    solve_time_limit: SolveTimeLimitOption = SOLVE_SECONDS,
    min_confidence: MinConfidenceOption = 0.0,
    archive_encoding: Annotated[
        str | None,
        typer.Option(
            rich_help_panel=IMAGES,
            help="Encoding of the file names in archives that are not marked as UTF-8, such as "
            "cp932; by default, it is guessed.",
            metavar="NAME",
        ),
    ] = None,
    strict: StrictOption = False,
    sort_into: SortIntoOption = None,
    placing: PlacingOption = None,
    tag: TagOption = None,
    in_place: InPlaceOption = False,
    explain: ExplainOption = None,
    summary: Annotated[
        Path | None,
        typer.Option(
            rich_help_panel=OUTPUT,
            metavar="DIR",
            help="Write a summary to this folder: counts, and the most and least certain "
            "classifications of each class.",
            file_okay=False,
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            rich_help_panel=SPEED,
            help="Classify on the Ray cluster at this address; 'local' starts one on this machine.",
            metavar="ADDRESS",
        ),
    ] = None,
) -> None:
    """Classify images as galaxy, nebula, star cluster or other (not a deep-sky object).

    Exit status: 0 if all images were read and all outputs were written; 1
    otherwise (the record of an image that could not be read contains the
    reason); 2 if the command is invalid; 130 if it was stopped with Ctrl+C.
    """
    if output is None and sys.stdout is None:
        stop("Standard output is closed. Write the records to a file (--output).", USAGE)
    job = Job(
        [*(paths or []), *(LIST + name for name in lists or [])],
        model,
        output=output or sys.stdout.buffer,
        format=format,
        restart=restart,
        workers=workers,
        seconds=time_limit,
        limits=Limits(max_bytes, max_pixels, max_frames, max_memory, interface="command"),
        stretch=stretch,
        solve=solve,
        solve_seconds=solve_time_limit,
        min_confidence=min_confidence,
        archive_encoding=archive_encoding,
        sort_into=sort_into,
        placing=placing,
        tag_into=tag,
        in_place=in_place,
        explain_into=explain,
        summary_into=summary,
        strict=strict,
        ray=ray,
    )
    run_and_report(job)
