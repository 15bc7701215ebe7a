"""Scale images to the networks' inputs."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.image_data import to_pillow

__all__ = ["SHORTER_SIDE", "Prepared", "fit_to_input", "prepare"]

SHORTER_SIDE: Final = 400
"""Smallest shorter side, in pixels, to which a JPEG may be reduced while it is decoded. Every
interface passes it to `read_image` as ``at_least``, so that all return the same predictions."""

Prepared = Mapping[int, NDArray[np.uint8]]
"""An image at the input sizes of several networks, by the side of the input in pixels."""


def fit_to_input(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Scale a whole image to a square, regardless of its aspect ratio.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB.
    size : int
        Side of the square, in pixels.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
    """
    image = to_pillow(pixels)
    scaled = image.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(scaled.convert("RGB"))


def prepare(pixels: NDArray[np.uint8], sizes: Iterable[int]) -> dict[int, NDArray[np.uint8]]:
    """Scale an image to the inputs of several networks.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB.
    sizes : iterable of int
        Sides of the inputs, in pixels, such as `Classifier.input_sizes`.

    Returns
    -------
    dict of int to ndarray of uint8, shape (size, size, 3)
        The scaled image by size.
    """
    return {size: fit_to_input(pixels, size) for size in sizes}
