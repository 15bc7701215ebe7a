"""Rotate and mirror images according to their Exif or TIFF orientation."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["ORIENTATIONS", "apply_orientation", "swaps_axes"]

ORIENTATIONS: Final = range(1, 9)
"""Valid values of the Orientation tag."""


def swaps_axes(orientation: object) -> bool:
    """Return whether applying an orientation swaps height and width.

    Parameters
    ----------
    orientation : object
        Value of the Orientation tag; see `apply_orientation`.

    Returns
    -------
    bool
    """
    return orientation in (5, 6, 7, 8)


def apply_orientation(pixels: NDArray[Any], orientation: object) -> NDArray[Any]:
    """Rotate and mirror an image according to its orientation tag.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, ...)
        Pixels as stored in the file.
    orientation : object
        Value of the Orientation tag, 1 to 8; any other value is treated as 1.

    Returns
    -------
    ndarray
        A view of `pixels`. Orientations 5 to 8 swap height and width.

    References
    ----------
    Exif 2.32, tag 0x0112 (Orientation); TIFF 6.0, tag 274.
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
