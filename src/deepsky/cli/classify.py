"""``deepsky classify``: tell what images show."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from deepsky.batch.archives import is_archive
from deepsky.batch.discovery import LIST, STANDARD_INPUT, check_sources
from deepsky.batch.job import SECONDS, Job
from deepsky.batch.output_paths import common_folder
from deepsky.batch.remote import is_address
from deepsky.batch.sorting import Placing
from deepsky.batch.writers import Format, format_from_suffix
from deepsky.cli.failure import USAGE, stop
from deepsky.cli.output import find_output
from deepsky.cli.running import run
from deepsky.errors import ModelError, SourceError, UnsupportedFormatError
from deepsky.imaging.formats import HEAD_BYTES, sniff
from deepsky.models.bundle import ModelBundle
from deepsky.models.registry import DEFAULT_MODEL, find_bundle

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
    """Tell what images show: galaxy, nebula, star cluster or other.

    Exit status: 0 if all files were read, and all was done that was asked for;
    1 if not (a file that was not read has its record, which says why); 2 if the
    command makes no sense.
    """
    named = [*(paths or []), *(LIST + name for name in lists or [])]
    _refuse_nonsense(named, restart=restart, output=output, ray=ray)
    if placing and sort_into is None:
        stop("--placing is for a run with --sort-into.", USAGE)
    output = output and find_output(output)
    job = Job(
        named=named,
        model=_find_model(model),
        format=format or (output and format_from_suffix(output)) or Format.TABLE,
        output=output,
        workers=workers,
        seconds=time_limit,
        min_confidence=min_confidence,
        sort_into=sort_into,
        placing=placing or Placing.COPY,
        tag_into=tag,
        in_place=in_place,
        explain_into=explain,
        summary_into=summary,
        ray=ray,
    )
    _refuse_confusion(job)
    run(job, restart=restart)


def _refuse_nonsense(
    named: list[str], *, output: Path | None, restart: bool, ray: str | None
) -> None:
    if not named:
        stop("name images, or a list of them with --from.", USAGE)
    if STANDARD_INPUT in named and not os.path.lexists(STANDARD_INPUT):
        stop("standard input takes no image, but a list of names: --from -.", USAGE)
    if restart and output is None:
        stop("--restart is for a run with --output.", USAGE)
    if ray and output is None:  # Ray itself prints to standard output
        stop("--ray is for a run with --output.", USAGE)
    try:
        check_sources(named)
    except SourceError as error:
        stop(str(error), USAGE)


def _refuse_confusion(job: Job) -> None:
    """Exit where what is written would be taken for what is read, or the other way round."""
    if job.tag_into and job.in_place:
        stop("tags go into copies (--tag) or into the images (--in-place), not both.", USAGE)
    if job.output and _is_read(job.output, job.named):
        stop(f"{job.output} holds images or names them. Name another --output.", USAGE)
    if len({folder.resolve() for folder in job.folders}) < len(job.folders):
        stop("two outputs would write into one folder. Give each a folder of its own.", USAGE)
    for folder in job.folders:
        for name in job.named:
            if is_address(name):
                continue
            path = Path(*common_folder([name]))
            if os.path.exists(path) and path.resolve().is_relative_to(folder.resolve()):  # noqa: PTH110
                stop(f"{name} lies in {folder}, which is to be written. Name another.", USAGE)


def _is_read(output: Path, named: Sequence[str]) -> bool:
    """Tell whether a file is a list of the run, an image or an archive.

    It is where a shell makes ``--output *.jpg`` of all images: the first of them.
    """
    if not output.exists():
        return False
    lists = (name.removeprefix(LIST) for name in named if name.startswith(LIST))
    if any(os.path.realpath(name) == os.path.realpath(output) for name in lists):
        return True
    with suppress(OSError, UnsupportedFormatError), output.open("rb") as file:
        sniff(file.read(HEAD_BYTES))
        return True
    return is_archive(output.name)


def _find_model(name: str) -> ModelBundle:
    try:
        return find_bundle(name)
    except ModelError as error:
        stop(str(error), USAGE)
