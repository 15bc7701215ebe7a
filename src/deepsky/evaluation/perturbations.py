"""Image modifications that should not change the predictions of a model."""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.dataset.manifest import Example
from deepsky.evaluation.predictions import read_pixels

__all__ = ["PERTURBATIONS", "Perturbation", "Pixels", "perturb"]

Pixels = NDArray[np.uint8]
"""An RGB image, of shape (height, width, 3)."""

Perturbation = Callable[[Pixels, np.random.Generator], Pixels]


def perturb(examples: Sequence[Example], perturbation: Perturbation) -> Iterator[Pixels]:
    """Read images, and apply a perturbation to each image. The results are reproducible.

    Parameters
    ----------
    examples : sequence of Example
    perturbation : callable
        Function that maps an RGB image and a random number generator to the modified image.

    Yields
    ------
    ndarray of uint8, shape (height, width, 3)
        The modified RGB image.
    """
    for number, pixels in enumerate(read_pixels(examples)):
        yield perturbation(pixels, np.random.default_rng([7, number]))


def _rotate(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Rotate an image by a random angle, and fill its corners with reflected pixels."""
    height, width = pixels.shape[:2]
    margin = min(height, width) // 2
    padded = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="reflect")
    rotated = Image.fromarray(padded).rotate(rng.uniform(0, 360), Image.Resampling.BICUBIC)
    return np.asarray(rotated)[margin : margin + height, margin : margin + width]


def _mirror(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    """Mirror an image horizontally."""
    return np.ascontiguousarray(pixels[:, ::-1])


def _expose(stops: float) -> Perturbation:
    """Return a perturbation that changes the exposure in linear light (gamma of 2.2 for sRGB)."""

    def change(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
        linear = (pixels / 255.0) ** 2.2 * 2.0**stops
        return np.asarray(np.rint(linear.clip(0, 1) ** (1 / 2.2) * 255), dtype=np.uint8)

    return change


def _remove_colour(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    return np.asarray(Image.fromarray(pixels).convert("L").convert("RGB"))


def _compress(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=30)
    return np.asarray(Image.open(buffer).convert("RGB"))


def _scale(factor: float) -> Perturbation:
    def change(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
        size = [max(1, round(side * factor)) for side in pixels.shape[1::-1]]
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))

    return change


def _crop(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Crop an image at a random position to 3/4 of its width and height."""
    extent = np.array(pixels.shape[:2]) * 3 // 4
    top, left = rng.integers(0, np.array(pixels.shape[:2]) - extent + 1)
    return np.ascontiguousarray(pixels[top : top + extent[0], left : left + extent[1]])


PERTURBATIONS: Final[dict[str, Perturbation]] = {
    "rotation by any angle": _rotate,
    "mirror": _mirror,
    "one stop brighter": _expose(1),
    "one stop darker": _expose(-1),
    "grey": _remove_colour,
    "JPEG quality 30": _compress,
    "half scale": _scale(0.5),
    "double scale": _scale(2),
    "window of 3/4, anywhere": _crop,
}
"""Perturbations by name. The names are also keys in the stored results of ablations."""
