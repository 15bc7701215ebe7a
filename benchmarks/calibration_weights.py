"""Measure how the weight of images by new photographers in the calibration affects its promises.

The images are those of the splits validation and source_validation. The photographers of the latter
do not occur in training. Its images have together the weight of all others times the given factor;
`deepsky.training.calibration.calibration_weights` uses the factor 1. Each calibration is evaluated
on images that were not used to fit it: on *new photographers* in 8-fold cross-validation by source,
and on *other images*, half of which are used to fit it. Both are repeated with several random
divisions.

    python benchmarks/calibration_weights.py MANIFEST --images DIR [--model efficientnet]
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from deepsky.dataset.manifest import VALIDATION, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.models import find_bundle
from deepsky.models.calibration import Calibration
from deepsky.training.outputs import NetworkOutputs

FACTORS: Final = (0.0, 1.0, 2.0, 4.0)
FOLDS: Final = 8
REPETITIONS: Final = 6

Logits = NDArray[np.float32]
Indices = NDArray[np.int64]


class Trial:
    """The logits and labels of all images, and the calibration with one factor."""

    def __init__(self, logits: Logits, right: Indices, new: NDArray[np.bool_], factor: float):
        self.logits, self.right, self.new, self.factor = logits, right, new, factor

    def fit(self, chosen: Indices) -> Calibration:
        """Fit a calibration to the chosen images."""
        if self.factor == 0:
            chosen = chosen[~self.new[chosen]]
        new = self.new[chosen]
        weight = self.factor * (~new).sum() / max(1, new.sum())
        return Calibration.fit(
            self.logits[chosen], self.right[chosen], weights=np.where(new, weight, 1.0)
        )

    def evaluate(self, calibration: Calibration, chosen: Indices) -> NDArray[np.float64]:
        """Return, for each image: is it covered, size of the set, is it confident, is it right."""
        probabilities, right = calibration.probabilities(self.logits[chosen]), self.right[chosen]
        sets = probabilities >= np.array(list(calibration.thresholds.values()))
        return np.stack(
            [
                sets[np.arange(len(right)), right],
                sets.sum(axis=1),
                calibration.is_confident(probabilities),
                probabilities.argmax(axis=1) == right,
            ],
            axis=1,
        ).astype(np.float64)


def describe(results: list[NDArray[np.float64]]) -> str:
    """Return the coverage, the size, and the share and accuracy of confident answers."""
    covered, sizes, confident, right = np.concatenate(results).T
    accuracy = right[confident == 1].mean()
    return f"{covered.mean():.3f} | {sizes.mean():.2f} | {confident.mean():.3f} | {accuracy:.3f}"


def main() -> None:
    """Compute the logits, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", default="efficientnet")
    arguments = parser.parse_args()
    images = arguments.images or arguments.manifest.parent
    every = with_splits(read_manifest(arguments.manifest, images), seed=0)
    examples = members(every, *VALIDATION)
    bundle = find_bundle(arguments.model)
    logits = NetworkOutputs.compute(bundle.read_network(), bundle.input_size, examples).logits
    right = label_indices(examples, bundle.card.labels)
    new = np.array([example.split == "source_validation" for example in examples])
    _, sources = np.unique([example.source for example in examples], return_inverse=True)

    print("| factor | images | coverage | labels per set | confident | of these, correct |")
    print("| --- | --- | --- | --- | --- | --- |")
    for factor in FACTORS:
        trial = Trial(logits, right, new, factor)
        by_new, by_others = [], []
        for repetition in range(REPETITIONS):
            rng = np.random.default_rng(repetition)
            ours, others = np.flatnonzero(new), rng.permutation(np.flatnonzero(~new))
            groups = rng.permutation(sources.max() + 1)[sources[ours]]
            for train, test in GroupKFold(FOLDS).split(ours, groups=groups):
                calibration = trial.fit(np.concatenate([others, ours[train]]))
                by_new.append(trial.evaluate(calibration, ours[test]))
            train, test = np.array_split(others, 2)
            by_others.append(trial.evaluate(trial.fit(np.concatenate([train, ours])), test))
        print(f"| {factor:g} | new photographers | {describe(by_new)} |")
        print(f"| | other images | {describe(by_others)} |")


if __name__ == "__main__":
    main()
