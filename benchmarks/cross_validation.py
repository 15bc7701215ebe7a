r"""How good the networks are on fields of sky, or on sources, that they were not trained on.

Trains each network once a fold, which takes hours; an interrupted run goes on where it stopped.

    python benchmarks/cross_validation.py dataset/manifest.csv --pictures DIR --weights DIR \
        --by field --folds 5 --model efficientnet --output runs/cross-validation
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from deepsky.dataset.manifest import read_manifest
from deepsky.dataset.splits import sky_fields, with_splits
from deepsky.evaluation.answers import Answers
from deepsky.evaluation.metrics import measure
from deepsky.models.calibration import softmax
from deepsky.training.backbones import BACKBONES, find_backbone
from deepsky.training.cross_validation import cross_validate, folds_by_field, folds_by_source
from deepsky.training.fitting import recipe_for


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
    arguments = parser.parse_args()
    asked = {"epochs": arguments.epochs, "frozen_stages": arguments.frozen_stages}
    asked = {name: value for name, value in asked.items() if value is not None}
    examples = with_splits(read_manifest(arguments.manifest, arguments.pictures), seed=0)
    examples = [example for example in examples if example.split != "foreign"]
    folds = (
        folds_by_field(examples, arguments.folds, seed=0)
        if arguments.by == "field"
        else folds_by_source(examples, arguments.folds)
    )
    fields = sky_fields(examples)
    logits = {}
    for name in arguments.model or list(BACKBONES):
        own = arguments.weights / f"{name}.weights.h5" if arguments.weights else "imagenet"
        backbone = find_backbone(name)
        recipe = replace(recipe_for(backbone), **asked)
        logits[name] = cross_validate(
            backbone, str(own), examples, folds, recipe, arguments.output / name
        )
    if len(logits) > 1:
        shares = [np.log(softmax(one) + 1e-12) for one in logits.values()]
        logits["together"] = np.mean(shares, axis=0)
    for name, scores in logits.items():
        probabilities = softmax(scores)
        nothing = np.zeros(len(examples))
        best = probabilities == probabilities.max(axis=1, keepdims=True)
        metrics = measure(Answers(probabilities, best, nothing, nothing > 0), examples, fields)
        for figure, found in (("strict", metrics), ("fair", metrics["fair"])):
            print(
                f"{name}, {figure}: macro-F1 {found['macro_f1']['value']:.3f} "
                f"({found['macro_f1']['low']:.3f} to {found['macro_f1']['high']:.3f}), "
                f"accuracy {found['accuracy']['value']:.3f}, {len(examples)} pictures"
            )
        path = arguments.output / f"metrics-{name}.json"
        path.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
        by_source = sorted(metrics["by_source"].items(), key=lambda item: item[1]["value"])
        for source, share in by_source[:10]:
            print(f"  {share['value']:.3f} of {share['pictures']:4} right: {source}")


if __name__ == "__main__":
    main()
