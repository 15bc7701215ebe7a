"""``deepsky train``: train a model on labelled images."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.training_options import ImagesOption, ManifestOption, WeightsOption
from deepsky.errors import DeepskyError

__all__ = ["train"]

VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}")


def _check_version(version: str | None) -> str | None:
    if version is not None and not VERSION.fullmatch(version):
        msg = "use up to 64 letters, digits or . + _ -, and start with a letter or a digit."
        raise typer.BadParameter(msg)
    return version


def train(
    model: Annotated[
        str,
        typer.Argument(help="efficientnet, resnet50 or vgg16; or ensemble, to combine the three."),
    ],
    data: ManifestOption,
    backbone_weights: WeightsOption = "imagenet",
    images: ImagesOption = None,
    cross_validated: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the results of deepsky cross-validate, such as "
            "runs/cross-validation/source. The results are used to calibrate the model.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            help="Folder for the trained models. An interrupted run in this folder is resumed."
        ),
    ] = Path("runs"),
    seed: Annotated[int, typer.Option(help="Seed for the splits and the training.")] = 0,
    version: Annotated[
        str | None,
        typer.Option(
            help="Version of the model. Default: the date and a hash of the model's content.",
            callback=_check_version,
        ),
    ] = None,
) -> None:
    """Train a model. To resume an interrupted run, run the same command again."""
    try:
        from deepsky.training.backbones import BACKBONES, find_backbone
        from deepsky.training.ensemble import ENSEMBLE, assemble
        from deepsky.training.pipeline import train as train_model
        from deepsky.training.recipe import recipe_for

        if model not in (*BACKBONES, ENSEMBLE):
            known = ", ".join((*BACKBONES, ENSEMBLE))
            stop(f"unknown model {model!r}. Choose one of: {known}.", USAGE)
        if model == ENSEMBLE:
            folder = assemble(list(BACKBONES), data, output, images, cross_validated, version)
        else:
            recipe = recipe_for(find_backbone(model), seed)
            folder = train_model(
                model, data, backbone_weights, output, recipe, images, cross_validated, version
            )
    except ModuleNotFoundError as error:
        stop(f"training needs {error.name}. Install it: pip install 'deepsky[train]'.", FAILED)
    except DeepskyError as error:
        stop(str(error), USAGE)
    typer.echo(
        f"Model written to {folder}. To use it, run: DEEPSKY_MODELS={output} deepsky classify …"
    )
