"""``deepsky fit-kinds``: let a trained model predict kinds of objects and other images."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.training_options import DataOption, ImagesOption
from deepsky.errors import DeepskyError

if TYPE_CHECKING:
    from deepsky.models.card import Kinds

__all__ = ["fit_kinds"]


def fit_kinds(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of a trained model.", exists=True)
    ],
    data: DataOption,
    images: ImagesOption = None,
) -> None:
    """Let a trained model predict kinds, such as spiral galaxy or planet.

    The column kind of the manifest states the kinds. The model's network is not changed: a small
    regression on its embeddings is written into its folder, and its figures into the card.
    """
    try:
        from deepsky.dataset.dataset import read_dataset
        from deepsky.models.bundle import ModelBundle
        from deepsky.training import kinds
        from deepsky.training.outputs import NetworkOutputs

        bundle = ModelBundle(folder)
        network, size = bundle.read_network(), bundle.input_size
        seed = bundle.card.training.recipe.seed if bundle.card.training else 0
        examples = [
            example
            for example in read_dataset(data, images).with_splits(seed).examples
            if example.split != "out_of_distribution"
            and (example.split != "train" or kinds.kind_of(example))
        ]
        facts = kinds.fit_kinds(folder, examples, NetworkOutputs.compute(network, size, examples))
    except ModuleNotFoundError as error:
        stop(f"training needs {error.name}. Install it: pip install 'deepsky[train]'.", FAILED)
    except DeepskyError as error:
        stop(str(error), USAGE)
    _show(facts)


def _show(facts: "Kinds") -> None:
    for label, kinds in facts.by_label.items():
        for kind, one in kinds.items():
            use = "never asserted" if one.threshold is None else f"from {one.threshold:.2f}"
            correct = "; ".join(
                f"{split} {part.images.count} of {part.images.images}"
                for split, part in (
                    ("validation", one.validation),
                    ("test", one.test),
                    ("new sources", one.source_test),
                )
            )
            typer.echo(f"{label}: {kind}, {one.fields} fields, {use}; correct: {correct}")
