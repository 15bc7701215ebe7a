"""Options of the commands that read and classify images."""

from typing import Annotated

import typer

from deepsky.imaging.display.stretch_choice import (
    STRETCHES,
    StretchChoice,
    StretchName,
    check_stretch,
)
from deepsky.sky.solving import SolverChoice

__all__ = ["ModelOption", "SolveOption", "SolveTimeLimitOption", "StretchOption", "TimeLimitOption"]

ModelOption = Annotated[
    str, typer.Option(help="Model to use; 'deepsky models' lists the installed ones.")
]

TimeLimitOption = Annotated[
    float, typer.Option(help="Maximum time to read one image, in seconds.", min=0.001)
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
        metavar=f"[{'|'.join(STRETCHES)}]",
        help="Stretch for display and classification. 'auto' applies 'mtf' to linear images "
        "and no stretch to finished images. 'linear' only scales the values. 'mtf-0.2-1.5' is "
        "'mtf' with a brightness of the sky of 0.2 (default 0.12) and a black point 1.5 deviations "
        "(default 2.8) below the sky.",
    ),
]

SolveOption = Annotated[
    SolverChoice,
    typer.Option(
        help="Plate solver that finds the place on the sky of images whose files do not "
        "contain it; 'auto' uses the first one that is installed. 'nova' is an online service "
        "and requires an API key."
    ),
]

SolveTimeLimitOption = Annotated[
    float,
    typer.Option(help="Maximum time to find the place of one image, in seconds.", min=0.001),
]
