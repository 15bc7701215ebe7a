"""Measure how reliably linear images are told from finished ones, and the effect on the labels.

Every image of a set is saved as a finished image in each common number format and range, and as a
linear image: its stretch is inverted with a random strength, and a background, a colour cast, shot
noise and read noise are added. Each file is read by `deepsky.read_image`. The first table shows
for each kind of file, how often linear and finished are confused, how often a pixel of an image
differs from the 8-bit original, and how often the label differs from the label of the 8-bit
original. The second table shows the confusions for each class.

    python benchmarks/linear_or_finished.py MANIFEST --images DIR [--split validation] [--most 600]

The thresholds of `deepsky.imaging.display.linearity` were chosen on the training split, so other
images must be used to measure their performance.
"""

import argparse
import io
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import imagecodecs
import numpy as np
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.classifier import Classifier, classify_prepared, load_classifier
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.imaging import read_image
from deepsky.models.preparation import prepare
from deepsky.taxonomy import Label

SEED: Final = 21
LONGEST_SIDE: Final = 640
"""Larger images are reduced to this length in pixels, because linear files are large."""


class Rendering(NamedTuple):
    """A file that shows an image in a certain number format.

    Attributes
    ----------
    kind : str
        Description of the number format and range.
    is_linear : bool
        Whether the pixel values are linear.
    content : bytes
        The file.
    is_mono : bool
        Whether the file contains only the green channel.
    """

    kind: str
    is_linear: bool
    content: bytes
    is_mono: bool = False


def as_tiff(values: NDArray[Any]) -> bytes:
    """Encode values as a TIFF.

    Parameters
    ----------
    values : ndarray, shape (height, width, 3)

    Returns
    -------
    bytes
    """
    return bytes(imagecodecs.tiff_encode(values, photometric="rgb"))


def as_fits(values: NDArray[Any]) -> bytes:
    """Encode values as a FITS cube of three planes, with the bottom row first.

    Parameters
    ----------
    values : ndarray, shape (height, width, 3)

    Returns
    -------
    bytes
    """
    stream = io.BytesIO()
    fits.PrimaryHDU(np.moveaxis(values[::-1], -1, 0)).writeto(stream)
    return stream.getvalue()


def as_mono_fits(values: NDArray[Any]) -> bytes:
    """Encode the green channel of an image as a FITS image, with the bottom row first.

    Parameters
    ----------
    values : ndarray, shape (height, width, 3)

    Returns
    -------
    bytes
    """
    stream = io.BytesIO()
    fits.PrimaryHDU(values[::-1, :, 1]).writeto(stream)
    return stream.getvalue()


def finished(pixels: NDArray[np.uint8], rng: np.random.Generator) -> Iterator[Rendering]:
    """Save an image as a finished image in several number formats.

    All values correspond to the same 8-bit levels as `pixels`. In the kinds named *fine*, the
    values are spread between two levels, as in an image that was processed with 16 bits.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    rng : numpy.random.Generator

    Yields
    ------
    Rendering
    """
    levels = pixels.astype(np.float64)
    fine = (levels + rng.uniform(-0.49, 0.49, levels.shape)).clip(0, 255) / 255
    sharpened = levels / 255
    bright = rng.random(levels.shape[:2]) < 2e-4
    sharpened[bright & (levels.min(-1) == 255)] = 1.08
    sharpened[rng.random(levels.shape[:2]) < 2e-5] = 1.05
    unit = (levels / 255).astype(np.float32)
    kinds: dict[str, bytes] = {
        "TIFF 16 bit": as_tiff(pixels.astype(np.uint16) * 257),
        "TIFF 16 bit, fine": as_tiff(np.rint(fine * 65535).astype(np.uint16)),
        "TIFF float 0..1": as_tiff(unit),
        "TIFF float 0..1, fine": as_tiff(fine.astype(np.float32)),
        "TIFF float 0..1, sharpened": as_tiff(sharpened.astype(np.float32)),
        "TIFF float 0..255": as_tiff(levels.astype(np.float32)),
        "TIFF float 0..65535": as_tiff((levels * 257).astype(np.float32)),
        "FITS float 0..1": as_fits(unit),
        "FITS float 0..255": as_fits(levels.astype(np.float32)),
        "FITS float 0..65535, fine": as_fits((fine * 65535).astype(np.float32)),
        "FITS int16 0..255": as_fits(pixels.astype(np.int16)),
        "FITS int16 0..32767": as_fits(np.rint(levels / 255 * 32767).astype(np.int16)),
        "FITS int16 0..32767, fine": as_fits(np.rint(fine * 32767).astype(np.int16)),
        "FITS uint16": as_fits(pixels.astype(np.uint16) * 257),
        "FITS uint16 0..255": as_fits(pixels.astype(np.uint16)),
        "FITS uint16, mono": as_mono_fits(np.rint(fine * 65535).astype(np.uint16)),
        "FITS float 0..1, mono": as_mono_fits(fine.astype(np.float32)),
    }
    for kind, content in kinds.items():
        yield Rendering(kind, False, content, kind.endswith("mono"))


def midtones(values: NDArray[np.float64], balance: float) -> NDArray[np.float64]:
    """Apply the midtones transfer function, which maps 0, `balance` and 1 to 0, 1/2 and 1.

    The function with ``1 - balance`` is its inverse.

    Parameters
    ----------
    values : ndarray
        Brightness, 0 to 1.
    balance : float
        0 to 1.

    Returns
    -------
    ndarray
    """
    return (balance - 1) * values / ((2 * balance - 1) * values - balance)


def inverse_stretch(
    rng: np.random.Generator,
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return the inverse of a stretch of random kind and strength: midtones, arcsinh or logarithm.

    Parameters
    ----------
    rng : numpy.random.Generator

    Returns
    -------
    callable
        Function that converts display brightness to light, both 0 to 1.
    """
    strength = float(np.exp(rng.uniform(np.log(40), np.log(2000))))
    match rng.integers(3):
        case 0:
            return lambda values: midtones(values, 1 - 1 / strength)
        case 1:
            return lambda values: np.sinh(values * np.arcsinh(strength)) / strength
        case _:
            return lambda values: np.expm1(values * np.log1p(strength)) / strength


def expose(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float64]:
    """Convert an image to linear values, as a camera or a stacking program would save it.

    The stretch is inverted with a random strength. The brightest pixels reach 15 to 120 % of full
    scale, above a background of 0.05 to 30 % that is slightly coloured. The noise consists of shot
    noise and read noise. If the original stretch were applied again, the noise of the sky would be
    one to five 8-bit levels: a photographer stretches a deep stack more than a single exposure.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (height, width, 3)
        Light, 0 to 1; values above 1 are saturated.
    """
    invert = inverse_stretch(rng)
    shown = (pixels + rng.uniform(-0.5, 0.5, pixels.shape)).clip(0, 255) / 255
    sky = min(float(np.median(shown)), 0.3)
    white = np.exp(rng.uniform(np.log(0.15), np.log(1.2)))
    pedestal = np.exp(rng.uniform(np.log(0.0005), np.log(0.3))) * rng.uniform(0.8, 1.25, 3)
    light = white * invert(shown) + pedestal
    levels = rng.uniform(1, 5) / 255
    low, high = invert(np.array([max(sky - levels / 2, 0), max(sky, levels / 2) + levels / 2]))
    sky_noise = white * float(high - low)
    sky_light = white * float(invert(np.array(sky))) + pedestal
    read_part = rng.uniform(0.1, 0.6)
    noise = sky_noise * np.sqrt(read_part + (1 - read_part) * light / sky_light)
    return np.asarray((light + noise * rng.standard_normal(light.shape)).clip(0, 1))


def linear(pixels: NDArray[np.uint8], rng: np.random.Generator) -> Iterator[Rendering]:
    """Save an image as linear images in several number formats.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    rng : numpy.random.Generator

    Yields
    ------
    Rendering
    """
    sky = expose(pixels, rng)
    subtracted = sky - np.median(sky, axis=(0, 1))
    kinds: dict[str, bytes] = {
        "TIFF 16 bit": as_tiff(np.rint(sky * 65535).astype(np.uint16)),
        "TIFF float 0..1": as_tiff(sky.astype(np.float32)),
        "FITS uint16": as_fits(np.rint(sky * 65535).astype(np.uint16)),
        "FITS float 0..1": as_fits(sky.astype(np.float32)),
        "FITS float, ADU": as_fits((sky * 65535).astype(np.float32)),
        "FITS 12 bit in int16": as_fits(np.rint(sky * 4095).astype(np.int16)),
        "FITS 14 bit in uint16": as_fits(np.rint(sky * 16383).astype(np.uint16)),
        "FITS float, background 0": as_fits((subtracted * 65535).astype(np.float32)),
        "FITS float 0..1, background 0": as_fits(subtracted.astype(np.float32)),
        "FITS uint16, mono": as_mono_fits(np.rint(sky * 65535).astype(np.uint16)),
        "FITS float 0..1, mono": as_mono_fits(sky.astype(np.float32)),
    }
    for kind, content in kinds.items():
        yield Rendering(kind, True, content, kind.endswith("mono"))


class Tally:
    """Counts for one kind of file."""

    def __init__(self) -> None:
        self.files = self.confused = self.altered = self.relabelled = 0


def load(path: Path) -> NDArray[np.uint8]:
    """Load an image as 8-bit RGB, with at most `LONGEST_SIDE` pixels on the longer side.

    Parameters
    ----------
    path : Path

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
    """
    with Image.open(path) as image:
        rgb = image.convert("RGB")
    rgb.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.asarray(rgb)


def labels_of(classifier: Classifier, images: Sequence[NDArray[np.uint8]]) -> list[Label]:
    """Classify images.

    Parameters
    ----------
    classifier : Classifier
    images : sequence of ndarray of uint8, shape (height, width, 3)

    Returns
    -------
    list of str
        The labels, in the order of the images.
    """
    sizes = classifier.input_sizes
    predictions = classify_prepared(classifier, [prepare(pixels, sizes) for pixels in images])
    return [prediction.label for prediction in predictions]


def measure(
    examples: Sequence[Example], classifier: Classifier
) -> tuple[dict[tuple[bool, str], Tally], Counter[tuple[bool, str]]]:
    """Save each image in each kind of file, read the files, and compare them with the original.

    Parameters
    ----------
    examples : sequence of Example
    classifier : Classifier

    Returns
    -------
    tallies : dict
        Counts by whether the kind is linear, and kind.
    confused : Counter
        Number of confusions by whether the file is linear, and class of the image.
    """
    tallies: dict[tuple[bool, str], Tally] = defaultdict(Tally)
    confused: Counter[tuple[bool, str]] = Counter()
    for number, example in enumerate(examples):
        rng = np.random.default_rng([SEED, number])
        pixels = load(example.path)
        originals = {False: pixels, True: np.repeat(pixels[..., 1:2], 3, axis=-1)}
        differing: list[tuple[Tally, bool, NDArray[np.uint8]]] = []
        for rendering in chain(finished(pixels, rng), linear(pixels, rng)):
            image = read_image(rendering.content)
            tally = tallies[rendering.is_linear, rendering.kind]
            tally.files += 1
            if (image.stretch is not None) != rendering.is_linear:
                tally.confused += 1
                confused[rendering.is_linear, example.label] += 1
            if not np.array_equal(image.pixels, originals[rendering.is_mono]):
                tally.altered += 1
                differing.append((tally, rendering.is_mono, image.pixels))
        expected, expected_mono, *labels = labels_of(
            classifier, [*originals.values(), *(pixels for _, _, pixels in differing)]
        )
        for (tally, is_mono, _), label in zip(differing, labels, strict=True):
            tally.relabelled += label != (expected_mono if is_mono else expected)
    return tallies, confused


def main() -> None:
    """Measure a set of images and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path, help="folder that the manifest's paths refer to")
    parser.add_argument("--split", default="validation", help="split to use, or 'all'")
    parser.add_argument("--most", type=int, default=300, help="maximum number of images")
    parser.add_argument("--seed", type=int, default=0, help="seed for the choice of images")
    parser.add_argument("--model", default="efficientnet")
    arguments = parser.parse_args()
    examples = read_manifest(arguments.manifest, arguments.images)
    if arguments.split != "all":
        examples = members(with_splits(examples, 0), arguments.split)
    examples = random.Random(arguments.seed).sample(examples, min(arguments.most, len(examples)))
    tallies, confused = measure(examples, load_classifier(arguments.model))
    print(f"{len(examples)} images: {dict(Counter(example.label for example in examples))}")
    print(f"{'state and kind of file':<42}{'confused':>10}{'altered':>10}{'relabelled':>12}")
    for is_linear in (False, True):
        chosen = {kind: tally for (state, kind), tally in tallies.items() if state is is_linear}
        state = "linear" if is_linear else "finished"
        for kind, tally in chosen.items():
            print(_row(f"{state}: {kind}", [tally]))
        print(_row(f"{state}: all", list(chosen.values())))
    for (is_linear, label), count in sorted(confused.items()):
        print(f"{'linear' if is_linear else 'finished'} {label}: {count} confused")


def _row(name: str, tallies: Sequence[Tally]) -> str:
    files = sum(tally.files for tally in tallies)
    shares = [
        100 * sum(getattr(tally, field) for tally in tallies) / files
        for field in ("confused", "altered", "relabelled")
    ]
    return f"{name:<42}{shares[0]:>9.2f}%{shares[1]:>9.2f}%{shares[2]:>11.2f}%"


if __name__ == "__main__":
    main()
