"""``deepsky train``: make a model from pictures whose answer is known."""

from pathlib import Path
from typing import Annotated

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.errors import DatasetError, ModelNotFoundError

__all__ = ["train"]


def train(
    model: Annotated[str, typer.Argument(help="The network, such as efficientnet.")],
    data: Annotated[
        Path, typer.Option(help="Manifest of the pictures, CSV.", exists=True, dir_okay=False)
    ],
    backbone_weights: Annotated[
        str, typer.Option(help="File of ImageNet weights, or imagenet to download them.")
    ],
    output: Annotated[
        Path, typer.Option(help="Folder for models; a run that was stopped goes on there.")
    ] = Path("runs"),
    seed: Annotated[int, typer.Option(help="Same seed, same splits.")] = 0,
) -> None:
    """Train a model. Started again with the same output folder, it goes on where it stopped."""
    try:
        from deepsky.training.fitting import Recipe
        from deepsky.training.pipeline import train as train_model

        folder = train_model(model, data, backbone_weights, output, Recipe(seed=seed))
    except ModuleNotFoundError as error:
        stop(f"training needs {error.name}. Install it: pip install 'deepsky[train]'.", FAILED)
    except (DatasetError, ModelNotFoundError) as error:
        stop(str(error), USAGE)
    typer.echo(f"The model is in {folder}. To use it: DEEPSKY_MODELS={output} deepsky classify …")
