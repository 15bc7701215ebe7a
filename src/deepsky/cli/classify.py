"""The command ``deepsky classify``: classify images."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from deepsky.batch.discovery import LIST
from deepsky.batch.job import SECONDS, Job
from deepsky.batch.sorter import Placing
from deepsky.batch.writers import Format
from deepsky.cli.report import run_and_report
from deepsky.models.registry import DEFAULT_MODEL

__all__ = ["classify"]


def classify(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Images, folders or archives of images, addresses, quoted patterns such as "
            "'2024/**/*.fits', or @LIST.",
            metavar="PATH...",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str, typer.Option(help="The model that is to answer: one that 'deepsky models' lists.")
    ] = DEFAULT_MODEL,
    format: Annotated[  # noqa: A002
        Format | None,
        typer.Option(
            help="How to write the answers; by default, as the name of the output says "
            "(.csv, .json, …), or table."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Write to this file. A run that was stopped goes on when started again.",
            dir_okay=False,
        ),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew where a stopped run could go on.")
    ] = False,
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            help="A list of images, one a line, each named as PATH is; - for standard input.",
            metavar="LIST",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes that read images; by default, one a core.", min=1),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds that one image may take to read.", min=0.001)
    ] = SECONDS,
    min_confidence: Annotated[
        float, typer.Option(help="Flag answers whose probability is smaller.", min=0, max=1)
    ] = 0.0,
    sort_into: Annotated[
        Path | None,
        typer.Option(
            help="Sort the images into folders by label and verdict, in this one.",
            file_okay=False,
        ),
    ] = None,
    placing: Annotated[
        Placing | None,
        typer.Option(help="How images get into the folders of --sort-into; by default, copy."),
    ] = None,
    tag: Annotated[
        Path | None,
        typer.Option(
            help="Write copies of the images into this folder, with what was found as keywords "
            "(XMP), header cards (FITS) or properties (XISF).",
            file_okay=False,
        ),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Tag the images themselves, not copies.")
    ] = False,
    explain: Annotated[
        Path | None,
        typer.Option(
            help="Draw into this folder where in each image its label finds its evidence.",
            file_okay=False,
        ),
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option(
            help="Sum up the run in this folder: counts, and each class's surest and most "
            "doubtful images.",
            file_okay=False,
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            help="Classify on the Ray cluster at this address; 'local' starts one here.",
            metavar="ADDRESS",
        ),
    ] = None,
) -> None:
    """Classify images as galaxy, nebula, star cluster or other.

    Exit status: 0 if all files were read and all outputs were written; 1 if not (a file that
    could not be read has a record with the reason); 2 if the command is invalid.
    """
    job = Job(
        [*(paths or []), *(LIST + name for name in lists or [])],
        model,
        output=output or sys.stdout.buffer,
        format=format,
        restart=restart,
        workers=workers,
        seconds=time_limit,
        min_confidence=min_confidence,
        sort_into=sort_into,
        placing=placing,
        tag_into=tag,
        in_place=in_place,
        explain_into=explain,
        summary_into=summary,
        ray=ray,
    )
    run_and_report(job)
