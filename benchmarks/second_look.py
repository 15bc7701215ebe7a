"""Measure whether a second look at the middle of an image helps where the first look doubts.

The first look is the whole image, the second one its middle half, both scaled to the input of the
network. The second look is used only if the first one is not *confident*. The images are those of
the split source_validation, whose photographers do not occur in training, and the originals of the
split validation that are more than 600 pixels wide or high.

The looks are combined in three ways: the mean of the probabilities; the sum of the logits with two
weights; and multinomial logistic regression on the logits. The weights and the regression are
fitted to the images in doubt, in 8-fold cross-validation by source.

    python benchmarks/second_look.py MANIFEST --images DIR [--cache FILE.npz]

The logits are written to the cache, or read from it if it exists.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from deepsky.dataset.batches import batches
from deepsky.dataset.manifest import VALIDATION, Example, read_manifest, read_rows
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.evaluate import PRECISION
from deepsky.evaluation.predictions import read_pixels
from deepsky.imaging import read_image
from deepsky.models import find_bundle
from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration, softmax
from deepsky.models.preparation import SHORTER_SIDE, fit_to_input
from deepsky.models.runtime import Runtime

FOLDS: Final = 8
LARGE: Final = 600

Logits = NDArray[np.float32]


def choose(manifest: Path, images: Path) -> list[Example]:
    """Return the images by new photographers and the large originals of the validation splits."""
    sides = {
        images / row["path"]: max(int(row["width"]), int(row["height"]))
        for row in read_rows(manifest, ["width", "height"])
    }
    examples = members(with_splits(read_manifest(manifest, images), seed=0), *VALIDATION)
    return [e for e in examples if e.split == "source_validation" or sides[e.path] > LARGE]


def compute(bundle: ModelBundle, examples: list[Example]) -> tuple[Logits, Logits]:
    """Return the logits of both looks, each of shape (n, k)."""
    runtime, size = Runtime(bundle.read_network(), bundle.input_size, PRECISION), bundle.input_size
    first: list[Logits] = []
    second: list[Logits] = []
    for batch in batches(examples, "Looking twice"):
        whole = [fit_to_input(pixels, size) for pixels in read_pixels(batch)]
        middle = [fit_to_input(_middle(example), size) for example in batch]
        first.append(runtime.run(np.stack(whole)).logits)
        second.append(runtime.run(np.stack(middle)).logits)
    return np.concatenate(first), np.concatenate(second)


def _middle(example: Example) -> NDArray[np.uint8]:
    pixels = read_image(example.path, at_least=2 * SHORTER_SIDE).pixels
    height, width = pixels.shape[:2]
    rows, columns = slice(height // 4, -(height // 4)), slice(width // 4, -(width // 4))
    return np.ascontiguousarray(pixels[rows, columns])


def combine_by_weights(
    fitted: NDArray[np.float32], right: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the two weights of logits of shape (n, 2, k) with the lowest cross-entropy."""

    def loss(weights: NDArray[np.float64]) -> float:
        probabilities = softmax(np.einsum("nlk,l->nk", fitted, weights))
        return float(-np.log(probabilities[np.arange(len(right)), right] + 1e-9).mean())

    return np.asarray(minimize(loss, [1.0, 0.1], method="Nelder-Mead").x)


def main() -> None:
    """Compute the logits, and print a table for each set of images."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", default="efficientnet")
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    bundle = find_bundle(arguments.model)
    examples = choose(arguments.manifest, arguments.images or arguments.manifest.parent)
    if arguments.cache and arguments.cache.exists():
        with np.load(arguments.cache) as arrays:
            first, second = arrays["first"], arrays["second"]
    else:
        first, second = compute(bundle, examples)
        if arguments.cache:
            np.savez(arguments.cache, first=first, second=second)

    right = label_indices(examples, bundle.card.labels)
    sources = np.array([example.source for example in examples])
    new = np.array([example.split == "source_validation" for example in examples])
    calibration = Calibration.from_card(bundle.card)
    one = calibration.probabilities(first)
    doubt = np.array([not calibration.is_confident(row) for row in one])
    both = np.stack([first, second], axis=1)
    weighted, regression = one.copy(), one.copy()
    for train, test in GroupKFold(FOLDS).split(first, groups=sources):
        train, test = train[doubt[train]], test[doubt[test]]
        weights = combine_by_weights(both[train], right[train])
        weighted[test] = softmax(np.einsum("nlk,l->nk", both[test], weights))
        model = LogisticRegression(C=0.1, max_iter=2000).fit(_flat(both[train]), right[train])
        regression[test] = model.predict_proba(_flat(both[test]))
    mean = np.where(doubt[:, None], (one + calibration.probabilities(second)) / 2, one)

    rows = {"one look": one, "mean": mean, "weights": weighted, "regression": regression}
    for name, chosen in {"new photographers": new, "large originals": ~new}.items():
        share = doubt[chosen].mean()
        print(f"\n{name}: {chosen.sum()} images, {share:.1%} of them looked at twice\n")
        print("| looks | correct | cross-entropy |\n| --- | --- | --- |")
        for rule, probabilities in rows.items():
            true = probabilities[np.arange(len(right)), right][chosen]
            correct = (probabilities.argmax(axis=1) == right)[chosen]
            print(f"| {rule} | {correct.sum()} | {-np.log(true + 1e-9).mean():.3f} |")


def _flat(both: Logits) -> Logits:
    return both.reshape(len(both), -1)


if __name__ == "__main__":
    main()
