"""``deepsky train``: make a model from images whose answer is known."""

from pathlib import Path
from typing import Annotated

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.errors import DatasetError, ModelError

__all__ = ["train"]


def train(
    model: Annotated[
        str, typer.Argument(help="efficientnet, resnet50, vgg16, or ensemble to combine the three.")
    ],
    data: Annotated[
        Path, typer.Option(help="Manifest of the images, CSV.", exists=True, dir_okay=False)
    ],
    backbone_weights: Annotated[
        str, typer.Option(help="File of ImageNet weights, or imagenet to download them.")
    ] = "imagenet",
    images: Annotated[
        Path | None, typer.Option(help="Folder of the images, if not the manifest's.")
    ] = None,
    cross_validated: Annotated[
        Path | None,
        typer.Option(
            help="Folder of answers of cross-validated networks, to calibrate on too.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option(help="Folder for models; a run that was stopped goes on there.")
    ] = Path("runs"),
    seed: Annotated[int, typer.Option(help="Same seed, same splits.")] = 0,
) -> None:
    """Train a model. Started again with the same output folder, it goes on where it stopped."""
    try:
        from deepsky.training.backbones import BACKBONES, find_backbone
        from deepsky.training.ensemble import ENSEMBLE, assemble
        from deepsky.training.pipeline import train as train_model
        from deepsky.training.recipe import recipe_for

        if model not in (*BACKBONES, ENSEMBLE):
            known = ", ".join((*BACKBONES, ENSEMBLE))
            stop(f"there is no model {model!r} to train. Choose one of: {known}.", USAGE)
        if model == ENSEMBLE:
            folder = assemble(list(BACKBONES), data, output, images, cross_validated)
        else:
            recipe = recipe_for(find_backbone(model), seed)
            folder = train_model(
                model, data, backbone_weights, output, recipe, images, cross_validated
            )
    except ModuleNotFoundError as error:
        stop(f"training needs {error.name}. Install it: pip install 'deepsky[train]'.", FAILED)
    except (DatasetError, ModelError) as error:
        stop(str(error), USAGE)
    typer.echo(f"The model is in {folder}. To use it: DEEPSKY_MODELS={output} deepsky classify …")
