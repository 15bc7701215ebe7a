"""Decide whether an image is linear or finished.

The evidence is the sum of five terms, each a measured quantity times a weight (logistic
regression). In linear images, the noise and detail of the darker half are weak compared with full
scale, the 99 % quantile is hardly brighter than the median, and the sky is a narrow peak above
zero, so the darkest values are nearly equal. In finished images, the sky has visible noise, and its
darkest values reach black or are clipped to zero. The weights were fitted to 700 images of the
training split, each saved as finished and, with an inverted stretch and noise, as linear.
``benchmarks/linear_or_finished.py`` creates such images, and measures the result on other images.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.full_scale import is_eight_bit
from deepsky.imaging.display.sample import Sample, quantile

__all__ = ["is_linear"]

_SUBTRACTED: Final = 0.25  # minimum fraction of negative values after subtraction of the background

_BRIGHT_SKY: Final = 0.25  # minimum brightness of all pixels above a bright sky background
_LOW_CONTRAST: Final = 0.1  # largest distance from the median to the 99 % quantile above it

# Weights of the measured quantities; the sum is the logarithm of the odds that an image is linear.
_INTERCEPT: Final = -20.7
_DETAIL: Final = -3.4
_CLIPPED: Final = -4.8
_DARKEST: Final = 6.1
_DARK: Final = -8.6
_RISE: Final = -5.2
_ENOUGH: Final = 1.0  # a finished image that is stretched again is worse than a dark linear one


def is_linear(sample: Sample, full_scale: float | None) -> bool:
    """Return whether an image is linear, according to the distribution of its values.

    Parameters
    ----------
    sample : Sample
        Sample of the values.
    full_scale : float or None
        The value of white; None if it is unknown.

    Returns
    -------
    bool
        False if the image is finished, that is, if its values are 8-bit levels of another type, or
        if its noise, dark and bright values are those of finished images. True if `full_scale` is
        None, if more than a quarter of the values are negative, or if everything is hardly brighter
        than a bright background, as in an exposure under a light-polluted sky.
    """
    if full_scale is None or _has_subtracted_background(sample):
        return True
    if is_eight_bit(sample, full_scale):
        return False
    if _has_bright_background(sample, full_scale):
        return True
    return _linear_evidence(sample, full_scale) > _ENOUGH


def _has_subtracted_background(sample: Sample) -> bool:
    values = sample.channels
    return any(np.searchsorted(v, 0) > _SUBTRACTED * len(v) for v in values)


def _has_bright_background(sample: Sample, full_scale: float) -> bool:
    """Return whether the sky is far above zero, and hardly anything is much brighter.

    Of 1,500 finished images, this applies to one, which does not show a deep-sky object.
    """
    channels = [values[np.searchsorted(values, 0, "right") :] for values in sample.channels]
    return all(
        values.size
        and quantile(values, 0.001) > _BRIGHT_SKY * full_scale
        and quantile(values, 0.99) - quantile(values, 0.5) < _LOW_CONTRAST * full_scale
        for values in channels
    )


def _linear_evidence(sample: Sample, full_scale: float) -> float:
    """Return the logarithm of the odds that an image is linear.

    Each quantity is measured in every channel, and the channel that suggests most strongly that the
    image is finished counts: one finished channel is enough.
    """
    positive = [values[np.searchsorted(values, 0, "right") :] for values in sample.channels]
    exposed = [values for values in positive if values.size]
    if not exposed:
        return -np.inf
    darkest = min(quantile(values, 0.001) for values in exposed) / full_scale
    dark = min(quantile(values, 0.02) for values in exposed) / full_scale
    rise = max(quantile(values, 0.99) - quantile(values, 0.5) for values in exposed) / full_scale
    pairs = np.moveaxis(sample.pairs, -1, 0)
    detail = max(_detail(pair) for pair in pairs) / full_scale
    clipped = max(_clipped(pair) for pair in pairs)
    return float(
        _INTERCEPT
        + _DETAIL * np.log10(detail + 1e-4)
        + _CLIPPED * np.log10(clipped + 5e-3)
        + _DARKEST * np.log10(darkest + 1e-3)
        + _DARK * np.log10(dark + 1e-3)
        + _RISE * rise
    )


def _detail(pair: NDArray[np.float64]) -> float:
    """Return the mean difference between neighbours that are not brighter than the median."""
    first, second = pair
    positive = (first > 0) & (second > 0) & (first < np.inf) & (second < np.inf)
    first, second = first[positive], second[positive]
    if not first.size:
        return 0.0
    middle = first.size  # of the values of both, sorted
    median = np.partition(np.concatenate([first, second]), middle)[middle]
    darker = first + second <= 2 * median
    return float(np.abs(first - second)[darker].mean()) if darker.any() else 0.0


def _clipped(pair: NDArray[np.float64]) -> float:
    """Return the share of pairs of neighbours of which only one is zero or negative.

    Clipped noise contains many such pairs; the border of a stack contains few.
    """
    return float(np.not_equal(*(pair <= 0)).mean()) if pair.size else 0.0
