"""Detect in pixel values whether an image is a raw mosaic of a colour camera."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.mosaic_pattern import BAYER, X_TRANS, flip_pattern, shift_pattern, side

__all__ = ["confirm_pattern", "detect_pattern"]

_TILE: Final = 72  # maximum side of a sampled tile in pixels, a multiple of all periods
_TILES: Final = 3  # maximum number of tiles along each axis
_MIN_TILE: Final = 36
_BRIGHT: Final = 0.9  # quantile of brightness above which pixels are also examined separately
_SAMPLING: Final = 4  # step between the pixels from which the standard deviation is computed
_MIN_PIXELS: Final = 60  # minimum number of pixels per place in the pattern
_MIN_EFFECT: Final = 0.1  # differences between places, in standard deviations of the pixels
_MIN_EFFECT_STATED: Final = 0.05  # the same, if the header states that the image is a mosaic
_MIN_SIGNIFICANCE: Final = 6.0  # the same differences, in standard errors of their medians
_MIN_GREEN: Final = 0.1  # fraction of it that the difference between green and the rest explains
_MIN_EXPLAINED: Final = 0.9  # fraction of the variance between places that the colours explain


@dataclass(frozen=True, slots=True)
class _Phases:
    """Medians of the residuals of pixels at each place in a pattern.

    Attributes
    ----------
    medians : ndarray, shape (period, period)
        Medians, with a mean of 0.
    deviation : float
        Robust standard deviation of the residuals at one place.
    count : int
        Number of pixels at one place.
    """

    medians: NDArray[np.float64]
    deviation: float
    count: int

    def is_significant(self, min_effect: float) -> bool:
        """Return whether the places differ more than noise and structure explain."""
        spread = float(np.sqrt(np.mean(self.medians**2)))
        return bool(spread > max(min_effect * self.deviation, _MIN_SIGNIFICANCE * self.error))

    def explained(self, pattern: str) -> float:
        """Return which fraction of the variance between places the colours of a pattern explain."""
        total = float(np.sum(self.medians**2))
        return 1 - self.unexplained(pattern) / total if total else 0.0

    def unexplained(self, pattern: str) -> float:
        """Return the sum of squares that remains between places of the same colour."""
        colours = np.array(list(pattern)).reshape(self.medians.shape)
        groups = [self.medians[colours == colour] for colour in set(pattern)]
        return sum(float(np.sum((group - group.mean()) ** 2)) for group in groups)

    @property
    def error(self) -> float:
        """Standard error of the medians, for residuals with a normal distribution."""
        return 1.2533 * self.deviation / math.sqrt(self.count)


def detect_pattern(values: NDArray[Any]) -> str | None:
    """Detect a Bayer or X-Trans pattern in an image.

    The residuals of the pixels against a smoothed image are compared between the places in the
    pattern. In an image that is not a mosaic, their medians are equal, whatever it shows. Row and
    column patterns of sensors do not have the shape of a colour filter pattern.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Grey values.

    Returns
    -------
    str or None
        The pattern, as in `deepsky.imaging.display.mosaic_pattern`, or None if there is none. The
        places of green are detected; red and blue can be exchanged.
    """
    for pattern in (BAYER, X_TRANS):
        for phases in _measure(values, side(pattern)):
            if not phases.is_significant(_MIN_EFFECT):
                continue
            best = max(_arrangements(pattern), key=phases.explained)
            if (
                phases.explained(best) >= _MIN_EXPLAINED
                and phases.explained(best.replace("B", "R")) >= _MIN_GREEN
            ):
                return best
    return None


def confirm_pattern(values: NDArray[Any], pattern: str) -> str | None:
    """Check the pattern that a header states against the image.

    Headers of images that were demosaicked or binned often still state a pattern, and capture
    programs disagree about the row to which it refers.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Grey values.
    pattern : str
        The pattern that the header states for the first row of `values`.

    Returns
    -------
    str or None
        The pattern itself, or flipped or shifted if this explains the image better; None if the
        image is not a mosaic.
    """
    if min(values.shape) < _MIN_TILE:  # too small to measure
        return pattern if min(values.shape) >= 2 * side(pattern) else None
    candidates = _variants(pattern)
    for phases in _measure(values, side(pattern)):
        if phases.is_significant(_MIN_EFFECT_STATED):
            rests = [phases.unexplained(candidate) for candidate in candidates]
            # The stated pattern is first, and is kept if no other is significantly better.
            tolerance = (_MIN_SIGNIFICANCE * phases.error) ** 2
            return next(
                candidate
                for candidate, rest in zip(candidates, rests, strict=True)
                if rest <= min(rests) + tolerance
            )
    return None


def _variants(pattern: str) -> list[str]:
    """Return the pattern, flipped vertically, and both of them shifted."""
    period = range(side(pattern))
    shifts = sorted(product(period, period), key=sum)
    bases = (pattern, flip_pattern(pattern))
    return [*bases, *(shift_pattern(base, *shift) for shift in shifts[1:] for base in bases)]


def _arrangements(pattern: str) -> list[str]:
    return sorted(set(_variants(pattern)))


def _measure(values: NDArray[Any], period: int) -> Iterator[_Phases]:
    """Yield measurements of all sampled pixels, and of the brightest of them."""
    tiles = list(_tiles(values))
    if not tiles:
        return
    smooth = [_smooth(tile, period) for tile in tiles]
    residuals = [
        tile[period:-period, period:-period] - each
        for tile, each in zip(tiles, smooth, strict=True)
    ]
    places = _by_place(residuals, period)
    known = np.isfinite(places)
    yield from _phases(places, known)
    brightness = _by_place(smooth, period)
    if known.any():
        bright = brightness > np.quantile(brightness[known], _BRIGHT)
        yield from _phases(places, known & bright)


def _tiles(values: NDArray[Any]) -> Iterator[NDArray[np.float32]]:
    """Yield parts of the image that are spread evenly and start at a multiple of 12."""
    if min(values.shape) < _MIN_TILE:
        return
    (tops, height), (lefts, width) = (_spread(length) for length in values.shape)
    for top, left in product(tops, lefts):
        yield values[top : top + height, left : left + width].astype(np.float32)


def _spread(length: int) -> tuple[list[int], int]:
    """Return where tiles start along an axis, and the length of each tile."""
    count = min(_TILES, math.ceil(length / _TILE))
    step = length // count
    tile = min(_TILE, step // 12 * 12)
    return [(start + (step - tile) // 2) // 12 * 12 for start in range(0, step * count, step)], tile


def _smooth(tile: NDArray[np.float32], period: int) -> NDArray[np.float32]:
    """Average over one period in both directions, which removes a pattern and keeps gradients.

    The result has no margins of one period.
    """
    for axis in (0, 1):
        rows = np.moveaxis(tile, axis, 0)
        length = rows.shape[0] - 2 * period
        weights = np.full(period + 1, 1 / period, np.float32)
        weights[[0, -1]] /= 2
        total = np.zeros_like(rows[:length])
        for start, weight in enumerate(weights, period // 2):
            total += weight * rows[start : start + length]
        tile = np.moveaxis(total, 0, axis)
    return tile


def _by_place(tiles: list[NDArray[np.float32]], period: int) -> NDArray[np.float32]:
    """Return the pixels of all tiles, grouped by their place, with shape (period, period, n)."""
    stack = np.stack(tiles)
    count, height, width = stack.shape
    blocks = stack.reshape(count, height // period, period, width // period, period)
    return np.ascontiguousarray(blocks.transpose(2, 4, 0, 1, 3)).reshape(period, period, -1)


def _phases(places: NDArray[np.float32], chosen: NDArray[np.bool_]) -> Iterator[_Phases]:
    period = places.shape[0]
    groups = [places[place][chosen[place]] for place in np.ndindex(period, period)]
    count = min(group.size for group in groups)
    if count < _MIN_PIXELS:
        return
    medians = np.array([_median(group) for group in groups], np.float64)
    deviations = [
        np.abs(group[::_SAMPLING] - median) for group, median in zip(groups, medians, strict=True)
    ]
    yield _Phases(
        medians=(medians - medians.mean()).reshape(period, period),
        deviation=1.4826 * _median(np.concatenate(deviations)),
        count=count,
    )


def _median(values: NDArray[np.float32]) -> float:
    """Return the upper median; `numpy.median` takes several times as long for short arrays."""
    middle = values.size // 2
    return float(np.partition(values, middle)[middle])
