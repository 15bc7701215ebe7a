"""How much worse the models do when images are turned, darkened, compressed or scaled.

Prints a table of macro-F1 on the test split under each change, and exits with 1 where a drop is
larger than allowed: 3 points for rotation and mirror, 6 for the rest.

    python benchmarks/robustness.py dataset/manifest.csv --images DIR [--json FILE]
"""

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.classifier import Classifier, load_classifier
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.metrics import confusion_matrix, macro_f1
from deepsky.evaluation.predictions import predict, read_pixels
from deepsky.models import available_models

Pixels = NDArray[np.uint8]
Change = Callable[[Pixels, np.random.Generator], Pixels]


def rotate(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Rotate by any angle; what comes in from outside mirrors what is inside."""
    height, width = pixels.shape[:2]
    margin = min(height, width) // 2
    padded = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="reflect")
    turned = Image.fromarray(padded).rotate(rng.uniform(0, 360), Image.Resampling.BICUBIC)
    return np.asarray(turned)[margin : margin + height, margin : margin + width]


def mirror(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    """Swap left and right."""
    return np.ascontiguousarray(pixels[:, ::-1])


def expose(stops: float) -> Change:
    """Expose longer or shorter, in linear light (sRGB's exponent taken as 2.2)."""

    def change(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
        linear = (pixels / 255.0) ** 2.2 * 2.0**stops
        return np.asarray(np.rint(linear.clip(0, 1) ** (1 / 2.2) * 255), dtype=np.uint8)

    return change


def grey(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    """Take the colour out."""
    return np.asarray(Image.fromarray(pixels).convert("L").convert("RGB"))


def compress(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    """Compress as JPEG of quality 30."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=30)
    return np.asarray(Image.open(buffer).convert("RGB"))


def scale(factor: float) -> Change:
    """Scale by a factor."""

    def change(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
        size = [max(1, round(side * factor)) for side in pixels.shape[1::-1]]
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))

    return change


def offset(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Frame the object off centre: cut a random window of three quarters of each side."""
    extent = np.array(pixels.shape[:2]) * 3 // 4
    top, left = rng.integers(0, np.array(pixels.shape[:2]) - extent + 1)
    return np.ascontiguousarray(pixels[top : top + extent[0], left : left + extent[1]])


CHANGES: Final[dict[str, tuple[Change, float]]] = {
    "rotation by any angle": (rotate, 0.03),
    "mirror": (mirror, 0.03),
    "one stop brighter": (expose(1), 0.06),
    "one stop darker": (expose(-1), 0.06),
    "grey": (grey, 0.06),
    "JPEG quality 30": (compress, 0.06),
    "half scale": (scale(0.5), 0.06),
    "double scale": (scale(2), 0.06),
    "window of 3/4, anywhere": (offset, 0.06),
}
"""What is changed, and by how much macro-F1 may fall."""


def changed(examples: Sequence[Example], change: Change) -> Iterator[Pixels]:
    """Read images and change each, the same way each time."""
    for number, pixels in enumerate(read_pixels(examples)):
        yield change(pixels, np.random.default_rng([7, number]))


def score(classifier: Classifier, examples: Sequence[Example], images: Iterator[Pixels]) -> float:
    """Give macro-F1 of the answers."""
    answers = predict(classifier, images)
    return float(macro_f1(confusion_matrix(label_indices(examples), answers.labels)))


def main() -> int:
    """Measure, print, and tell by the exit status whether all drops are allowed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", action="append")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    examples = members(with_splits(read_manifest(arguments.manifest, arguments.images), 0), "test")
    names = arguments.model or available_models()
    results: dict[str, dict[str, float]] = {}
    too_much = 0
    for name in names:
        classifier = load_classifier(name)
        unchanged = score(classifier, examples, read_pixels(examples))
        results[name] = {"unchanged": unchanged}
        print(f"{name}: {unchanged:.3f} unchanged, {len(examples)} images", flush=True)
        for kind, (change, allowed) in CHANGES.items():
            value = score(classifier, examples, changed(examples, change))
            results[name][kind] = value
            drop = unchanged - value
            too_much += drop > allowed
            note = "" if drop <= allowed else f"  more than the {allowed:.2f} allowed"
            print(f"  {kind:26} {value:.3f}  {-drop:+.3f}{note}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return min(too_much, 1)


if __name__ == "__main__":
    sys.exit(main())
