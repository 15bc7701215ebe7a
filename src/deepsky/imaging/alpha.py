"""Lay transparent data on black."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["blend_on_black"]


def blend_on_black(colours: NDArray[Any], opacity: NDArray[Any]) -> NDArray[Any]:
    """Darken grey or RGB data by its transparency.

    Parameters
    ----------
    colours : ndarray, shape (height, width, 1 or 3)
        Unsigned integers, or floats.
    opacity : ndarray, shape (height, width, 1)
        Of the same type: from 0, transparent, to the type's largest integer or 1.0, opaque.

    Returns
    -------
    ndarray
        Shape and type as of `colours`.
    """
    opaque = np.iinfo(opacity.dtype).max if opacity.dtype.kind == "u" else 1
    return (colours * (opacity / np.float32(opaque))).astype(colours.dtype)
