"""Options of the commands that read and classify images."""

from typing import Annotated

import typer

from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.sky.solving import SolverChoice

__all__ = ["ModelOption", "SolveOption", "SolveTimeLimitOption", "StretchOption", "TimeLimitOption"]

ModelOption = Annotated[
    str, typer.Option(help="Model to use; 'deepsky models' lists the installed ones.")
]

TimeLimitOption = Annotated[
    float, typer.Option(help="Maximum time to read one image, in seconds.", min=0.001)
]

StretchOption = Annotated[
    StretchChoice,
    typer.Option(
        help="Stretch for display and classification. 'auto' applies 'mtf' to linear images "
        "and no stretch to finished images. 'linear' only scales the values."
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
