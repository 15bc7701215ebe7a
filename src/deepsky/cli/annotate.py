"""``deepsky annotate``: draw the objects in images, or write their WCS."""

from pathlib import Path
from typing import Annotated

import typer

from deepsky.annotation.options import (
    LONGEST_SIDE,
    MAX_LONGEST_SIDE,
    Annotation,
    AnnotationFormat,
)
from deepsky.batch.job import SECONDS, Job
from deepsky.cli.image_options import (
    ModelOption,
    SolveOption,
    SolveTimeLimitOption,
    StretchOption,
    StrictOption,
    TimeLimitOption,
)
from deepsky.cli.panels import OUTPUT, SPEED
from deepsky.cli.report import run_and_report
from deepsky.models.registry import DEFAULT_MODEL
from deepsky.sky.solving import SOLVE_SECONDS

__all__ = ["annotate"]


def annotate(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Images, folders, archives, URLs, quoted patterns such as '2024/**/*.fits', "
            "or @LIST (a text file with one of these per line).",
            metavar="PATH...",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            rich_help_panel=OUTPUT,
            metavar="DIR",
            help="Folder for the outputs; the images are not changed.",
            file_okay=False,
        ),
    ],
    format: Annotated[  # noqa: A002
        AnnotationFormat,
        typer.Option(
            "--format",
            "-f",
            rich_help_panel=OUTPUT,
            metavar="FORMAT",
            help="What to write: the annotated image ('png' or 'svg'), a file that contains only "
            "the WCS ('wcs'), or a copy of each FITS file with the WCS in its header ('fits').",
        ),
    ] = AnnotationFormat.PNG,
    strict: StrictOption = False,
    grid: Annotated[
        bool,
        typer.Option(
            "--grid", rich_help_panel=OUTPUT, help="Draw lines of right ascension and declination."
        ),
    ] = False,
    longest_side: Annotated[
        int,
        typer.Option(
            rich_help_panel=OUTPUT,
            metavar="N",
            help="Maximum length of the longest side of annotated images, in pixels.",
            min=100,
            max=MAX_LONGEST_SIDE,
        ),
    ] = LONGEST_SIDE,
    solve: SolveOption = "never",
    solve_time_limit: SolveTimeLimitOption = SOLVE_SECONDS,
    model: ModelOption = DEFAULT_MODEL,
    stretch: StretchOption = "auto",
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
) -> None:
    """Draw the objects in images, with their names, or write the WCS of images.

    Exit status: 0 if all outputs were written; 1 if an image could not be
    read or an output could not be written; 2 if the command is invalid.
    """
    job = Job(
        paths,
        model,
        workers=workers,
        seconds=time_limit,
        stretch=stretch,
        solve=solve,
        solve_seconds=solve_time_limit,
        strict=strict,
        annotate_into=output,
        annotation=Annotation(format, longest_side, grid),
    )
    run_and_report(job)
