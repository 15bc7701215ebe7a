"""Brings images to a network's input."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.image_data import as_image

__all__ = ["SHORTER_SIDE", "Prepared", "fit_to_input", "prepare"]

SHORTER_SIDE: Final = 400
"""Pixels along its shorter side that an image is read with, where it has as many, to be
classified: whoever asks, so that all get the same answer (`read_image`'s ``at_least``)."""

Prepared = Mapping[int, NDArray[np.uint8]]
"""One image, fitted to the inputs of several networks: by the side of the input, in pixels."""


def fit_to_input(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Bring an image to a network's input: the whole of it, scaled to a square.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    size : int
        Side of the square, in pixels.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
    """
    image = as_image(pixels)
    scaled = image.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(scaled.convert("RGB"))


def prepare(pixels: NDArray[np.uint8], sizes: Iterable[int]) -> dict[int, NDArray[np.uint8]]:
    """Bring an image to the inputs of several networks.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    sizes : iterable of int
        Sides of the inputs, in pixels, such as `Classifier.input_sizes`.

    Returns
    -------
    dict of int to ndarray of uint8, shape (size, size, 3)
        The image as `fit_to_input` makes it, by size.
    """
    return {size: fit_to_input(pixels, size) for size in sizes}
