"""Measure how decoding JPEGs at a reduced size (DCT scaling) changes predictions and saves time.

The images of the validation split are enlarged to 0.8 to 12 megapixels, with added grain, and
compressed again. They are read in full, and with several values of ``at_least``, the minimum of
pixels along the shorter side. The first table shows, for the images that are decoded at a reduced
size, how many get another label and how much probabilities change, and macro-F1 over all images.
For comparison, the row "saved again" shows the effect of saving the full image once more as JPEG
of quality 90. The second table shows the processor time to read an image and to scale it to a
network's input. `deepsky.models.preparation.SHORTER_SIDE` was chosen from these tables.

    python benchmarks/jpeg_scale.py dataset/manifest.csv --images DIR [--large DIR]

``--large`` measures the large JPEGs of a folder as well.
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
"""Sizes of the timed images, in megapixels."""

BATCH: Final = 16


class Variants(NamedTuple):
    """An image read in several ways.

    Attributes
    ----------
    label : str or None
        The image's label, if known.
    inputs : list of Prepared
        The networks' inputs: of the full image, the image saved again, and each reduced size.
    by_side : dict of int
        Index in `inputs` by value of ``at_least``, if the image is reduced.
    """

    label: Label | None
    inputs: list[Prepared]
    by_side: dict[int, int]


def enlarge(image: Image.Image, megapixels: float, grain: float, seed: int) -> Image.Image:
    """Scale an image to a number of megapixels, and add grain as fine detail."""
    factor = math.sqrt(megapixels * 1e6 / (image.width * image.height))
    size = round(image.width * factor), round(image.height * factor)
    pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.float32)
    noise = np.random.default_rng(seed).standard_normal(pixels.shape, np.float32)
    return Image.fromarray((pixels + grain * noise).clip(0, 255).astype(np.uint8))


def encode(image: Image.Image, quality: int, *, full_colour: bool = False) -> bytes:
    """Return an image as JPEG, by default with 4:2:0 chroma subsampling."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0 if full_colour else 2)
    return buffer.getvalue()


def enlarged(examples: Sequence[Example]) -> Iterator[tuple[Label, bytes]]:
    """Yield the label and a large JPEG of each example, reproducibly."""
    for number, example in enumerate(examples):
        rng = np.random.default_rng([11, number])
        megapixels = math.exp(rng.uniform(*np.log(MEGAPIXELS)))
        image = Image.fromarray(read_image(example.path).pixels)
        large = enlarge(image, megapixels, rng.choice(GRAIN), number)
        quality, full_colour = int(rng.choice(QUALITIES)), bool(rng.integers(2))
        yield example.label, encode(large, quality, full_colour=full_colour)


def read(label: Label | None, content: bytes, sizes: Iterable[int]) -> Variants:
    """Read an image in full, saved again, and at each reduced size that `SIDES` lead to."""
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
    return Variants(label, [prepare(p, sizes) for p in pixels], by_side)


def answer(classifier: Classifier, images_read: Sequence[Variants]) -> list[NDArray[np.float64]]:
    """Return the probabilities of each image, as an array of shape (inputs, 4)."""
    inputs = [prepared for variants in images_read for prepared in variants.inputs]
    answers = np.array(
        [list(p.probabilities.values()) for p in classify_prepared(classifier, inputs)]
    )
    ends = np.cumsum([len(variants.inputs) for variants in images_read])[:-1]
    return np.split(answers, ends)


def compare(
    images_read: Sequence[Variants], answers: Sequence[NDArray[np.float64]]
) -> Iterator[str]:
    """Yield a table row for each way to read: how predictions differ from the full image."""
    ways: dict[str, list[int | None]] = {"saved again": [1] * len(images_read)}
    ways |= {
        f"{side} px": [variants.by_side.get(side) for variants in images_read] for side in SIDES
    }
    for name, chosen in ways.items():
        pairs = [(p[0], p[k]) for p, k in zip(answers, chosen, strict=True) if k is not None]
        if not pairs:
            continue
        moved = np.array([np.abs(whole - other).max() for whole, other in pairs])
        same = np.array([whole.argmax() == other.argmax() for whole, other in pairs])
        predicted = np.array([p[k or 0].argmax() for p, k in zip(answers, chosen, strict=True)])
        yield (
            f"{name} | {len(pairs)} | {len(same) - same.sum()} | {same.mean():.2%} | "
            f"{moved.mean():.4f} | {np.percentile(moved, 95):.3f} | {moved.max():.3f} | "
            f"{score(images_read, predicted)}"
        )


def score(images_read: Sequence[Variants], predicted: NDArray[np.intp]) -> str:
    """Return macro-F1 as text; empty if labels are unknown."""
    if any(variants.label is None for variants in images_read):
        return ""
    right = np.array([LABELS.index(variants.label) for variants in images_read if variants.label])
    return f"{float(macro_f1(confusion_matrix(right, predicted))):.4f}"


def print_changes(title: str, images: Iterator[tuple[Label | None, bytes]]) -> None:
    """Print how reading at a reduced size changes the predictions of images."""
    classifiers = {name: load_classifier(name) for name in MODELS}
    sizes = {size for classifier in classifiers.values() for size in classifier.input_sizes}
    images_read: list[Variants] = []
    answers: dict[str, list[NDArray[np.float64]]] = {name: [] for name in MODELS}
    while contents := list(islice(images, BATCH)):
        batch = [read(label, content, sizes) for label, content in contents]
        for name, classifier in classifiers.items():
            answers[name] += answer(classifier, batch)
        images_read += [variants._replace(inputs=[]) for variants in batch]
    print(f"\n{title}: {len(images_read)} images\n")
    print(" | ".join(("| model", "read", "decoded smaller", "another label", "same label")), end="")
    print(" | change, mean | 95 % | largest | macro-F1 |\n|" + " --- |" * 9)
    for name in MODELS:
        whole = np.array([p[0].argmax() for p in answers[name]])
        print(f"| {name} | in full | | | | | | | {score(images_read, whole)} |")
        for line in compare(images_read, answers[name]):
            print(f"| {name} | {line} |", flush=True)


def seconds(work: Callable[[], object]) -> float:
    """Return the minimum processor time of seven calls."""
    times = []
    for _ in range(7):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def print_times(image: Image.Image) -> None:
    """Print the time to read an image of each size and to scale it to a network's input."""
    print("\nProcessor time in ms: read an image + scale it to 320 px\n")
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
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--large", type=Path)
    arguments = parser.parse_args()
    manifest = read_manifest(arguments.manifest, arguments.images)
    examples = members(with_splits(manifest, 0), "validation")
    print_times(Image.fromarray(read_image(examples[0].path).pixels))
    if arguments.large:
        files = sorted(arguments.large.iterdir())
        print_changes("Large images", ((None, file.read_bytes()) for file in files))
    print_changes("Validation split, enlarged", enlarged(examples))


if __name__ == "__main__":
    main()
