"""Recognise images that show nothing."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import NoImageDataError

__all__ = ["check_content"]

_SAMPLES: Final = 64  # rows and columns that are compared before all pixels are


def check_content(values: NDArray[Any]) -> None:
    """Check that an image is not constant.

    Parameters
    ----------
    values : ndarray of integers or floats, shape (rows, columns) or (rows, columns, channels)
        Grey or RGB values; NaN is ignored.

    Raises
    ------
    NoImageDataError
        If all pixels have the same value.
    """
    rows, columns = (max(1, length // _SAMPLES) for length in values.shape[:2])
    if _varies(values[::rows, ::columns]) or _varies(values):
        return
    msg = "All pixels of the image have the same value; use a file that shows something."
    raise NoImageDataError(msg)


def _varies(values: NDArray[Any]) -> bool:
    """Return whether at least one channel has two different values that are not NaN."""
    if values.dtype.kind != "f":
        return bool((values != values[0, 0]).any())
    axes = (0, 1)
    lowest = np.nanmin(values, axis=axes, initial=np.inf)
    return bool((lowest < np.nanmax(values, axis=axes, initial=-np.inf)).any())
