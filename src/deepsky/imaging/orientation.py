"""Turn images upright as their Exif or TIFF orientation says."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["apply_orientation", "swaps_axes"]


def swaps_axes(orientation: object) -> bool:
    """Tell whether height and width change places when the image is turned upright."""
    return orientation in (5, 6, 7, 8)


def apply_orientation(pixels: NDArray[Any], orientation: object) -> NDArray[Any]:
    """Turn and mirror an image so that its first row is the top.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, ...)
        Rows as they stand in the file.
    orientation : object
        Value of the tag Orientation, 1 to 8 (Exif 2.32, tag 0x0112); anything else counts as 1.

    Returns
    -------
    ndarray
        A view of `pixels`; height and width change places for 5 to 8.
    """
    match orientation:
        case 2:
            return pixels[:, ::-1]
        case 3:
            return pixels[::-1, ::-1]
        case 4:
            return pixels[::-1]
        case 5:
            return np.swapaxes(pixels, 0, 1)
        case 6:
            return np.swapaxes(pixels[::-1], 0, 1)
        case 7:
            return np.swapaxes(pixels[::-1, ::-1], 0, 1)
        case 8:
            return np.swapaxes(pixels[:, ::-1], 0, 1)
        case _:
            return pixels
