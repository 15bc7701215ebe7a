"""Options of the commands that read and classify images."""

from typing import Annotated, get_args

import typer

from deepsky.cli.panels import CLASSIFICATION, IMAGES, LIMITS, SKY
from deepsky.imaging.display.stretch_choice import (
    STRETCHES,
    StretchChoice,
    StretchName,
    check_stretch,
)
from deepsky.sky.solving import SolverChoice

__all__ = [
    "ModelOption",
    "SolveOption",
    "SolveTimeLimitOption",
    "StretchOption",
    "StrictOption",
    "TimeLimitOption",
]


def _complete_model(incomplete: str) -> list[str]:
    """Return the names of the installed models for the completion of the shell."""
    from deepsky.models import available_models

    return [name for name in available_models() if name.startswith(incomplete)]


ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        rich_help_panel=CLASSIFICATION,
        metavar="NAME",
        autocompletion=_complete_model,
        help="Model to use; 'deepsky models' lists the installed ones.",
    ),
]

TimeLimitOption = Annotated[
    float,
    typer.Option(
        rich_help_panel=LIMITS,
        metavar="SECONDS",
        help="Maximum time to read one image, in seconds.",
        min=0.001,
    ),
]


def _parse_stretch(text: str) -> StretchChoice:
    try:
        return check_stretch(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


StretchOption = Annotated[
    StretchName,  # Typer supports no union types; the parser also accepts parameters
    typer.Option(
        parser=_parse_stretch,
        rich_help_panel=CLASSIFICATION,
        metavar="NAME",
        help=f"Stretch for display and classification: {', '.join(STRETCHES)}. 'auto' applies "
        "'mtf' to linear images and no stretch to finished images. 'linear' only scales the "
        "values. 'mtf-0.2-1.5' is 'mtf' with a sky brightness of 0.2 (default 0.12) and a black "
        "point 1.5 deviations (default 2.8) below the sky.",
    ),
]

SolveOption = Annotated[
    SolverChoice,
    typer.Option(
        rich_help_panel=SKY,
        metavar="ENGINE",
        help="Plate solver that finds the place on the sky of images whose files do not "
        f"contain it: {', '.join(get_args(SolverChoice))}. 'auto' uses the first one that is "
        "installed. 'nova' is an online service and requires an API key.",
    ),
]

SolveTimeLimitOption = Annotated[
    float,
    typer.Option(
        rich_help_panel=SKY,
        metavar="SECONDS",
        help="Maximum time to find the place of one image, in seconds.",
        min=0.001,
    ),
]

StrictOption = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Report files in folders and archives that are plainly not images, such as texts, as "
        "errors. By default, they are skipped and counted.",
        rich_help_panel=IMAGES,
    ),
]
