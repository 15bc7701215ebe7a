"""The midtones transfer function (MTF), as in PixInsight and Siril.

The black point of each channel is 2.8 normalised median absolute deviations below its median, and
one curve for all channels raises the background to a fixed brightness. The deviation is that of the
channel with the least noise, so that the background is neutral even if the noise of the channels
differs, as after demosaicking.

References
----------
PixInsight reference documentation, *ScreenTransferFunction*; Siril documentation, *Autostretch*.
Normalised median absolute deviation: Huber, *Robust Statistics* (1981).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.sample import quantile
from deepsky.imaging.display.stretch_choice import MIDTONES, SHADOWS, Midtones

__all__ = ["Curve", "find_limits", "find_noise", "midtones_curve"]

_WHITE: Final = 0.9999  # quantile for the white point, chosen to ignore hot pixels

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Function that converts values, with channels on the last axis, to brightness (0 to 1)."""


def midtones_curve(channels: Sequence[NDArray[np.float64]], midtones: Midtones = MIDTONES) -> Curve:
    """Return a curve with one black point per channel and one midtones curve for all channels.

    The black points make the background neutral, and the common midtones curve preserves the
    colours of stars and nebulae.

    Parameters
    ----------
    channels : sequence of ndarray of float64
        The sorted values of each channel.
    midtones : Midtones
        Brightness of the sky and depth of the black point.

    Returns
    -------
    callable
        The curve.
    """
    black, white = find_limits(channels, midtones.shadows)
    if not 0 < white < np.inf:
        return np.zeros_like
    levels = [values - dark for values, dark in zip(channels, black, strict=True)]
    background = np.mean([quantile(values, 0.5) or np.mean(values) for values in levels]) / white
    balance = _midtones(background, midtones.background)
    return lambda band: _midtones(np.clip((band - black) / white, 0, 1), balance)


def find_limits(
    channels: Sequence[NDArray[np.float64]], shadows: float = SHADOWS
) -> tuple[NDArray[np.float64], float]:
    """Find the black points and the white point of a stretch.

    Parameters
    ----------
    channels : sequence of ndarray of float64
        The sorted values of each channel.
    shadows : float
        Distance from the black point to the median, in normalised median absolute deviations.

    Returns
    -------
    black : ndarray of float64, shape (channels,)
        The black point of each channel.
    white : float
        Distance from the black points to the white point, which is common to all channels.
    """
    medians = np.array([quantile(values, 0.5) for values in channels])
    depths = medians - [_black_point(values, shadows) for values in channels]
    depths[depths > 0] = depths.min(where=depths > 0, initial=np.inf)
    black = medians - depths
    white = max(
        quantile(values, _WHITE) - dark for values, dark in zip(channels, black, strict=True)
    )
    return black, white


def find_noise(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the median and the normalised median absolute deviation of sorted values.

    Parameters
    ----------
    values : ndarray of float64
        At least one value, in ascending order.

    Returns
    -------
    median, deviation : float
    """
    median = quantile(values, 0.5)
    return median, 1.4826 * _median_absolute_deviation(values, median)


def _black_point(values: NDArray[np.float64], shadows: float) -> float:
    """Return the black point for sorted values, which is never below the smallest value."""
    median, deviation = find_noise(values)
    lowest = float(values[0])
    return max(lowest, median - shadows * deviation) if deviation else lowest


def _median_absolute_deviation(values: NDArray[np.float64], median: float) -> float:
    """Return the median absolute deviation of sorted values, without sorting the deviations.

    The half of the values that is closest to the median forms a contiguous window of the sorted
    values. For each window of this length, the distance between the median and the farther end of
    the window is computed. The smallest of these distances is the median absolute deviation. For an
    even number of values, the result is the mean of the results for the two middle window lengths.
    """
    lengths = (len(values) - 1) // 2, len(values) // 2
    lower, upper = (
        np.maximum(median - values[: len(values) - length], values[length:] - median).min()
        for length in lengths
    )
    return float(lower + (upper - lower) / 2)


def _midtones(values: Any, balance: Any) -> Any:
    """Apply the midtones transfer function, which maps 0, `balance` and 1 to 0, 1/2 and 1."""
    return (balance - 1) * values / ((2 * balance - 1) * values - balance)
