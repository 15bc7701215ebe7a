"""Reduce images to the size at which plate solvers search them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["ReducedImage", "reduce_image"]

_MAX_SIDE: Final = 1600  # pixels; more stars than these show do not help
_LUMINANCE: Final = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class ReducedImage:
    """Luminance of an image at reduced size, and its full size.

    Attributes
    ----------
    luminance : ndarray of float32, shape (rows, columns)
        From 0 to 255, top row first. No side exceeds 1600 pixels.
    factor : int
        Number of rows and columns at full size for each row and column.
    width, height : int
        Full size of the image in pixels.
    """

    luminance: NDArray[np.float32]
    factor: int
    width: int
    height: int


def reduce_image(
    pixels: NDArray[np.uint8], width: int | None = None, height: int | None = None
) -> ReducedImage:
    """Average blocks of pixels so that no side exceeds 1600 pixels.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB pixels, top row first.
    width, height : int, optional
        Full size of the image, if `pixels` were read at a reduced size. By default, the size of
        `pixels`.

    Returns
    -------
    ReducedImage

    Examples
    --------
    >>> import numpy as np
    >>> from deepsky.sky.reduction import reduce_image
    >>> reduced = reduce_image(np.zeros((2400, 3200, 3), np.uint8))
    >>> reduced.luminance.shape, reduced.factor
    ((1200, 1600), 2)
    """
    rows, columns = pixels.shape[:2]
    width, height = width or columns, height or rows
    block = -(-max(rows, columns) // _MAX_SIDE)
    factor = block * max(1, round(max(width, height) / max(rows, columns)))
    rows, columns = rows // block, columns // block
    if not rows or not columns:
        return ReducedImage(np.zeros((1, 1), np.float32), factor, width, height)
    luminance = np.empty((rows, columns), np.float32)
    for row in range(rows):
        band = pixels[row * block : (row + 1) * block, : columns * block]
        blocks = band.reshape(block, columns, block, 3).mean(axis=(0, 2), dtype=np.float32)
        luminance[row] = blocks @ _LUMINANCE
    return ReducedImage(luminance, factor, width, height)
