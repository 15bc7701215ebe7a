"""Options that the commands for training have in common."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["DataOption", "FromOption", "ImagesOption", "ManifestOption", "WeightsOption"]

ManifestOption = Annotated[Path, typer.Option(help="Manifest (CSV).", exists=True, dir_okay=False)]

DataOption = Annotated[
    Path,
    typer.Option(
        help="Folder with one subfolder of images per class, or manifest (CSV).", exists=True
    ),
]

FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Name of an installed model whose training is continued, such as efficientnet. "
        "Default: start with ImageNet weights.",
    ),
]

ImagesOption = Annotated[
    Path | None,
    typer.Option(help="Folder with the images. Default: the folder of the manifest."),
]

WeightsOption = Annotated[
    str, typer.Option(help="File with ImageNet weights, or 'imagenet' to download them.")
]
