"""Convert raw mosaics of colour cameras to colour or grey images (demosaicking)."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.mosaic_detection import confirm_pattern, detect_pattern
from deepsky.imaging.display.mosaic_pattern import UNKNOWN_ORDER, side

__all__ = ["demosaic", "remove_mosaic"]

_COLOURS: Final = "RGB"
_GREY: Final = np.array([0.25, 0.5, 0.25], np.float32)  # symmetrical in red and blue
_STARS: Final = 0.998  # quantile of brightness that stars exceed
_SATURATED: Final = 0.9  # brightness of saturated pixels as a fraction of the maximum
_MAX_GAIN: Final = 3.0
_SAMPLE_SIDE: Final = 200  # number of rows of pixels from which gains are computed
_REACH: Final = {2: 1, 4: 3, 6: 2}
"""Distance in pixels within which each colour occurs, by the side of the pattern."""


def remove_mosaic(
    values: NDArray[Any], stated: str | None, at_least: int | None = None
) -> NDArray[Any]:
    """Demosaic a raw mosaic, and return any other image unchanged.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Grey values or a mosaic.
    stated : str or None
        Pattern that the header states, as returned by
        `deepsky.imaging.display.mosaic_pattern.find_pattern`.
    at_least : int, optional
        Minimum length of the shorter side, in pixels; see `demosaic`.

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, 3)
        RGB with balanced colours if the order of the colours is known; grey if a mosaic was only
        detected in the values.
        The dtype is that of `values`, but float32 for uint8, because a stretch would make the
        rounding of means to 8 bits visible.
    """
    # A pattern without one of the colours is an error in the header.
    if stated is None or stated == UNKNOWN_ORDER or set(stated) != set(_COLOURS):
        pattern = detect_pattern(values)
        return values if pattern is None else _to_grey(demosaic(_deep(values), pattern, at_least))
    pattern = confirm_pattern(values, stated)
    return values if pattern is None else _balance(demosaic(_deep(values), pattern, at_least))


def _deep(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(np.float32) if values.dtype == np.uint8 else values


def _balance(colours: NDArray[Any]) -> NDArray[Any]:
    """Multiply the channels so that the stars are white on average, and return the same array.

    Sensors are most sensitive to green. Values that exceed the maximum, which is the same for all
    channels, are limited to it, so that saturated stars are white, too.
    """
    step = max(1, min(colours.shape[:2]) // _SAMPLE_SIDE)
    sample = colours[::step, ::step].reshape(-1, 3).astype(np.float64)
    brightness = sample.max(axis=1)
    exposed = sample[brightness < _SATURATED * np.nanmax(brightness)]
    if not len(exposed):
        return colours
    total = exposed.sum(axis=1)
    stars = exposed[total >= np.quantile(total, _STARS)]
    excess = stars.mean(axis=0) - np.median(exposed, axis=0)
    if not (np.isfinite(excess).all() and excess.min() > 0):
        return colours
    gains = np.minimum(excess.max() / excess, _MAX_GAIN)
    highest = np.iinfo(colours.dtype).max if colours.dtype.kind in "iu" else np.nanmax(colours)
    for channel in np.flatnonzero(gains > 1):
        plane = colours[..., channel]
        plane[...] = _cast(np.minimum(plane * np.float32(gains[channel]), highest), colours.dtype)
    return colours


def _to_grey(colours: NDArray[Any]) -> NDArray[Any]:
    return _cast(colours @ _GREY, colours.dtype)


def demosaic(values: NDArray[Any], pattern: str, at_least: int | None = None) -> NDArray[Any]:
    """Convert a mosaic to RGB.

    By default, each colour of each pixel is the weighted mean of the nearest pixels with this
    colour (bilinear interpolation for a Bayer pattern). If the shorter side remains long enough,
    the pixels of each block that contains all colours become one pixel instead (superpixel method),
    which is several times faster.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Raw sensor values.
    pattern : str
        Colour filter pattern of the first row, as in `deepsky.imaging.display.mosaic_pattern`.
    at_least : int, optional
        Minimum length of the shorter side, in pixels, for the superpixel method.

    Returns
    -------
    ndarray, shape (rows, columns, 3)
        RGB with the dtype of `values`.

    References
    ----------
    Bayer, US patent 3,971,065 (1976). Superpixel method: DeepSkyStacker documentation, *Technical
    information*.
    """
    block = _block(pattern)
    if at_least is not None and min(values.shape) // block >= at_least:
        return _superpixels(values, pattern, block)
    return _interpolate(values, pattern)


def _block(pattern: str) -> int:
    """Return the side of the smallest blocks that each contain all colours."""
    period = side(pattern)
    table = np.array(list(pattern)).reshape(period, period)
    return next(
        block
        for block in range(1, period + 1)
        if period % block == 0
        and all(
            set(table[top : top + block, left : left + block].ravel()) == set(_COLOURS)
            for top in range(0, period, block)
            for left in range(0, period, block)
        )
    )


def _superpixels(values: NDArray[Any], pattern: str, block: int) -> NDArray[Any]:
    period, (height, width) = side(pattern), values.shape
    rows, columns = height // block, width // block
    colours = np.empty((rows, columns, 3), values.dtype)
    step = period // block
    for top in range(step):
        for left in range(step):
            target = colours[top::step, left::step]
            for channel, colour in enumerate(_COLOURS):
                parts = [
                    values[top * block + row :: period, left * block + column :: period][
                        : target.shape[0], : target.shape[1]
                    ]
                    for row in range(block)
                    for column in range(block)
                    if _colour(pattern, top * block + row, left * block + column) == colour
                ]
                target[..., channel] = _cast(_mean(parts), values.dtype)
    return colours


def _interpolate(values: NDArray[Any], pattern: str) -> NDArray[Any]:
    period = side(pattern)
    reach = _REACH[period]
    padded = _pad(values, period, reach)
    colours = np.empty((*values.shape, 3), values.dtype)
    for top, left in np.ndindex(period, period):
        target = colours[top::period, left::period]
        for channel, colour in enumerate(_COLOURS):
            parts, weights = [], []
            for row, column, weight in _neighbours(pattern, top, left, colour, reach):
                start = padded[reach + top + row :: period, reach + left + column :: period]
                parts.append(start[: target.shape[0], : target.shape[1]])
                weights.append(weight)
            target[..., channel] = _cast(_mean(parts, weights), values.dtype)
    return colours


def _neighbours(
    pattern: str, top: int, left: int, colour: str, reach: int
) -> Iterator[tuple[int, int, int]]:
    """Yield the relative places and weights of the pixels from which a colour is interpolated.

    A pixel's own colour is not interpolated.
    """
    if _colour(pattern, top, left) == colour:
        yield 0, 0, 1
        return
    for row in range(-reach, reach + 1):
        for column in range(-reach, reach + 1):
            if _colour(pattern, top + row, left + column) == colour:
                yield row, column, (reach + 1 - abs(row)) * (reach + 1 - abs(column))


def _colour(pattern: str, row: int, column: int) -> str:
    period = side(pattern)
    return pattern[row % period * period + column % period]


def _pad(values: NDArray[Any], period: int, reach: int) -> NDArray[Any]:
    """Repeat the pixels one period away beyond the edges, which continues the pattern."""
    for axis in (0, 1):
        values = np.moveaxis(values, axis, 0)
        end = len(values) - period
        values = np.concatenate(
            [values[period - reach : period], values, values[end : end + reach]]
        )
        values = np.moveaxis(values, 0, axis)
    return values


def _mean(parts: list[NDArray[Any]], weights: list[int] | None = None) -> NDArray[Any]:
    if len(parts) == 1:
        return parts[0]
    exact = np.float32 if parts[0].dtype.itemsize <= 2 else np.float64
    total = np.zeros(parts[0].shape, exact)
    weights = weights or [1] * len(parts)
    for part, weight in zip(parts, weights, strict=True):
        total += part if weight == 1 else part * exact(weight)
    total /= sum(weights)
    return total


def _cast(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.rint(values).astype(dtype) if dtype.kind in "iu" else values.astype(dtype)
