"""``deepsky ablate``: measure the effect of each choice in the training recipe."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.panels import OUTPUT, TRAINING
from deepsky.cli.training_options import ImagesOption, ManifestOption, WeightsOption
from deepsky.errors import DeepskyError

if TYPE_CHECKING:
    from deepsky.training.ablation import AblationResult

__all__ = ["ablate"]


def ablate(
    model: Annotated[str, typer.Argument(help="efficientnet, resnet50 or vgg16.")],
    data: ManifestOption,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="NAME",
            help="Variant to train; can be given several times. Default: all variants.",
        ),
    ] = None,
    epochs: Annotated[
        int,
        typer.Option(
            rich_help_panel=TRAINING, metavar="N", help="Number of fine-tuning epochs.", min=0
        ),
    ] = 3,
    backbone_weights: WeightsOption = "imagenet",
    images: ImagesOption = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            rich_help_panel=OUTPUT,
            metavar="DIR",
            help="Folder for the results. Variants with stored results are not trained again.",
        ),
    ] = Path("runs/ablation"),
) -> None:
    """Train variants of the training recipe and compare them on the validation split.

    This takes hours. To resume an interrupted command, run it again with the same --output.
    """
    try:
        from deepsky.dataset.manifest import read_manifest
        from deepsky.dataset.splits import with_splits
        from deepsky.training.ablation import REFERENCE, ablation_recipes
        from deepsky.training.ablation import ablate as run
        from deepsky.training.backbones import find_backbone

        backbone = find_backbone(model)
        recipes = ablation_recipes(backbone, epochs)
        if unknown := set(variant or ()) - recipes.keys():
            stop(
                f"unknown variants: {', '.join(sorted(unknown))}. "
                f"Choose from: {', '.join(recipes)}.",
                USAGE,
            )
        chosen = {REFERENCE, *(variant or recipes)}
        examples = with_splits(read_manifest(data, images), recipes[REFERENCE].seed)
        for result in run(
            backbone,
            backbone_weights,
            examples,
            images or data.parent,
            {name: recipe for name, recipe in recipes.items() if name in chosen},
            output / model,
        ):
            for line in _lines(result):
                typer.echo(line)
    except ModuleNotFoundError as error:
        stop(f"ablation needs {error.name}. Install it: pip install 'deepsky[train]'.", FAILED)
    except DeepskyError as error:
        stop(str(error), USAGE)


def _lines(result: "AblationResult") -> list[str]:
    macro_f1, comparison = result.metrics.macro_f1, result.comparison
    changes = result.macro_f1_by_change
    mean = sum(changes.values()) / len(changes)
    return [
        f"{result.variant}: macro-F1 {macro_f1.value:.3f} ({macro_f1.low:.3f} to "
        f"{macro_f1.high:.3f}), fair macro-F1 {result.metrics.fair.macro_f1.value:.3f}, "
        f"cross-entropy {result.cross_entropy:.3f}",
        f"  images classified correctly only by this variant: {comparison['only_first']}, "
        "only by the reference: "
        f"{comparison['only_second']}, p-value {comparison['p_value']:.2f}",
        f"  macro-F1 on perturbed images: mean {mean:.3f}, "
        + ", ".join(f"{change} {value:.3f}" for change, value in changes.items()),
    ]
