"""A sample of an image's pixels, from which statistics are computed."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import NoImageDataError

__all__ = ["Sample", "is_short", "quantile", "take_sample"]

_SIZE: Final = 1_000_000  # approximate number of pixels per channel
_PAIRS: Final = 50_000  # approximate minimum number of pairs of neighbouring pixels per channel


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of the pixels of an image.

    Attributes
    ----------
    channels : list of ndarray of float64
        The sorted finite values of each channel. A channel without finite values is represented by
        a single 0.
    pairs : ndarray of float64, shape (2, n, channels)
        Values of pixels and of their neighbours to the right.
    """

    channels: list[NDArray[np.float64]]
    pairs: NDArray[np.float64]


def take_sample(planes: NDArray[Any]) -> Sample:
    """Take a sample of about a million pixels on a regular grid.

    Parameters
    ----------
    planes : ndarray of integers or floats, shape (height, width, channels)

    Returns
    -------
    Sample

    Raises
    ------
    NoImageDataError
        If there are no finite values.
    """
    step = _step(planes, _SIZE)
    grid = np.moveaxis(planes[::step, ::step], -1, 0)
    # For 16-bit integers, NumPy's "stable" sort is a radix sort, which is four times as fast as
    # the default sort.
    kind: Literal["stable"] | None = "stable" if is_short(planes.dtype) else None
    ordered = [_finite(np.sort(values, axis=None, kind=kind)) for values in grid]
    channels = [values.astype(np.float64) for values in ordered]
    if not any(values.size for values in channels):
        msg = "The image contains no finite values; export it again from the original data."
        raise NoImageDataError(msg)
    channels = [values if values.size else np.zeros(1) for values in channels]
    return Sample(channels, _neighbours(planes))


def is_short(dtype: np.dtype[Any]) -> bool:
    """Return whether a dtype is a 16-bit integer.

    Parameters
    ----------
    dtype : numpy.dtype

    Returns
    -------
    bool
    """
    return dtype.kind in "iu" and dtype.itemsize == 2


def quantile(values: NDArray[np.float64], probability: float) -> float:
    """Return a quantile of sorted values, without sorting them again as `numpy.quantile` does.

    Parameters
    ----------
    values : ndarray of float64
        At least one value, in ascending order.
    probability : float
        0 to 1.

    Returns
    -------
    float
        The value at this probability, interpolated linearly.
    """
    index, fraction = divmod(probability * (len(values) - 1), 1)
    lower, upper = values[int(index) : int(index) + 2][[0, -1]]
    return float(lower + (upper - lower) * fraction)


def _step(planes: NDArray[Any], size: int) -> int:
    return max(1, int(np.sqrt(planes.shape[0] * planes.shape[1] / size)))


def _neighbours(planes: NDArray[Any]) -> NDArray[np.float64]:
    step = _step(planes, _PAIRS)
    pixels, right = planes[::step, :-1:step], planes[::step, 1::step]
    pairs = np.stack([pixels, right]).reshape(2, -1, planes.shape[2])
    return pairs.astype(np.float64)


def _finite(values: NDArray[Any]) -> NDArray[Any]:
    """Return the finite values of a sorted array; NumPy sorts NaN after infinity."""
    if values.dtype.kind != "f":
        return values
    first, last = np.searchsorted(values, -np.inf, "right"), np.searchsorted(values, np.inf)
    return values[first:last]
