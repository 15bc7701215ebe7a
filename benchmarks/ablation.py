r"""What each choice of the recipe is worth: how good a network is on validation without it.

Asks about the images as they are, as other people may have made them (the changes of
`benchmarks/robustness.py`), and with the object small among stars. Each line is a training, so
this takes hours; an interrupted run goes on where it stopped. What a network answered is kept in
`dataset/ablation`: what stands there is not trained again.

    python -m benchmarks.ablation dataset/manifest.csv --images DIR --weights DIR
"""

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.cross_validation import claim
from benchmarks.robustness import CHANGES, Pixels, changed
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, sky_fields, with_splits
from deepsky.dataset.synthetic_skies import place_among_stars
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.comparison import compare
from deepsky.evaluation.metrics import confusion_matrix, macro_f1, measure
from deepsky.evaluation.predictions import Predictions
from deepsky.models.calibration import softmax
from deepsky.models.preparation import fit_to_input
from deepsky.training.augmentation import STEPS
from deepsky.training.backbones import BACKBONES, find_backbone
from deepsky.training.calibration import calibrated_cross_entropy
from deepsky.training.fitting import Recipe, fit

FULL: Final = "all stages"
HEAD: Final = "head.weights.h5"
AS_IT_IS: Final = "as it is"
SQUARE: Final = 448
"""Side of an image that is set among stars, in pixels."""


def leave(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    """Change nothing."""
    return pixels


def set_small(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Set the image small among drawn stars."""
    square = Image.fromarray(fit_to_input(pixels, SQUARE))
    return np.asarray(place_among_stars(square, rng))


def scores_under_changes(
    network: keras.Model, size: int, examples: Sequence[Example]
) -> dict[str, NDArray[np.float32]]:
    """Ask about images as they are and as they might be, each of shape (n, 4)."""
    changes = {AS_IT_IS: leave, **{kind: change for kind, (change, _) in CHANGES.items()}}
    scores = {}
    for kind, change in {**changes, "small among stars": set_small}.items():
        inputs = [fit_to_input(pixels, size) for pixels in changed(examples, change)]
        scores[kind] = network.predict(np.stack(inputs).astype("f4"), verbose=0)
    return scores


def save(path: Path, names: Sequence[str], scores: Mapping[str, NDArray[np.float32]]) -> None:
    """Write the answers about images, in half precision; whole or not at all."""
    arrays: dict[str, Any] = {kind: logits.astype("f2") for kind, logits in scores.items()}
    unfinished = path.with_name(f"unfinished-{path.name}")
    np.savez_compressed(unfinished, names=np.array(names), **arrays)
    unfinished.replace(path)


def load(path: Path, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Read what `save` wrote; end the program if it is about other images."""
    with np.load(path) as arrays:
        if list(arrays["names"]) != list(names):
            sys.exit(f"{path} holds answers about other images.")
        return {kind: arrays[kind].astype("f4") for kind in arrays if kind != "names"}


def main() -> None:
    """Train without each choice, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", choices=list(BACKBONES), default="efficientnet")
    parser.add_argument("--weights", type=Path, help="Folder of NAME.weights.h5 files.")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--depth-only", action="store_true", help="Leave the augmentation alone.")
    parser.add_argument("--output", type=Path, default=Path("runs/ablation"))
    parser.add_argument("--answers", type=Path, default=Path("dataset/ablation"))
    arguments = parser.parse_args()
    backbone = find_backbone(arguments.model)
    weights = "imagenet"
    if arguments.weights:
        weights = str(arguments.weights / f"{backbone.name}.weights.h5")
    full = Recipe(epochs=arguments.epochs)
    stages = len(backbone.stages)
    variants = {
        FULL: full,
        "last three stages": replace(full, frozen_stages=stages - 3),
        "last two stages": replace(full, frozen_stages=stages - 2),
        "last stage": replace(full, frozen_stages=stages - 1),
        "frozen": replace(full, epochs=0),
    }
    if not arguments.depth_only:
        variants |= {f"without {step}": replace(full, without=(step,)) for step in STEPS}
    images = arguments.images or arguments.manifest.parent
    examples = with_splits(read_manifest(arguments.manifest, images), full.seed)
    learn, held_out = members(examples, "train"), members(examples, "validation")
    names = tuple(example.path.relative_to(images).as_posix() for example in held_out)
    fields = [
        field
        for field, example in zip(sky_fields(examples), examples, strict=True)
        if example.split == "validation"
    ]
    kept, runs = arguments.answers / backbone.name, arguments.output / backbone.name
    claim(kept, full)
    right = label_indices(held_out)
    correct = {}
    for name, recipe in variants.items():
        found = kept / f"{name.replace(' ', '-')}.npz"
        run = runs / found.stem
        if not found.exists():
            run.mkdir(parents=True, exist_ok=True)
            head = runs / FULL.replace(" ", "-") / HEAD
            if head.exists() and not (run / HEAD).exists():
                shutil.copy(head, run)  # all start from the same
            network = fit(backbone, weights, learn, held_out, recipe, run)
            save(found, names, scores_under_changes(network, backbone.input_size, held_out))
        scores = load(found, names)
        plain = scores[AS_IT_IS]
        probabilities, nothing = softmax(plain), np.zeros(len(plain))
        best = probabilities == probabilities.max(axis=1, keepdims=True)
        answers = Predictions(probabilities, best, nothing, nothing > 0)
        metrics = measure(answers, held_out, fields)
        correct[name] = answers.labels == right
        strict, fair = metrics.macro_f1, metrics.fair.macro_f1
        against = compare(correct[name], correct[FULL])
        print(
            f"{name}: macro-F1 {strict.value:.3f} ({strict.low:.3f} to "
            f"{strict.high:.3f}), fair {fair.value:.3f}, "
            f"cross-entropy {calibrated_cross_entropy(plain, right):.3f}; right here alone "
            f"{against['only_first']}, with {FULL} alone {against['only_second']}, "
            f"p {against['p_value']:.2f}"
        )
        under = {
            kind: float(macro_f1(confusion_matrix(right, logits.argmax(axis=1))))
            for kind, logits in scores.items()
            if kind != AS_IT_IS
        }
        print(f"  mean of the changes {np.mean(list(under.values())):.3f}")
        print("  " + ", ".join(f"{kind} {value:.3f}" for kind, value in under.items()), flush=True)


if __name__ == "__main__":
    main()
