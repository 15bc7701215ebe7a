"""Measure how much macro-F1 drops when images are rotated, brightened, compressed or scaled.

This script prints macro-F1 on the test split for each perturbation. The exit status is 1 if
macro-F1 drops by more than 3 percentage points for rotation or mirroring, or by more than 6 for any
other perturbation.

    python benchmarks/robustness.py dataset/manifest.csv --images DIR [--json FILE]
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from deepsky.classifier import Classifier, load_classifier
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.metrics import confusion_matrix, macro_f1
from deepsky.evaluation.perturbations import PERTURBATIONS, Pixels, perturb
from deepsky.evaluation.predictions import predict, read_pixels
from deepsky.models import available_models

ALLOWED: Final = dict.fromkeys(PERTURBATIONS, 0.06) | {
    "rotation by any angle": 0.03,
    "mirror": 0.03,
}
"""Maximum loss of macro-F1 for each perturbation."""


def score(classifier: Classifier, examples: Sequence[Example], images: Iterator[Pixels]) -> float:
    """Classify images and return the macro-F1 of the predictions."""
    predictions = predict(classifier, images)
    return float(macro_f1(confusion_matrix(label_indices(examples), predictions.labels)))


def main() -> int:
    """Measure and print macro-F1 for each model; return 1 if it drops by more than a limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", action="append")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    examples = members(with_splits(read_manifest(arguments.manifest, arguments.images), 0), "test")
    names = arguments.model or available_models()
    results: dict[str, dict[str, float]] = {}
    failures = 0
    for name in names:
        classifier = load_classifier(name)
        unchanged = score(classifier, examples, read_pixels(examples))
        results[name] = {"unchanged": unchanged}
        print(f"{name}: {unchanged:.3f} unchanged, {len(examples)} images", flush=True)
        for kind, change in PERTURBATIONS.items():
            value = score(classifier, examples, perturb(examples, change))
            results[name][kind] = value
            drop = unchanged - value
            failures += drop > ALLOWED[kind]
            note = "" if drop <= ALLOWED[kind] else f"  loss exceeds {ALLOWED[kind]:.2f}"
            print(f"  {kind:26} {value:.3f}  {-drop:+.3f}{note}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
