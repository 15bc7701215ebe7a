"""Scale images to the input sizes of networks."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.image_data import to_pillow

__all__ = ["SHORTER_SIDE", "Prepared", "fit_to_input", "prepare"]

SHORTER_SIDE: Final = 400
"""JPEG images are decoded at reduced size if their shorter side remains at least this long, in
pixels. All interfaces pass this value to `read_image` as ``at_least``, so that their predictions
agree."""

Prepared = Mapping[int, NDArray[np.uint8]]
"""One image scaled to several input sizes. The keys are the side lengths in pixels."""


def fit_to_input(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Scale a whole image to a square, without preserving its aspect ratio.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB image.
    size : int
        Side length of the square, in pixels.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
    """
    image = to_pillow(pixels)
    scaled = image.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(scaled.convert("RGB"))


def prepare(pixels: NDArray[np.uint8], sizes: Iterable[int]) -> dict[int, NDArray[np.uint8]]:
    """Scale an image to the input sizes of several networks.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB image.
    sizes : iterable of int
        Side lengths of the inputs, in pixels, such as `Classifier.input_sizes`.

    Returns
    -------
    dict of int to ndarray of uint8, shape (size, size, 3)
        The scaled image for each size.
    """
    return {size: fit_to_input(pixels, size) for size in sizes}
