"""Options of the commands that read and classify images."""

from typing import Annotated, get_args

import typer

from deepsky.cli.panels import CLASSIFICATION, IMAGES, LIMITS, SKY
from deepsky.imaging.display.stretch_choice import StretchChoice
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

StretchOption = Annotated[
    StretchChoice,
    typer.Option(
        rich_help_panel=CLASSIFICATION,
        metavar="NAME",
        help=f"Stretch for display and classification: {', '.join(get_args(StretchChoice))}. "
        "'auto' applies 'mtf' to linear images and no stretch to finished images. 'linear' only "
        "scales the values.",
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
