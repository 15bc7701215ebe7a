"""Loss of macro-F1 when images are rotated, brightened, compressed or scaled.

Prints macro-F1 on the test split under each change, and exits with 1 if a loss is larger than
allowed: 3 points for rotation and mirror, 6 for the rest.

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
"""Largest allowed loss of macro-F1 under each change."""


def score(classifier: Classifier, examples: Sequence[Example], images: Iterator[Pixels]) -> float:
    """Return the macro-F1 of the predictions."""
    predictions = predict(classifier, images)
    return float(macro_f1(confusion_matrix(label_indices(examples), predictions.labels)))


def main() -> int:
    """Measure and print; return 1 if a loss is larger than allowed."""
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
            note = "" if drop <= ALLOWED[kind] else f"  more than the {ALLOWED[kind]:.2f} allowed"
            print(f"  {kind:26} {value:.3f}  {-drop:+.3f}{note}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
