"""Options that the commands for training have in common."""

from pathlib import Path
from typing import Annotated

import typer

from deepsky.cli.panels import DATA, TRAINING

__all__ = ["DataOption", "FromOption", "ImagesOption", "ManifestOption", "WeightsOption"]

ManifestOption = Annotated[
    Path,
    typer.Option(
        rich_help_panel=DATA, metavar="FILE", help="Manifest (CSV).", exists=True, dir_okay=False
    ),
]

DataOption = Annotated[
    Path,
    typer.Option(
        rich_help_panel=DATA,
        metavar="PATH",
        help="Folder with one subfolder of images per class, or manifest (CSV).",
        exists=True,
    ),
]

FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        rich_help_panel=TRAINING,
        metavar="NAME",
        help="Name of an installed model whose training is continued, such as efficientnet. "
        "Default: start with ImageNet weights.",
    ),
]

ImagesOption = Annotated[
    Path | None,
    typer.Option(
        rich_help_panel=DATA,
        metavar="DIR",
        help="Folder with the images. Default: the folder of the manifest.",
    ),
]

WeightsOption = Annotated[
    str,
    typer.Option(
        rich_help_panel=TRAINING,
        metavar="FILE",
        help="File with ImageNet weights, or 'imagenet' to download them.",
    ),
]
