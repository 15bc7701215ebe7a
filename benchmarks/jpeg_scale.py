"""How finely a JPEG needs to be decoded: what reading less of it changes, and what it saves.

The images of the validation split, enlarged to between 0.8 and 12 megapixels with grain and
compressed anew, are read in full and with at least so many pixels along their shorter side. A table
tells in how many of those that are then decoded smaller another label wins, how far the
probabilities move, and macro-F1 over all; the line "saved again" tells, as a yardstick, what saving
the whole image once more as JPEG of quality 90 does. A second table tells the processor time to
read an image and to bring it to the networks' inputs. `SHORTER_SIDE` was chosen from them.

    python benchmarks/jpeg_scale.py dataset/manifest.csv --images DIR [--large DIR]

``--large`` names a folder of large JPEGs to be looked at beside the validation split.
"""

import argparse
import io
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.classifier import Classifier, classify_prepared, load_classifier
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.evaluation.metrics import confusion_matrix, macro_f1
from deepsky.imaging import read_image
from deepsky.models.preparation import Prepared, prepare
from deepsky.taxonomy import LABELS, Label

MODELS: Final = ("efficientnet", "resnet50", "vgg16")
SIDES: Final = (320, 400, 480, 640, 960)
MEGAPIXELS: Final = (0.8, 12.0)
GRAIN: Final = (0, 3, 8)
QUALITIES: Final = (75, 85, 95)
TIMED: Final = (1, 4, 12, 24)
"""Megapixels."""

AT_ONCE: Final = 16


class Readings(NamedTuple):
    """An image, read in several ways: the networks' inputs, and which of them a side leads to."""

    label: Label | None
    inputs: list[Prepared]
    by_side: dict[int, int]


def enlarge(image: Image.Image, megapixels: float, grain: float, seed: int) -> Image.Image:
    """Scale an image to a size, and give it the detail of one that is so large."""
    factor = math.sqrt(megapixels * 1e6 / (image.width * image.height))
    size = round(image.width * factor), round(image.height * factor)
    pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.float32)
    noise = np.random.default_rng(seed).standard_normal(pixels.shape, np.float32)
    return Image.fromarray((pixels + grain * noise).clip(0, 255).astype(np.uint8))


def encode(image: Image.Image, quality: int, *, full_colour: bool = False) -> bytes:
    """Compress as JPEG, by default with colour at half the resolution."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0 if full_colour else 2)
    return buffer.getvalue()


def enlarged(examples: Sequence[Example]) -> Iterator[tuple[Label, bytes]]:
    """Make a large JPEG of each image of a split, the same one each time."""
    for number, example in enumerate(examples):
        rng = np.random.default_rng([11, number])
        megapixels = math.exp(rng.uniform(*np.log(MEGAPIXELS)))
        image = Image.fromarray(read_image(example.path).pixels)
        large = enlarge(image, megapixels, rng.choice(GRAIN), number)
        quality, full_colour = int(rng.choice(QUALITIES)), bool(rng.integers(2))
        yield example.label, encode(large, quality, full_colour=full_colour)


def read(label: Label | None, content: bytes, sizes: Iterable[int]) -> Readings:
    """Read an image in full, saved again, and at each smaller size that a side leads to."""
    whole = read_image(content)
    again = encode(Image.fromarray(whole.pixels), 90)
    pixels = [whole.pixels, read_image(again).pixels]
    by_side: dict[int, int] = {}
    for side in SIDES:
        smaller = read_image(content, at_least=side).pixels
        if smaller.shape != whole.pixels.shape:
            known = [k for k, p in enumerate(pixels) if k > 1 and p.shape == smaller.shape]
            by_side[side] = known[0] if known else len(pixels)
            if not known:
                pixels.append(smaller)
    return Readings(label, [prepare(p, sizes) for p in pixels], by_side)


def answer(classifier: Classifier, readings: Sequence[Readings]) -> list[NDArray[np.float64]]:
    """Give the probabilities of each image: an array (inputs, 4)."""
    inputs = [one for reading in readings for one in reading.inputs]
    said = np.array([list(p.probabilities.values()) for p in classify_prepared(classifier, inputs)])
    ends = np.cumsum([len(reading.inputs) for reading in readings])[:-1]
    return np.split(said, ends)


def compare(readings: Sequence[Readings], said: Sequence[NDArray[np.float64]]) -> Iterator[str]:
    """Tell what each way to read changes, a line of a table for each."""
    ways: dict[str, list[int | None]] = {"saved again": [1] * len(readings)}
    ways |= {f"{side} px": [one.by_side.get(side) for one in readings] for side in SIDES}
    for name, chosen in ways.items():
        pairs = [(p[0], p[k]) for p, k in zip(said, chosen, strict=True) if k is not None]
        if not pairs:
            continue
        moved = np.array([np.abs(whole - other).max() for whole, other in pairs])
        same = np.array([whole.argmax() == other.argmax() for whole, other in pairs])
        told = np.array([p[k or 0].argmax() for p, k in zip(said, chosen, strict=True)])
        yield (
            f"{name} | {len(pairs)} | {len(same) - same.sum()} | {same.mean():.2%} | "
            f"{moved.mean():.4f} | {np.percentile(moved, 95):.3f} | {moved.max():.3f} | "
            f"{score(readings, told)}"
        )


def score(readings: Sequence[Readings], told: NDArray[np.intp]) -> str:
    """Give macro-F1, where the labels are known."""
    if any(reading.label is None for reading in readings):
        return ""
    right = np.array([LABELS.index(reading.label) for reading in readings if reading.label])
    return f"{float(macro_f1(confusion_matrix(right, told))):.4f}"


def tell_changes(title: str, images: Iterator[tuple[Label | None, bytes]]) -> None:
    """Print what reading less changes in some images."""
    classifiers = {name: load_classifier(name) for name in MODELS}
    sizes = {size for classifier in classifiers.values() for size in classifier.input_sizes}
    readings: list[Readings] = []
    said: dict[str, list[NDArray[np.float64]]] = {name: [] for name in MODELS}
    while some := list(islice(images, AT_ONCE)):
        read_now = [read(label, content, sizes) for label, content in some]
        for name, classifier in classifiers.items():
            said[name] += answer(classifier, read_now)
        readings += [one._replace(inputs=[]) for one in read_now]
    print(f"\n{title}: {len(readings)} images\n")
    print(" | ".join(("| model", "read", "decoded smaller", "another label", "same label")), end="")
    print(" | change, mean | 95 % | largest | macro-F1 |\n|" + " --- |" * 9)
    for name in MODELS:
        whole = np.array([p[0].argmax() for p in said[name]])
        print(f"| {name} | in full | | | | | | | {score(readings, whole)} |")
        for line in compare(readings, said[name]):
            print(f"| {name} | {line} |", flush=True)


def seconds(work: Callable[[], object]) -> float:
    """Give the least processor time of several tries."""
    tried = []
    for _ in range(7):
        started = time.process_time()
        work()
        tried.append(time.process_time() - started)
    return min(tried)


def tell_times(image: Image.Image) -> None:
    """Print the time to read an image of each size and to bring it to the inputs."""
    print("\nProcessor time, ms: to read an image + to bring it to 320 px\n")
    print("| | in full |", *(f"{side} px |" for side in SIDES), "\n|" + " --- |" * (2 + len(SIDES)))
    for megapixels in TIMED:
        content = encode(enlarge(image, megapixels, 6, 0), 85)
        columns = []
        for side in (None, *SIDES):
            pixels = read_image(content, at_least=side).pixels
            reading = seconds(partial(read_image, content, at_least=side))
            fitting = seconds(partial(prepare, pixels, [320]))
            columns.append(f"{1e3 * reading:.1f} + {1e3 * fitting:.1f}")
        print(f"| {megapixels} MP | {' | '.join(columns)} |", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--large", type=Path)
    arguments = parser.parse_args()
    manifest = read_manifest(arguments.manifest, arguments.images)
    examples = members(with_splits(manifest, 0), "validation")
    tell_times(Image.fromarray(read_image(examples[0].path).pixels))
    if arguments.large:
        files = sorted(arguments.large.iterdir())
        tell_changes("Large images", ((None, file.read_bytes()) for file in files))
    tell_changes("Validation split, enlarged", enlarged(examples))


if __name__ == "__main__":
    main()
