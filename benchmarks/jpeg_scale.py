"""Measure the time saved by decoding JPEGs at a reduced size, and its effect on predictions.

The first table shows the CPU time for reading an image and for scaling it to a network's input.
JPEGs are decoded at a reduced size by DCT scaling. For the second table, the images of the
validation split are enlarged to sizes between 0.8 and 12 megapixels, grain is added, and the
results are saved as JPEG. These JPEGs are read at full size and with several values of
``at_least``, the minimum length of the shorter side in pixels. The table shows how many of the
images decoded at a reduced size get a different label, how much the probabilities change, and
macro-F1 over all images. For comparison, the row "saved again" shows the effect of saving the
full-size image again as JPEG with quality 90. `deepsky.models.preparation.SHORTER_SIDE` was chosen
based on these tables.

    python benchmarks/jpeg_scale.py dataset/manifest.csv --images DIR [--large DIR]

With ``--large``, the large JPEGs in a folder are also measured, without labels.
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
"""Sizes of the images whose reading is timed, in megapixels."""

BATCH: Final = 16


class Variants(NamedTuple):
    """Network inputs made from one image by reading it in several ways.

    Attributes
    ----------
    label : str or None
        Label of the image; None if it is unknown.
    inputs : list of Prepared
        Inputs for the image at full size, the image saved again, and each reduced size.
    by_side : dict of int
        Maps each value of ``at_least`` to an index in `inputs`. Values for which the image is not
        reduced are missing.
    """

    label: Label | None
    inputs: list[Prepared]
    by_side: dict[int, int]


def enlarge(image: Image.Image, megapixels: float, grain: float, seed: int) -> Image.Image:
    """Scale an image to a given number of megapixels, and add grain as fine detail.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB image.
    megapixels : float
        Size of the result, in megapixels.
    grain : float
        Standard deviation of the added Gaussian noise, in brightness levels (0 to 255).
    seed : int
        Seed for the noise.

    Returns
    -------
    PIL.Image.Image
        The enlarged image with grain.
    """
    factor = math.sqrt(megapixels * 1e6 / (image.width * image.height))
    size = round(image.width * factor), round(image.height * factor)
    pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.float32)
    noise = np.random.default_rng(seed).standard_normal(pixels.shape, np.float32)
    return Image.fromarray((pixels + grain * noise).clip(0, 255).astype(np.uint8))


def encode(image: Image.Image, quality: int, *, full_colour: bool = False) -> bytes:
    """Encode an image as JPEG.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB image.
    quality : int
        JPEG quality, 1 to 95.
    full_colour : bool
        Whether to store colour at full resolution, instead of with 4:2:0 chroma subsampling.

    Returns
    -------
    bytes
        The encoded JPEG.
    """
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0 if full_colour else 2)
    return buffer.getvalue()


def enlarged(examples: Sequence[Example]) -> Iterator[tuple[Label, bytes]]:
    """Yield the label and an enlarged JPEG of each example. The grain is the same in each run.

    Parameters
    ----------
    examples : sequence of Example
        Images with labels.

    Yields
    ------
    label : str
        Label of the image.
    content : bytes
        The enlarged image, encoded as JPEG.
    """
    for number, example in enumerate(examples):
        rng = np.random.default_rng([11, number])
        megapixels = math.exp(rng.uniform(*np.log(MEGAPIXELS)))
        image = Image.fromarray(read_image(example.path).pixels)
        large = enlarge(image, megapixels, rng.choice(GRAIN), number)
        quality, full_colour = int(rng.choice(QUALITIES)), bool(rng.integers(2))
        yield example.label, encode(large, quality, full_colour=full_colour)


def read(label: Label | None, content: bytes, sizes: Iterable[int]) -> Variants:
    """Read a JPEG and a re-encoded copy at full size, and the JPEG at each reduced size in `SIDES`.

    Parameters
    ----------
    label : str or None
        Label of the image; None if it is unknown.
    content : bytes
        The image, encoded as JPEG.
    sizes : iterable of int
        Input sizes of the networks: side lengths in pixels.

    Returns
    -------
    Variants
        The network inputs for each way of reading the image.
    """
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


def predict(classifier: Classifier, images_read: Sequence[Variants]) -> list[NDArray[np.float64]]:
    """Predict probabilities for all variants of each image.

    Parameters
    ----------
    classifier : Classifier
        Classifier to measure.
    images_read : sequence of Variants
        Images read in several ways.

    Returns
    -------
    list of ndarray, shape (inputs, 4)
        Probabilities of the four classes for each input made from an image; one array per image.
    """
    inputs = [prepared for variants in images_read for prepared in variants.inputs]
    probabilities = np.array(
        [list(p.probabilities.values()) for p in classify_prepared(classifier, inputs)]
    )
    ends = np.cumsum([len(variants.inputs) for variants in images_read])[:-1]
    return np.split(probabilities, ends)


def compare(
    images_read: Sequence[Variants], predictions: Sequence[NDArray[np.float64]]
) -> Iterator[str]:
    """Yield table rows that compare predictions for reduced images and full-size images.

    Parameters
    ----------
    images_read : sequence of Variants
        Images read in several ways.
    predictions : sequence of ndarray
        Predicted probabilities for each image, as returned by `predict`.

    Yields
    ------
    str
        Markdown table row for one way of reading the images, without the bars at both ends.
    """
    ways: dict[str, list[int | None]] = {"saved again": [1] * len(images_read)}
    ways |= {
        f"{side} px": [variants.by_side.get(side) for variants in images_read] for side in SIDES
    }
    for name, chosen in ways.items():
        pairs = [(p[0], p[k]) for p, k in zip(predictions, chosen, strict=True) if k is not None]
        if not pairs:
            continue
        moved = np.array([np.abs(whole - other).max() for whole, other in pairs])
        same = np.array([whole.argmax() == other.argmax() for whole, other in pairs])
        labels = [p[k or 0].argmax() for p, k in zip(predictions, chosen, strict=True)]
        yield (
            f"{name} | {len(pairs)} | {len(same) - same.sum()} | {same.mean():.2%} | "
            f"{moved.mean():.4f} | {np.percentile(moved, 95):.3f} | {moved.max():.3f} | "
            f"{score(images_read, np.array(labels))}"
        )


def score(images_read: Sequence[Variants], predicted: NDArray[np.intp]) -> str:
    """Return the macro-F1 of predicted labels, formatted as text.

    Parameters
    ----------
    images_read : sequence of Variants
        Images with their labels.
    predicted : ndarray of int, shape (images,)
        Index of the predicted label of each image.

    Returns
    -------
    str
        Macro-F1 with four decimals; empty if the label of an image is unknown.
    """
    if any(variants.label is None for variants in images_read):
        return ""
    right = np.array([LABELS.index(variants.label) for variants in images_read if variants.label])
    return f"{float(macro_f1(confusion_matrix(right, predicted))):.4f}"


def print_changes(title: str, images: Iterator[tuple[Label | None, bytes]]) -> None:
    """Print a table that shows how reading images at a reduced size changes predictions.

    Parameters
    ----------
    title : str
        Title of the table.
    images : iterator of (label, content)
        Label (None if unknown) and JPEG content of each image.
    """
    classifiers = {name: load_classifier(name) for name in MODELS}
    sizes = {size for classifier in classifiers.values() for size in classifier.input_sizes}
    images_read: list[Variants] = []
    predictions: dict[str, list[NDArray[np.float64]]] = {name: [] for name in MODELS}
    while contents := list(islice(images, BATCH)):
        batch = [read(label, content, sizes) for label, content in contents]
        for name, classifier in classifiers.items():
            predictions[name] += predict(classifier, batch)
        images_read += [variants._replace(inputs=[]) for variants in batch]
    print(f"\n{title}: {len(images_read)} images\n")
    print(" | ".join(("| model", "read", "decoded smaller", "label changed", "same label")), end="")
    print(" | change, mean | 95 % | largest | macro-F1 |\n|" + " --- |" * 9)
    for name in MODELS:
        whole = np.array([p[0].argmax() for p in predictions[name]])
        print(f"| {name} | full size | | | | | | | {score(images_read, whole)} |")
        for line in compare(images_read, predictions[name]):
            print(f"| {name} | {line} |", flush=True)


def seconds(work: Callable[[], object]) -> float:
    """Call a function seven times, and return the shortest CPU time of a call.

    Parameters
    ----------
    work : callable
        Function to measure, called without arguments.

    Returns
    -------
    float
        CPU time of the fastest call, in seconds.
    """
    times = []
    for _ in range(7):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def print_times(image: Image.Image) -> None:
    """Print the CPU time for reading images of several sizes and scaling them to 320 pixels.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB image that is enlarged to each size.
    """
    print("\nCPU time in ms: reading an image + scaling it to 320 px\n")
    print("| | all px |", *(f"{side} px |" for side in SIDES), "\n|" + " --- |" * (2 + len(SIDES)))
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
    """Parse the command line and print the tables."""
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
