"""Bring 16-bit and floating-point data to the 8 bits of a finished photograph.

Linear data, as cameras and telescopes deliver it, holds the whole sky in its darkest
percent. It gets the automatic screen stretch of PixInsight and Siril: the black point lies
2.8 (normalised) median absolute deviations below the median, and a midtones transfer
function lifts the background to a fixed brightness. Data that was stretched before it was
saved is only scaled.

References
----------
The midtones transfer function and the automatic stretch: PixInsight reference documentation,
ScreenTransferFunction; Siril documentation, "Autostretch". The normalised median absolute
deviation: Huber, *Robust Statistics* (1981).
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import NoImageDataError

__all__ = ["to_eight_bits"]

_BACKGROUND: Final = 0.12  # brightness of the sky after the stretch, 0 to 1
_SHADOWS: Final = 2.8  # black point: so many deviations below the median
_WHITE: Final = 0.9999  # quantile of the white point: a hot pixel must not set the white point
_BRIGHT: Final = 0.1  # a pixel is bright if this far above the median, in units of full scale
_OVERSHOOT: Final = 0.01  # how far beyond 0 and 1 floats may lie that count from 0 to 1
_FINISHED_FRACTION: Final = 0.02  # more bright pixels than this: already stretched
_SAMPLE_SIZE: Final = 1_000_000  # statistics look at about so many pixels
_BAND_SIZE: Final = 20_000  # so many pixels are stretched at a time

_Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From values, the channels last, to brightness, 0 to 1."""

_Levels = Callable[[NDArray[Any]], Iterable[NDArray[np.uint8]]]
"""From values, the channels last, to 0 to 255, channel by channel."""


def to_eight_bits(data: NDArray[Any]) -> tuple[NDArray[np.uint8], str | None]:
    """Turn data of any depth into an 8-bit RGB image.

    Parameters
    ----------
    data : ndarray of integers or floats, shape (height, width) or (height, width, 3)
        Grey or RGB values in any unit; NaN and infinite where unknown. Values of type uint8
        are used as they are. Unsigned integers run from 0 to the largest of their type and
        floats within 0 to 1 to 1, where scaling or sharpening may have left some a hundredth
        beyond; anything else has no natural full scale and counts as linear.

    Returns
    -------
    pixels : ndarray of uint8, shape (height, width, 3)
        Unknown values are black. Grey data give one plane, seen thrice, as in `ImageData.pixels`.
    stretch : str or None
        ``"mtf"``, or None where values were only scaled to 8 bits: more than 2 % of the pixels
        that are not zero are over a tenth of full scale brighter than their median, as in
        finished photographs and never in linear data.

    Raises
    ------
    NoImageDataError
        If no value is finite.
    """
    planes = data[..., np.newaxis] if data.ndim == 2 else data
    if planes.dtype == np.uint8:
        return _as_rgb(planes.copy()), None
    channels = _sample(planes)
    scale = _full_scale(planes.dtype, channels)
    exposed = [_without_border(values) for values in channels]
    if scale is not None and _is_finished(exposed, scale):
        return _apply(planes, lambda band: band / scale), None
    return _apply(planes, _midtones_curve(exposed)), "mtf"


def _sample(planes: NDArray[Any]) -> list[NDArray[np.float64]]:
    """Finite values of a regular grid of pixels, one array a channel, in ascending order.

    A channel without any is black.
    """
    step = max(1, int(np.sqrt(planes.shape[0] * planes.shape[1] / _SAMPLE_SIZE)))
    grid = np.moveaxis(planes[::step, ::step], -1, 0)
    # Of 16-bit integers "stable" is a radix sort, four times as quick; of others a slower one.
    kind: Literal["stable"] | None = "stable" if _is_short(planes.dtype) else None
    ordered = [_finite(np.sort(values, axis=None, kind=kind)) for values in grid]
    channels = [values.astype(np.float64) for values in ordered]
    if not any(values.size for values in channels):
        msg = "The image holds no finite value; export it again from the original data."
        raise NoImageDataError(msg)
    return [values if values.size else np.zeros(1) for values in channels]


def _finite(values: NDArray[Any]) -> NDArray[Any]:
    """Cut what is not finite off the ends of ascending values; NaN stands after infinity."""
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
    """Build the stretch: each channel has its own black point, all share one curve.

    So the background comes out neutral while the colours of stars and nebulae stay.
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
    """Leave out exact zeros, with which stacking software fills what was never exposed."""
    exposed = values[values != 0]
    return exposed if exposed.size else values


def _black_point(values: NDArray[np.float64]) -> float:
    median = _quantile(values, 0.5)
    deviation = 1.4826 * _median_distance(values, median)
    lowest = float(values[0])
    return max(lowest, median - _SHADOWS * deviation) if deviation else lowest


def _median_distance(values: NDArray[np.float64], middle: float) -> float:
    """Tell how far ascending values lie from a middle, in the median, without ordering them anew.

    Those nearest to it stand side by side: of all rows of so many, the one that reaches least far.
    """
    halves = (len(values) - 1) // 2, len(values) // 2
    lower, upper = (
        np.maximum(middle - values[: len(values) - half], values[half:] - middle).min()
        for half in halves
    )
    return float(lower + (upper - lower) / 2)


def _quantile(values: NDArray[np.float64], share: float) -> float:
    """Give a quantile of ascending values, which `numpy.quantile` would order anew."""
    below, part = divmod(share * (len(values) - 1), 1)
    lower, upper = values[int(below) : int(below) + 2][[0, -1]]
    return float(lower + (upper - lower) * part)


def _midtones(values: Any, balance: Any) -> Any:
    """Midtones transfer function: 0, `balance` and 1 become 0, 1/2 and 1."""
    return (balance - 1) * values / ((2 * balance - 1) * values - balance)


def _apply(planes: NDArray[Any], curve: _Curve) -> NDArray[np.uint8]:
    """Apply the curve band by band: what is worked with stays small, in the processor's cache."""
    height, width, channels = planes.shape
    short = _is_short(planes.dtype)
    levels = _look_up(planes.dtype, channels, curve) if short else _work_out(curve)
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


def _work_out(curve: _Curve) -> _Levels:
    return lambda band: np.moveaxis(_to_bytes(curve(band.astype(np.float64))), -1, 0)


def _look_up(dtype: np.dtype[Any], channels: int, curve: _Curve) -> _Levels:
    """Work out the curve once for each of the values that 16 bits can have."""
    every = np.arange(2**16, dtype=np.uint16).view(dtype.newbyteorder("="))
    tables = [row for [row] in _work_out(curve)(np.tile(every, (channels, 1)).T[np.newaxis])]
    return lambda band: (
        table.take(band[..., channel].astype(every.dtype).view(np.uint16))
        for channel, table in enumerate(tables)
    )


def _to_bytes(brightness: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Bring 0 to 1 to 0 to 255; what is unknown becomes black."""
    known = np.nan_to_num(brightness, nan=0, posinf=1, neginf=0)
    return np.rint(np.clip(known, 0, 1) * 255).astype(np.uint8)
