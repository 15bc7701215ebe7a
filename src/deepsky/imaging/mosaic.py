"""Convert Bayer mosaics (raw frames from colour cameras) to grey."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["average_mosaic"]


def average_mosaic(data: NDArray[Any]) -> NDArray[Any]:
    """Convert a Bayer mosaic to grey with a 2 x 2 moving average.

    Every block of 2 x 2 pixels in a Bayer mosaic contains one red, two green and one blue pixel.
    Without averaging, the stretch would treat the colour pattern as noise and leave the object
    dark. Capture programs record the order of the colours in a block inconsistently, but the
    result does not depend on this order.

    Parameters
    ----------
    data : ndarray, shape (height, width)
        Raw sensor values.

    Returns
    -------
    ndarray
        Grey values, with the shape and dtype of `data`.
    """
    # Reflected padding continues the Bayer pattern beyond the edges.
    padded = np.pad(data, ((0, 1), (0, 1)), mode="reflect")
    exact = np.float32 if data.dtype.itemsize <= 2 else np.float64
    rows = np.add(padded[:-1], padded[1:], dtype=exact)
    squares: NDArray[Any] = (rows[:, :-1] + rows[:, 1:]) / 4
    return squares.astype(data.dtype)
