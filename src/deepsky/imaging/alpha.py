"""Blend transparent images with a black background."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["blend_on_black"]


def blend_on_black(colours: NDArray[Any], opacity: NDArray[Any]) -> NDArray[Any]:
    """Blend grey or RGB values with black by multiplying them by alpha.

    Parameters
    ----------
    colours : ndarray of unsigned integers or floats, shape (height, width, 1 or 3)
        Grey or RGB values that are not premultiplied by alpha.
    opacity : ndarray, shape (height, width, 1)
        Alpha values with the dtype of `colours`: 0 is transparent, and the maximum of an integer
        dtype (1.0 for floats) is opaque.

    Returns
    -------
    ndarray
        Blended values, with the shape and dtype of `colours`.
    """
    opaque = np.iinfo(opacity.dtype).max if opacity.dtype.kind == "u" else 1
    return (colours * (opacity / np.float32(opaque))).astype(colours.dtype)
