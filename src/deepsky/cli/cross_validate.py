"""``deepsky cross-validate``: cross-validate a network by field of sky or by source."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.panels import OUTPUT, TRAINING
from deepsky.cli.training_options import DataOption, FromOption, ImagesOption, WeightsOption
from deepsky.errors import DeepskyError

if TYPE_CHECKING:
    from deepsky.evaluation.cross_validation import CrossValidationResult

__all__ = ["cross_validate"]

WORST: Final = 10
"""Number of sources to list: those with the lowest accuracy, lowest first."""


class By(StrEnum):
    """Property by which images are grouped into folds."""

    FIELD = "field"
    SOURCE = "source"


def cross_validate(
    model: Annotated[
        str,
        typer.Argument(
            help="efficientnet, resnet50 or vgg16; or ensemble, to combine their predictions."
        ),
    ],
    data: DataOption,
    by: Annotated[
        By,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="WHAT",
            help="Group the images into folds by field (of sky) or by source.",
        ),
    ] = By.FIELD,
    folds: Annotated[
        int, typer.Option(rich_help_panel=TRAINING, metavar="N", help="Number of folds.", min=2)
    ] = 5,
    epochs: Annotated[
        int | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="N",
            help="Number of fine-tuning epochs. Default: the same as for deepsky train.",
            min=0,
        ),
    ] = None,
    backbone_weights: WeightsOption = "imagenet",
    initial: FromOption = None,
    images: ImagesOption = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            rich_help_panel=OUTPUT,
            metavar="DIR",
            help="Folder for the results. Folds with stored results are not trained again.",
        ),
    ] = Path("runs/cross-validation"),
) -> None:
    """Evaluate a network by cross-validation.

    For each fold, a network is trained on the images of all other folds and evaluated on the images
    of this fold. This takes hours. To resume an interrupted command, run it again with the same
    --output. To calibrate a model with the results, run: deepsky train MODEL --cross-validated
    OUTPUT/source.
    """
    try:
        from deepsky.training.backbones import BACKBONES
        from deepsky.training.cross_validation import cross_validate as run
        from deepsky.training.ensemble import ENSEMBLE

        if model not in (*BACKBONES, ENSEMBLE):
            known = ", ".join((*BACKBONES, ENSEMBLE))
            stop(f"unknown model {model!r}. Choose one of: {known}.", USAGE)
        result = run(
            model,
            data,
            backbone_weights,
            output,
            by=by.value,
            count=folds,
            epochs=epochs,
            images=images,
            initial=initial,
        )
    except ModuleNotFoundError as error:
        stop(
            f"cross-validation needs {error.name}. Install it: pip install 'deepsky[train]'.",
            FAILED,
        )
    except DeepskyError as error:
        stop(str(error), USAGE)
    typer.echo(f"{model}: {folds} folds by {by.value}, {result.metrics.images} images")
    for line in _lines(result):
        typer.echo(f"  {line}")
    typer.echo(f"All metrics are in {output / by.value / model / 'metrics.json'}.")


def _lines(result: "CrossValidationResult") -> list[str]:
    metrics, coverage = result.metrics, result.metrics.coverage
    lowest = min(own.value or 0 for own in coverage.per_class.values())
    by_source = sorted(metrics.by_source.items(), key=lambda item: item[1].value or 0)
    return [
        *(
            f"{kind}: macro-F1 {own.macro_f1.value:.3f} "
            f"({own.macro_f1.low:.3f} to {own.macro_f1.high:.3f}), "
            f"accuracy {own.accuracy.value:.3f}"
            for kind, own in (("strict", metrics), ("fair", metrics.fair))
        ),
        f"expected calibration error {metrics.expected_calibration_error:.3f}",
        f"coverage {coverage.overall.value:.3f} (lowest coverage of a class: {lowest:.3f}), "
        f"mean size of the prediction sets {metrics.mean_set_size:.2f}",
        f"macro-F1 by fold: {min(result.macro_f1_by_fold):.3f} to "
        f"{max(result.macro_f1_by_fold):.3f}",
        f"coverage by fold: {min(result.coverage_by_fold):.3f} to "
        f"{max(result.coverage_by_fold):.3f}",
        *(
            f"at {size} px: macro-F1 {own.macro_f1:.3f}, accuracy {own.accuracy:.3f}, "
            f"cross-entropy {own.cross_entropy:.3f}"
            for size, own in result.by_input_size.items()
        ),
        *(
            f"accuracy {own.value:.3f} on {own.images:4} images from {source or 'unknown source'}"
            for source, own in by_source[:WORST]
        ),
    ]
