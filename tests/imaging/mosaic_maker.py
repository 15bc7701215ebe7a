"""Make raw mosaics from colour images."""

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.mosaic_pattern import side

__all__ = ["GAINS", "make_mosaic"]

GAINS = (0.5, 1.0, 0.6)
"""Sensitivities of a sensor in red, green and blue."""


def make_mosaic(
    colours: NDArray[np.float64], pattern: str, gains: tuple[float, ...] = GAINS
) -> NDArray[np.float64]:
    """Return the values that a sensor with the given colour filter pattern records.

    Parameters
    ----------
    colours : ndarray, shape (height, width, 3)
        Linear RGB.
    pattern : str
        Colour filter pattern of the first row.
    gains : tuple of float
        Sensitivities in red, green and blue.

    Returns
    -------
    ndarray, shape (height, width)
    """
    mosaic = np.empty(colours.shape[:2])
    period = side(pattern)
    for place, colour in enumerate(pattern):
        row, column = divmod(place, period)
        channel = "RGB".index(colour)
        mosaic[row::period, column::period] = (
            colours[row::period, column::period, channel] * gains[channel]
        )
    return mosaic
