"""Options of the commands that write records and perform actions on each image."""

from pathlib import Path
from typing import Annotated

import typer

from deepsky.batch.sorter import Placing
from deepsky.cli.panels import ACTIONS, CLASSIFICATION

__all__ = [
    "ExplainOption",
    "InPlaceOption",
    "MinConfidenceOption",
    "PlacingOption",
    "SortIntoOption",
    "TagOption",
]

MinConfidenceOption = Annotated[
    float,
    typer.Option(
        rich_help_panel=CLASSIFICATION,
        metavar="P",
        help="Flag records with a confidence below this value (0 to 1).",
        min=0,
        max=1,
    ),
]

SortIntoOption = Annotated[
    Path | None,
    typer.Option(
        rich_help_panel=ACTIONS,
        metavar="DIR",
        help="Sort the images into subfolders of this folder, by label and verdict.",
        file_okay=False,
    ),
]

PlacingOption = Annotated[
    Placing | None,
    typer.Option(
        rich_help_panel=ACTIONS,
        metavar="HOW",
        help="How --sort-into places the images: copy (default), hardlink or symlink.",
    ),
]

TagOption = Annotated[
    Path | None,
    typer.Option(
        rich_help_panel=ACTIONS,
        metavar="DIR",
        help="Write an XMP sidecar for each image to this folder, with label, verdict and "
        "names of the object as keywords, and the place on the sky as AVM.",
        file_okay=False,
    ),
]

InPlaceOption = Annotated[
    bool,
    typer.Option(
        "--in-place",
        rich_help_panel=ACTIONS,
        help="Write the XMP sidecars next to the images instead.",
    ),
]

ExplainOption = Annotated[
    Path | None,
    typer.Option(
        rich_help_panel=ACTIONS,
        metavar="DIR",
        help="Write an overlay of the evidence for the label of each image to this folder.",
        file_okay=False,
    ),
]
