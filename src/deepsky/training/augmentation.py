"""Random augmentation of training images.

The class of an object does not change if the image is rotated or mirrored, or if the object is
small and in a star field. Scale, exposure, stretch, colour, noise, sharpness and compression depend
on the photographer rather than on the object. These properties are varied randomly, so that the
network does not learn to rely on them.
"""

import io
from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from deepsky.dataset.synthetic_skies import place_among_stars
from deepsky.models.preparation import fit_to_input

__all__ = ["STEPS", "augment"]

STEPS: Final = ("rotate", "zoom", "crop", "stars", "degrade", "relight")
"""Names of the augmentation steps, which vary the orientation (``rotate``), the part of a large
original that is shown (``zoom``), crop and scale (``crop``), surrounding stars (``stars``),
sharpness and compression (``degrade``), and brightness, colour and noise (``relight``)."""

ZOOMED: Final = 0.3
"""Fraction of the large originals of which only a part near the centre is shown."""

ZOOM_SIDE: Final = (0.25, 0.75)
"""Minimum and maximum sides of that part, as a fraction of the sides of the image."""

ZOOM_OFFSET: Final = 0.15
"""Maximum distance of the part's centre from the image's centre, as a fraction of the sides."""

CROP_AREA: Final = (0.35, 1.0)
"""Minimum and maximum area of a crop, as a fraction of the area of the image."""

ASPECT: Final = (3 / 4, 4 / 3)
"""Minimum and maximum aspect ratio of a crop."""

LUMA: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Weights of red, green and blue for conversion to greyscale (ITU-R BT.601)."""


def augment(
    image: Image.Image, size: int, rng: np.random.Generator, without: Collection[str] = ()
) -> NDArray[np.uint8]:
    """Return a randomly augmented copy of an image.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB image.
    size : int
        Side of the augmented image, in pixels.
    rng : numpy.random.Generator
    without : collection of str
        Augmentation steps to omit, from `STEPS`.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
        RGB image.
    """
    if "zoom" not in without and min(image.size) >= 2 * size and rng.random() < ZOOMED:
        image = _zoom(image, rng)
    if "crop" in without:
        variant = Image.fromarray(fit_to_input(np.asarray(image), size))
    else:
        variant = _crop(image, size, rng)
    if "rotate" not in without and rng.random() < 0.3:
        variant = _rotate_freely(variant, rng.uniform(0, 360))
    if "stars" not in without and rng.random() < 0.12:
        variant = place_among_stars(variant, rng)
    if "degrade" not in without:
        variant = _degrade(variant, rng)
    pixels = np.asarray(variant)
    if "rotate" not in without:
        pixels = _rotate_by_quarters(pixels, rng)
    return pixels if "relight" in without else _relight(pixels, rng)


def _rotate_freely(image: Image.Image, angle: float) -> Image.Image:
    """Rotate a square image by an angle in degrees, and fill its corners with reflected pixels."""
    size = image.width
    margin = int((np.sqrt(2) - 1) / 2 * size) + 1
    margins = ((margin, margin), (margin, margin), (0, 0))
    padded = Image.fromarray(np.pad(np.asarray(image), margins, mode="reflect"))
    rotated = padded.rotate(angle, Image.Resampling.BICUBIC)
    return rotated.crop((margin, margin, margin + size, margin + size))


def _zoom(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a part near the centre of an image, where photographers place small objects."""
    sides = np.multiply(image.size, np.exp(rng.uniform(*np.log(ZOOM_SIDE))))
    centre = np.multiply(image.size, 0.5 + rng.uniform(-ZOOM_OFFSET, ZOOM_OFFSET, 2))
    left, top = np.clip(centre - sides / 2, 0, image.size - sides)
    return image.crop((int(left), int(top), int(left + sides[0]), int(top + sides[1])))


def _crop(image: Image.Image, size: int, rng: np.random.Generator) -> Image.Image:
    """Crop an image randomly, and scale the crop to a square."""
    area = rng.uniform(*CROP_AREA)
    aspect = np.exp(rng.uniform(*np.log(ASPECT)))
    fraction = np.minimum(np.sqrt([area * aspect, area / aspect]), 1.0)
    extent = fraction * image.size
    left, top = rng.uniform(0, 1, 2) * (image.size - extent)
    box = (left, top, left + extent[0], top + extent[1])
    return image.resize((size, size), Image.Resampling.BICUBIC, box=box)


def _degrade(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Downscale, blur and JPEG-compress an image, each with a fixed probability."""
    size = image.size
    if rng.random() < 0.2:
        fewer = int(size[0] * rng.uniform(0.35, 0.9))
        image = image.resize((fewer, fewer), Image.Resampling.BICUBIC)
        image = image.resize(size, Image.Resampling.BICUBIC)
    if rng.random() < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.5)))
    if rng.random() < 0.3:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(rng.integers(30, 91)))
        image = Image.open(buffer)
    return image


def _rotate_by_quarters(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Rotate by a random multiple of 90 degrees, and mirror with a probability of 0.5."""
    pixels = np.rot90(pixels, int(rng.integers(4)))
    return pixels[:, ::-1] if rng.random() < 0.5 else pixels


def _relight(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Vary stretch, exposure, background, colour and noise randomly."""
    curve = np.linspace(0, 1, 256) ** np.exp(rng.normal(0, 0.35))
    gains = np.exp(rng.normal(0, 0.08, 3) + rng.normal(0, 0.2))
    curves = (np.outer(gains, curve) + rng.normal(0, 0.04)).astype(np.float32)
    values = np.stack([curves[k][pixels[..., k]] for k in range(3)], axis=-1)
    if rng.random() < 0.5:
        grey = (values @ LUMA)[..., None]
        saturation = 0.0 if rng.random() < 0.3 else rng.uniform(0.4, 1.5)
        values = grey + np.float32(saturation) * (values - grey)
    if rng.random() < 0.4:
        values += rng.standard_normal(values.shape, np.float32) * np.float32(rng.uniform(0, 0.06))
    return np.asarray(np.rint(values.clip(0, 1) * 255), dtype=np.uint8)
