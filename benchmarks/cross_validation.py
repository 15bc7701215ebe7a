r"""How good the networks are on fields of sky, or on sources, that they were not trained on.

Trains each network once a fold, which takes hours; an interrupted run goes on where it stopped.
Networks are asked at the input size of the installed model on their backbone, and put together as
in the installed ensemble. What a network answered about the pictures of a fold is kept in
`dataset/cross-validation`: what stands there is not trained again.

    python -m benchmarks.cross_validation dataset/manifest.csv --pictures DIR --weights DIR \
        --by field --folds 5 --model efficientnet --output runs/cross-validation
"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import sky_fields, with_splits
from deepsky.evaluation.answers import Answers
from deepsky.evaluation.metrics import measure
from deepsky.models.calibration import softmax
from deepsky.models.registry import find_bundle, members_of
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import BACKBONES, find_backbone
from deepsky.training.cross_validation import answer_fold, folds_by_field, folds_by_source
from deepsky.training.ensemble import ENSEMBLE
from deepsky.training.fitting import Recipe, recipe_for

WORST: Final = 10
"""Sources that are named, those with the smallest share of right answers."""


def claim(folder: Path, recipe: Recipe, size: int) -> None:
    """Note how the answers in a folder were made; end the program if it was in another way."""
    note = folder / "recipe.json"
    made_by = json.dumps(recipe.as_dict() | {"asked_at_pixels": size}, indent=1) + "\n"
    if note.exists() and note.read_text(encoding="utf-8") != made_by:
        sys.exit(f"{folder} holds answers of networks trained or asked in another way.")
    folder.mkdir(parents=True, exist_ok=True)
    note.write_text(made_by, encoding="utf-8")


def write_answers(path: Path, names: Sequence[str], logits: NDArray[np.floating]) -> None:
    """Keep what a network answered about the pictures of a fold."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["path", *LABELS])
        for name, scores in zip(names, logits, strict=True):
            rows.writerow([name, *(f"{score:.3f}" for score in scores)])


def read_answers(path: Path, names: Sequence[str]) -> NDArray[np.float32]:
    """Read what `write_answers` kept, and end the program if it is of other pictures."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if [row["path"] for row in rows] != list(names):
        sys.exit(f"{path} is of other pictures. Remove it to train anew.")
    return np.array([[row[label] for label in LABELS] for row in rows], dtype=np.float32)


def tell(
    name: str, logits: NDArray[np.floating], examples: Sequence[Example], output: Path
) -> None:
    """Measure answers, print the figures, and write all of them into a file."""
    probabilities, nothing = softmax(logits), np.zeros(len(examples))
    best = probabilities == probabilities.max(axis=1, keepdims=True)
    answers = Answers(probabilities, best, nothing, nothing > 0)
    metrics = measure(answers, examples, sky_fields(examples))
    for figure, found in (("strict", metrics), ("fair", metrics["fair"])):
        print(
            f"{name}, {figure}: macro-F1 {found['macro_f1']['value']:.3f} "
            f"({found['macro_f1']['low']:.3f} to {found['macro_f1']['high']:.3f}), "
            f"accuracy {found['accuracy']['value']:.3f}, {len(examples)} pictures"
        )
    by_source = sorted(metrics["by_source"].items(), key=lambda item: item[1]["value"])
    for source, share in by_source[:WORST]:
        print(f"  {share['value']:.3f} of {share['pictures']:4} right: {source}")
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"metrics-{name}.json"
    path.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Train, ask, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--weights", type=Path, help="Folder of NAME.weights.h5 files.")
    parser.add_argument("--by", choices=["field", "source"], default="field")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--model", action="append", choices=list(BACKBONES))
    parser.add_argument("--epochs", type=int, help="Of fine-tuning; the backbone's by default.")
    parser.add_argument("--frozen-stages", type=int)
    parser.add_argument("--output", type=Path, default=Path("runs/cross-validation"))
    parser.add_argument("--answers", type=Path, default=Path("dataset/cross-validation"))
    arguments = parser.parse_args()
    asked = {"epochs": arguments.epochs, "frozen_stages": arguments.frozen_stages}
    asked = {name: value for name, value in asked.items() if value is not None}
    pictures = arguments.pictures or arguments.manifest.parent
    examples = with_splits(read_manifest(arguments.manifest, pictures), seed=0)
    examples = [example for example in examples if example.split != "foreign"]
    names = np.array([example.path.relative_to(pictures).as_posix() for example in examples])
    folds = (
        folds_by_field(examples, arguments.folds, seed=0)
        if arguments.by == "field"
        else folds_by_source(examples, arguments.folds)
    )
    logits: dict[str, NDArray[np.float32]] = {}
    for model in arguments.model or list(BACKBONES):
        backbone = find_backbone(model)
        weights = arguments.weights / f"{model}.weights.h5" if arguments.weights else "imagenet"
        recipe = replace(recipe_for(backbone), **asked)
        size = find_bundle(model).card["input"]["size"]
        claim(arguments.answers / arguments.by / model, recipe, size)
        logits[model] = np.zeros((len(examples), len(LABELS)), dtype=np.float32)
        for number in range(arguments.folds):
            kept = arguments.answers / arguments.by / model / f"fold-{number}.csv"
            if not kept.exists():
                run = arguments.output / model / kept.stem
                found = answer_fold(
                    backbone, str(weights), examples, folds, number, recipe, size, run
                )
                write_answers(kept, names[folds == number], found)
            logits[model][folds == number] = read_answers(kept, names[folds == number])
    scales = {bundle.name: scale for bundle, scale in members_of(find_bundle(ENSEMBLE))}
    if scales.keys() <= logits.keys():
        weighed = [scale * logits[name] for name, scale in scales.items()]
        logits[ENSEMBLE] = np.sum(weighed, axis=0)
    for name, scores in logits.items():
        tell(name, scores, examples, arguments.output)


if __name__ == "__main__":
    main()
