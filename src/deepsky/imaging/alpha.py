"""Blend transparent images with a black background."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["blend_on_black"]


def blend_on_black(colours: NDArray[Any], opacity: NDArray[Any]) -> NDArray[Any]:
    """Multiply grey or RGB values by their alpha.

    Parameters
    ----------
    colours : ndarray of unsigned integers or floats, shape (height, width, 1 or 3)
        Grey or RGB, not premultiplied by alpha.
    opacity : ndarray, shape (height, width, 1)
        Alpha, of the same dtype: 0 is transparent; the largest integer, or 1.0, is opaque.

    Returns
    -------
    ndarray
        Of the shape and dtype of `colours`.
    """
    opaque = np.iinfo(opacity.dtype).max if opacity.dtype.kind == "u" else 1
    return (colours * (opacity / np.float32(opaque))).astype(colours.dtype)
