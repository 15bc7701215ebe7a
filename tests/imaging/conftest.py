"""Fixtures that return images with known pixels."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

Store = Callable[[Image.Image, int], Image.Image]

# For each Exif orientation, the transposition from the displayed to the stored image.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.fixture
def pattern() -> NDArray[np.uint8]:
    """Return an RGB image with 40 rows and 56 columns. Each quarter has a different colour.

    Flipping or rotating the image or swapping its channels changes it.
    """
    pixels = np.empty((40, 56, 3), np.uint8)
    pixels[:20, :28] = (200, 60, 20)
    pixels[:20, 28:] = (20, 160, 40)
    pixels[20:, :28] = (40, 20, 220)
    pixels[20:, 28:] = (250, 240, 120)
    return pixels


@pytest.fixture
def grey(pattern: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a grey image with four levels of brightness: the first channel of `pattern`."""
    return pattern[..., 0]


@pytest.fixture
def store() -> Store:
    """Return a function that converts a displayed image to its stored form for an orientation."""

    def transform(displayed: Image.Image, orientation: int) -> Image.Image:
        return displayed if orientation == 1 else displayed.transpose(_STORED[orientation])

    return transform


@pytest.fixture
def linear_sky() -> NDArray[np.float64]:
    """Return a linear RGB image of a red nebula and stars; only stars are brighter than 0.06."""
    random = np.random.default_rng(3)
    rows, columns = np.mgrid[:240, :320]
    nebula = np.exp(-((rows - 90) ** 2 + (columns - 120) ** 2) / 3000)
    sky = 0.02 + nebula[..., np.newaxis] * np.array([0.03, 0.012, 0.015])
    for row, column in random.integers((5, 5), (235, 315), (40, 2)):
        star = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 2.5)
        sky += random.uniform(0.05, 1.2) * star[..., np.newaxis]
    noisy: NDArray[np.float64] = sky + random.normal(0, 0.001, sky.shape)
    return noisy.clip(0, 1)
