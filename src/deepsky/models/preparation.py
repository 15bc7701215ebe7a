"""Brings pictures to a network's input."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["fit_to_input"]


def fit_to_input(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Bring a picture to a network's input: the whole of it, scaled to a square.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    size : int
        Side of the square, in pixels.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
    """
    picture = Image.fromarray(pixels)
    scaled = picture.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(scaled)
