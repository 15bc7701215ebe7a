"""``deepsky evaluate``: evaluate models on labelled images."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.panels import CLASSIFICATION, DATA, OUTPUT
from deepsky.errors import DeepskyError

__all__ = ["evaluate"]

ALL = "all"


class EvaluationSplit(StrEnum):
    """Splits on which models can be evaluated."""

    TRAIN = "train"
    VALIDATION = "validation"
    SOURCE_VALIDATION = "source_validation"
    TEST = "test"
    SOURCE_TEST = "source_test"


def evaluate(
    manifest: Annotated[Path, typer.Argument(help="Manifest (CSV).", exists=True, dir_okay=False)],
    split: Annotated[
        EvaluationSplit,
        typer.Option(
            rich_help_panel=DATA,
            metavar="SPLIT",
            help=f"Split on which to evaluate the models: {', '.join(EvaluationSplit)}.",
        ),
    ] = EvaluationSplit.TEST,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            "-m",
            rich_help_panel=CLASSIFICATION,
            metavar="NAME",
            help="Name of a model, or 'all' for all installed models.",
        ),
    ] = ALL,
    report: Annotated[
        Path,
        typer.Option(
            "--report", "-o", rich_help_panel=OUTPUT, metavar="DIR", help="Folder for the report."
        ),
    ] = Path("report"),
    images: Annotated[
        Path | None,
        typer.Option(
            rich_help_panel=DATA,
            metavar="DIR",
            help="Folder with the images. Default: the folder of the manifest.",
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            rich_help_panel=DATA,
            metavar="N",
            help="Seed for the splits; must be the seed that was used for deepsky train. Ignored "
            "if the manifest contains splits.",
        ),
    ] = 0,
) -> None:
    """Evaluate models on the images of a manifest, and write metrics.json and report.html."""
    try:
        from deepsky.classifier import load_classifiers
        from deepsky.dataset.manifest import read_manifest
        from deepsky.dataset.splits import with_splits
        from deepsky.evaluation.evaluate import PRECISION, evaluate_all
        from deepsky.evaluation.report import write_report
        from deepsky.models import available_models

        examples = with_splits(read_manifest(manifest, images), seed)
        names = available_models() if model == ALL else [model]
        evaluation = evaluate_all(
            load_classifiers(names, precision=PRECISION), examples, split.value
        )
        write_report(evaluation, manifest.name, report)
    except ModuleNotFoundError as error:
        stop(f"evaluation needs {error.name}. Install it: pip install 'deepsky[evaluate]'.", FAILED)
    except DeepskyError as error:
        stop(str(error), USAGE)
    typer.echo(f"Report written to {report / 'report.html'}.")
