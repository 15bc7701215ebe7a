"""Compare predictions for camera raw, HEIC, AVIF and JPEG XL with those for a 16-bit TIFF.

Each image is saved as TIFF with 16 bits and, with high quality, in the other formats. For camera
raw, the image is first enlarged, because cameras have more pixels than the networks use, and both
files contain linear values: the TIFF all colours of each pixel, the DNG a mosaic.

    python -m benchmarks.format_agreement dataset/manifest.csv --images DIR [--count 60]

The benchmark passes if all labels are the same and no probability differs by more than 0.02.
"""

import argparse
import io
import random
import sys
from pathlib import Path
from typing import Any, Final

import imagecodecs
import numpy as np
import pillow_heif
import tifffile
from numpy.typing import NDArray
from PIL import Image

from deepsky.classifier import Classifier, load_classifier
from deepsky.dataset.manifest import read_manifest
from deepsky.imaging import read_image
from deepsky.models.preparation import SHORTER_SIDE
from deepsky.prediction import Prediction
from tests.imaging.dng_writer import dng, mosaic_rggb

TOLERANCE: Final = 0.02
MODEL: Final = "efficientnet"
EXPOSURE: Final = 0.25
"""Brightness of white in the linear files, as a fraction of full scale."""

RAW_SIDE: Final = 1600
"""Minimum length of the shorter side of camera raw files, in pixels."""

RAW: Final = "DNG"
NAMES: Final = (
    *("HEIC, 8 bits", "HEIC, 10 bits", "AVIF, 8 bits", "AVIF, 10 bits"),
    *("JPEG XL, 8 bits", "JPEG XL, 16 bits", RAW),
)
"""Formats in the order in which they are tried. Camera raw has another reference and is last."""


def finished(name: str, pixels: NDArray[np.uint8]) -> bytes:
    """Return a finished image in the named format."""
    deep = pixels.astype(np.uint16) * 257
    match name:
        case "HEIC, 8 bits":
            return heic(pixels, "RGB")
        case "HEIC, 10 bits":
            return heic(deep, "RGB;16")
        case "AVIF, 8 bits":
            return avif(pixels)
        case "AVIF, 10 bits":
            ten = np.rint(pixels * (1023 / 255)).astype(np.uint16)
            return bytes(imagecodecs.avif_encode(ten, level=95, bitspersample=10))
        case "JPEG XL, 8 bits":
            return bytes(imagecodecs.jpegxl_encode(pixels, level=95))
        case _:
            return bytes(imagecodecs.jpegxl_encode(deep, lossless=True))


def linear(pixels: NDArray[np.uint8], chance: np.random.Generator) -> NDArray[np.uint16]:
    """Return the image as a camera would record it: linear, dark, and with noise."""
    light = EXPOSURE * (enlarge(pixels) / 255.0) ** 2.2 + 0.004
    noisy = light + chance.normal(0, 0.0008, light.shape)
    return np.clip(np.rint(noisy * 65535), 0, 65535).astype(np.uint16)


def enlarge(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Enlarge an image so that its shorter side has at least `RAW_SIDE` pixels."""
    factor = max(1, -(-RAW_SIDE // min(pixels.shape[:2])))
    size = factor * pixels.shape[1], factor * pixels.shape[0]
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def tiff(values: NDArray[np.uint16]) -> bytes:
    """Return a TIFF file."""
    stream = io.BytesIO()
    tifffile.imwrite(stream, values, photometric="rgb")
    return stream.getvalue()


def heic(values: NDArray[Any], mode: str) -> bytes:
    """Return a HEIC file."""
    file = pillow_heif.from_bytes(mode, values.shape[1::-1], np.ascontiguousarray(values).tobytes())
    stream = io.BytesIO()
    file.save(stream, quality=95, chroma=444)
    return stream.getvalue()


def avif(pixels: NDArray[np.uint8]) -> bytes:
    """Return an AVIF file."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "AVIF", quality=95, subsampling="4:4:4")
    return stream.getvalue()


def classify(classifier: Classifier, content: bytes) -> Prediction:
    """Classify a file in memory."""
    return classifier.classify(read_image(content, at_least=SHORTER_SIDE).pixels)


def main() -> int:
    """Run the benchmark, and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--formats", nargs="*", help="only formats that start with these names")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    examples = random.Random(arguments.seed).sample(
        read_manifest(arguments.manifest, arguments.images), arguments.count
    )
    chance = np.random.default_rng(arguments.seed)
    classifier = load_classifier(MODEL)
    names = [name for name in NAMES if name.startswith(tuple(arguments.formats or ("",)))]
    differences: dict[str, list[float]] = {}
    changed: dict[str, int] = {}
    for example in examples:
        with Image.open(example.path) as image:
            pixels = np.asarray(image.convert("RGB"))
        expected = classify(classifier, tiff(pixels.astype(np.uint16) * 257))
        for name in names:
            if name == RAW:
                exposure = linear(pixels, chance)
                expected = classify(classifier, tiff(exposure))
                found = classify(classifier, dng(mosaic_rggb(exposure)))
            else:
                found = classify(classifier, finished(name, pixels))
            difference = max(
                abs(found.probabilities[label] - expected.probabilities[label])
                for label in expected.probabilities
            )
            differences.setdefault(name, []).append(difference)
            changed[name] = changed.get(name, 0) + (found.label != expected.label)
            if difference > TOLERANCE:
                print(f"  {example.path.name}, {name}: {difference:.3f}")
    for name, values in differences.items():
        print(
            f"{name:16}: {changed[name]} of {len(values)} labels differ; probabilities differ by "
            f"{np.mean(values):.4f} on average, {max(values):.4f} at most"
        )
    worst = max(max(values) for values in differences.values())
    return 1 if any(changed.values()) or worst > TOLERANCE else 0


if __name__ == "__main__":
    sys.exit(main())
