r"""How good the networks are on fields of sky, or on sources, that they were not trained on.

Trains each network once a fold, which takes hours; an interrupted run goes on where it stopped.
What a network answered about the images of a fold is kept in `dataset/cross-validation`: what
stands there is not trained again. The figures are of answers at the input size of the installed
model on the same backbone, put together as in the installed ensemble, and calibrated on the other
folds. Intervals are from drawing with replacement what was held out as a whole, fields or sources.

    python -m benchmarks.cross_validation dataset/manifest.csv --images DIR --weights DIR \
        --by field --folds 5 --model efficientnet --output runs/cross-validation
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import sky_fields, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.metrics import measure
from deepsky.evaluation.predictions import Predictions
from deepsky.models.calibration import Calibration
from deepsky.models.registry import find_bundle, members_of
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import BACKBONES, find_backbone
from deepsky.training.calibration import calibrated_cross_entropy
from deepsky.training.cross_validation import folds_by_field, folds_by_source, predict_fold
from deepsky.training.ensemble import ENSEMBLE
from deepsky.training.fitting import Recipe, recipe_for
from deepsky.training.outputs import CrossValidationLogits

WORST: Final = 10
"""Sources that are named, those with the smallest share of right answers."""


def claim(folder: Path, recipe: Recipe) -> None:
    """Note by which recipe the answers in a folder were made; end the program at another one."""
    note = folder / "recipe.json"
    made_by = json.dumps(recipe.as_dict(), indent=1) + "\n"
    if note.exists() and note.read_text(encoding="utf-8") != made_by:
        sys.exit(f"{folder} holds answers of networks trained by another recipe.")
    folder.mkdir(parents=True, exist_ok=True)
    note.write_text(made_by, encoding="utf-8")


def compare_sizes(answers: CrossValidationLogits, right: NDArray[np.integer]) -> None:
    """Print how good a network is at each input size."""
    for size, logits in answers.logits.items():
        labels = logits.argmax(axis=1)
        print(
            f"  at {size} px: macro-F1 {f1_score(right, labels, average='macro'):.3f}, "
            f"accuracy {(labels == right).mean():.3f}, "
            f"cross-entropy {calibrated_cross_entropy(logits, right):.3f}"
        )


def each(folds: NDArray[np.integer]) -> list[NDArray[np.bool_]]:
    """Tell for each fold which images are in it."""
    return [folds == number for number in np.unique(folds)]


def calibrate(
    logits: NDArray[np.floating], right: NDArray[np.integer], folds: NDArray[np.integer]
) -> Predictions:
    """Turn the scores of each fold into answers, calibrated on the other folds."""
    probabilities = np.zeros(logits.shape)
    sets = np.zeros(logits.shape, dtype=bool)
    for own in each(folds):
        calibration = Calibration.fit(logits[~own], right[~own])
        probabilities[own] = calibration.probabilities(logits[own])
        sets[own] = probabilities[own] >= [calibration.thresholds[label] for label in LABELS]
    nothing = np.zeros(len(logits))
    return Predictions(probabilities, sets, nothing, nothing > 0)


def tell(
    name: str,
    answers: Predictions,
    examples: Sequence[Example],
    groups: Sequence[int],
    folds: NDArray[np.integer],
    output: Path,
) -> None:
    """Measure answers, print the figures, and write all of them into a file."""
    metrics = measure(answers, examples, groups)
    for figure, found in (("strict", metrics), ("fair", metrics.fair)):
        print(
            f"{name}, {figure}: macro-F1 {found.macro_f1.value:.3f} "
            f"({found.macro_f1.low:.3f} to {found.macro_f1.high:.3f}), "
            f"accuracy {found.accuracy.value:.3f}, {len(examples)} images"
        )
    coverage = metrics.coverage
    least = min(own.low if own.value is None else own.value for own in coverage.per_class.values())
    print(
        f"  calibration error {metrics.expected_calibration_error:.3f}, coverage "
        f"{coverage.overall.value:.3f} (least in a class {least:.3f}), labels in a set "
        f"{metrics.mean_set_size:.2f}"
    )
    right = label_indices(examples)
    covered = answers.sets[np.arange(len(right)), right]
    for figure, by_fold in (
        (
            "macro-F1",
            [f1_score(right[own], answers.labels[own], average="macro") for own in each(folds)],
        ),
        ("coverage", [covered[own].mean() for own in each(folds)]),
    ):
        print(f"  {figure} of a fold: {min(by_fold):.3f} to {max(by_fold):.3f}")
    by_source = sorted(metrics.by_source.items(), key=lambda item: item[1].value or 0)
    for source, share in by_source[:WORST]:
        print(f"  {share.value:.3f} of {share.images:4} right: {source}")
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"metrics-{name}.json"
    path.write_text(json.dumps(metrics.as_dict(), indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Train, predict, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--weights", type=Path, help="Folder of NAME.weights.h5 files.")
    parser.add_argument("--by", choices=["field", "source"], default="field")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--model", action="append", choices=list(BACKBONES))
    parser.add_argument("--share", type=float, default=1, help="Of the epochs of fine-tuning.")
    parser.add_argument("--output", type=Path, default=Path("runs/cross-validation"))
    parser.add_argument("--answers", type=Path, default=Path("dataset/cross-validation"))
    arguments = parser.parse_args()
    images = arguments.images or arguments.manifest.parent
    examples = with_splits(read_manifest(arguments.manifest, images), seed=0)
    examples = [example for example in examples if example.split != "out_of_distribution"]
    names = [example.path.relative_to(images).as_posix() for example in examples]
    if arguments.by == "field":
        groups = sky_fields(examples)
        folds = folds_by_field(examples, arguments.folds, seed=0)
    else:
        sources = [example.source for example in examples]
        groups = [sources.index(source) for source in sources]
        folds = folds_by_source(examples, arguments.folds)
    right = label_indices(examples)
    logits: dict[str, NDArray[np.float32]] = {}
    for model in arguments.model or list(BACKBONES):
        backbone = find_backbone(model)
        weights = arguments.weights / f"{model}.weights.h5" if arguments.weights else "imagenet"
        recipe = recipe_for(backbone)
        recipe = replace(recipe, epochs=round(arguments.share * recipe.epochs))
        kept = arguments.answers / arguments.by / model
        claim(kept, recipe)
        for number in range(arguments.folds):
            fold = kept / f"fold-{number}.npz"
            if not fold.exists():
                run = arguments.output / model / fold.stem
                found = predict_fold(backbone, str(weights), examples, folds, number, recipe, run)
                own = [name for name, of in zip(names, folds, strict=True) if of == number]
                CrossValidationLogits(tuple(own), found).save(fold)
        answers = CrossValidationLogits.load_folds(kept).select(names)
        logits[model] = answers.logits[find_bundle(model).input_size]
        print(model)
        compare_sizes(answers, right)
    scales = {bundle.name: scale for bundle, scale in members_of(find_bundle(ENSEMBLE))}
    if scales.keys() <= logits.keys():
        weighed = [scale * logits[name] for name, scale in scales.items()]
        logits[ENSEMBLE] = np.sum(weighed, axis=0)
    for name, scores in logits.items():
        answered = calibrate(scores, right, folds)
        tell(name, answered, examples, groups, folds, arguments.output)


if __name__ == "__main__":
    main()
