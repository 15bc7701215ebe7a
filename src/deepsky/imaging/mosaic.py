"""Turn the frame of a one-shot-colour camera, whose colours lie side by side, into grey."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["average_mosaic"]


def average_mosaic(data: NDArray[Any]) -> NDArray[Any]:
    """Average each pixel with its neighbours to the right, below and between them.

    Each such square of a Bayer mosaic has all its colours. As it is, the mosaic would pass for
    noise, and a stretch that keeps noise dark would keep the object dark too.

    Parameters
    ----------
    data : ndarray, shape (height, width)
        Red, green and blue pixels, in whichever order: which row is the first of a pattern is not
        told alike by all programs.

    Returns
    -------
    ndarray
        Grey, of the same shape and type.
    """
    padded = np.pad(data, ((0, 1), (0, 1)), mode="reflect")  # the pattern goes on
    exact = np.float32 if data.dtype.itemsize <= 2 else np.float64
    rows = np.add(padded[:-1], padded[1:], dtype=exact)
    squares: NDArray[Any] = (rows[:, :-1] + rows[:, 1:]) / 4
    return squares.astype(data.dtype)
