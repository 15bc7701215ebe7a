"""Apply a curve to the values of an image, with 8-bit levels as the result."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.midtones import Curve
from deepsky.imaging.display.sample import is_short

__all__ = ["apply_curve"]

_BAND_SIZE: Final = 20_000  # approximate number of pixels converted at a time

_Levels = Callable[[NDArray[Any]], Iterable[NDArray[np.uint8]]]
"""Function that converts values, with channels on the last axis, to one 8-bit array per channel."""


def apply_curve(planes: NDArray[Any], curve: Curve) -> NDArray[np.uint8]:
    """Apply a curve to one band of rows at a time, because a band fits in the CPU cache.

    Parameters
    ----------
    planes : ndarray of integers or floats, shape (height, width, channels)
    curve : callable
        Function that converts values, with channels on the last axis, to brightness (0 to 1).

    Returns
    -------
    ndarray of uint8, shape (height, width, channels)
        Levels from 0 to 255; NaN becomes 0.
    """
    height, width, channels = planes.shape
    short = is_short(planes.dtype)
    levels = _tabulate(planes.dtype, channels, curve) if short else _evaluate(curve)
    pixels = np.empty(planes.shape, np.uint8)
    rows = max(1, _BAND_SIZE // width)
    for top in range(0, height, rows):
        for channel, values in enumerate(levels(planes[top : top + rows])):
            pixels[top : top + rows, :, channel] = values
    return pixels


def _evaluate(curve: Curve) -> _Levels:
    return lambda band: np.moveaxis(_to_bytes(curve(band.astype(np.float64))), -1, 0)


def _tabulate(dtype: np.dtype[Any], channels: int, curve: Curve) -> _Levels:
    """Tabulate the curve for all 16-bit values, and return a function that uses the table."""
    values = np.arange(2**16, dtype=np.uint16).view(dtype.newbyteorder("="))
    tables = [row for [row] in _evaluate(curve)(np.tile(values, (channels, 1)).T[np.newaxis])]
    return lambda band: (
        table.take(band[..., channel].astype(values.dtype).view(np.uint16))
        for channel, table in enumerate(tables)
    )


def _to_bytes(brightness: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Convert brightness (0 to 1) to levels (0 to 255); NaN becomes 0."""
    known = np.nan_to_num(brightness, nan=0, posinf=1, neginf=0)
    return np.rint(np.clip(known, 0, 1) * 255).astype(np.uint8)
