"""Convert 16-bit and floating-point data to 8 bits, stretching linear data.

The values of linear data are proportional to the recorded light, so most of the sky is nearly
black. Such data are stretched with the same method as in PixInsight (ScreenTransferFunction, STF)
and Siril (Autostretch): the black point is 2.8 normalised median absolute deviations below the
median, and a midtones transfer function (MTF) raises the background to a fixed brightness. Finished
data were stretched before they were saved. They are only scaled to 8 bits.

References
----------
Stretch: PixInsight reference documentation, *ScreenTransferFunction*; Siril documentation,
*Autostretch*. Normalised median absolute deviation: Huber, *Robust Statistics* (1981).
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import NoImageDataError

__all__ = ["to_eight_bits"]

_BACKGROUND: Final = 0.12  # brightness of the sky after the stretch, 0 to 1
_SHADOWS: Final = 2.8  # distance from the black point to the median, in normalised deviations
_WHITE: Final = 0.9999  # quantile for the white point, chosen to ignore hot pixels
_BRIGHT: Final = 0.1  # minimum excess of bright pixels over the median, as a fraction of full scale
_OVERSHOOT: Final = 0.01  # tolerance by which floats may exceed the range 0 to 1
_FINISHED_FRACTION: Final = 0.02  # minimum fraction of bright pixels in finished data
_SAMPLE_SIZE: Final = 1_000_000  # approximate number of pixels from which statistics are computed
_BAND_SIZE: Final = 20_000  # approximate number of pixels stretched at a time

_Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Function that converts values, with channels on the last axis, to brightness (0 to 1)."""

_Levels = Callable[[NDArray[Any]], Iterable[NDArray[np.uint8]]]
"""Function that converts values, with channels on the last axis, to one 8-bit array per channel."""


def to_eight_bits(data: NDArray[Any]) -> tuple[NDArray[np.uint8], str | None]:
    """Convert data of any bit depth to 8-bit RGB, stretching linear data.

    Data are considered finished if, in at least one channel, more than 2 % of the nonzero values
    exceed the median by more than a tenth of full scale. In linear data, such bright values are
    much rarer.

    Parameters
    ----------
    data : ndarray of integers or floats, shape (height, width) or (height, width, 3)
        Grey or RGB. For unsigned integers, full scale is the maximum of the dtype. For floats
        from 0 to 1, full scale is 1; values may exceed this range by 0.01, for example after
        resampling or sharpening. Data of any other type or range have no full scale and are
        treated as linear. Values of dtype uint8 are returned unchanged.

    Returns
    -------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB; NaN becomes black, and infinite values become black or white. The array is read-only,
        because the channels of grey data are views of the same plane, and values of dtype uint8
        are not copied.
    stretch : str or None
        ``"mtf"`` if the data were stretched, None if they were only scaled to 8 bits.

    Raises
    ------
    NoImageDataError
        If the data contain no finite values.
    """
    planes = data[..., np.newaxis] if data.ndim == 2 else data
    if planes.dtype == np.uint8:
        return _as_rgb(planes), None
    channels = _sample(planes)
    scale = _full_scale(planes.dtype, channels)
    exposed = [_without_border(values) for values in channels]
    if scale is not None and _is_finished(exposed, scale):
        return _apply(planes, lambda band: band / scale), None
    return _apply(planes, _midtones_curve(exposed)), "mtf"


def _sample(planes: NDArray[Any]) -> list[NDArray[np.float64]]:
    """Return the finite values on a regular grid of pixels, as one sorted array per channel.

    A channel without finite values is represented by a single 0.
    """
    step = max(1, int(np.sqrt(planes.shape[0] * planes.shape[1] / _SAMPLE_SIZE)))
    grid = np.moveaxis(planes[::step, ::step], -1, 0)
    # For 16-bit integers, NumPy's "stable" sort is a radix sort, which is four times as fast as
    # the default sort.
    kind: Literal["stable"] | None = "stable" if _is_short(planes.dtype) else None
    ordered = [_finite(np.sort(values, axis=None, kind=kind)) for values in grid]
    channels = [values.astype(np.float64) for values in ordered]
    if not any(values.size for values in channels):
        msg = "The image contains no finite values; export it again from the original data."
        raise NoImageDataError(msg)
    return [values if values.size else np.zeros(1) for values in channels]


def _finite(values: NDArray[Any]) -> NDArray[Any]:
    """Return the finite values of a sorted array; NumPy sorts NaN after infinity."""
    if values.dtype.kind != "f":
        return values
    first, last = np.searchsorted(values, -np.inf, "right"), np.searchsorted(values, np.inf)
    return values[first:last]


def _full_scale(dtype: np.dtype[Any], channels: list[NDArray[np.float64]]) -> float | None:
    if dtype.kind == "u":
        return float(np.iinfo(dtype).max)
    in_unit_range = all(
        values[0] >= -_OVERSHOOT and values[-1] <= 1 + _OVERSHOOT for values in channels
    )
    return 1.0 if dtype.kind == "f" and in_unit_range else None


def _is_finished(channels: list[NDArray[np.float64]], scale: float) -> bool:
    bright = [
        1 - np.searchsorted(values, _quantile(values, 0.5) + _BRIGHT * scale, "right") / len(values)
        for values in channels
    ]
    return bool(max(bright) > _FINISHED_FRACTION)


def _midtones_curve(channels: list[NDArray[np.float64]]) -> _Curve:
    """Return a curve with one black point per channel and one midtones curve for all channels.

    The black points make the background neutral, and the common midtones curve preserves the
    colours of stars and nebulae.
    """
    black = np.array([_black_point(values) for values in channels])
    levels = [values - dark for values, dark in zip(channels, black, strict=True)]
    white = max(_quantile(values, _WHITE) for values in levels)
    if not 0 < white < np.inf:
        return lambda band: np.zeros_like(band)
    background = np.mean([_quantile(values, 0.5) or np.mean(values) for values in levels]) / white
    balance = _midtones(background, _BACKGROUND)
    return lambda band: _midtones(np.clip((band - black) / white, 0, 1), balance)


def _without_border(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Remove exact zeros, which stacking software writes to unexposed borders."""
    exposed = values[values != 0]
    return exposed if exposed.size else values


def _black_point(values: NDArray[np.float64]) -> float:
    """Return the black point for sorted values, which is never below the smallest value."""
    median = _quantile(values, 0.5)
    deviation = 1.4826 * _median_absolute_deviation(values, median)
    lowest = float(values[0])
    return max(lowest, median - _SHADOWS * deviation) if deviation else lowest


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


def _quantile(values: NDArray[np.float64], probability: float) -> float:
    """Return a quantile of sorted values, without sorting them again as `numpy.quantile` does."""
    index, fraction = divmod(probability * (len(values) - 1), 1)
    lower, upper = values[int(index) : int(index) + 2][[0, -1]]
    return float(lower + (upper - lower) * fraction)


def _midtones(values: Any, balance: Any) -> Any:
    """Apply the midtones transfer function, which maps 0, `balance` and 1 to 0, 1/2 and 1."""
    return (balance - 1) * values / ((2 * balance - 1) * values - balance)


def _apply(planes: NDArray[Any], curve: _Curve) -> NDArray[np.uint8]:
    """Apply a curve to one band of rows at a time, because a band fits in the CPU cache."""
    height, width, channels = planes.shape
    short = _is_short(planes.dtype)
    levels = _tabulate(planes.dtype, channels, curve) if short else _evaluate(curve)
    pixels = np.empty(planes.shape, np.uint8)
    rows = max(1, _BAND_SIZE // width)
    for top in range(0, height, rows):
        for channel, values in enumerate(levels(planes[top : top + rows])):
            pixels[top : top + rows, :, channel] = values
    return _as_rgb(pixels)


def _is_short(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "iu" and dtype.itemsize == 2


def _as_rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


def _evaluate(curve: _Curve) -> _Levels:
    return lambda band: np.moveaxis(_to_bytes(curve(band.astype(np.float64))), -1, 0)


def _tabulate(dtype: np.dtype[Any], channels: int, curve: _Curve) -> _Levels:
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
