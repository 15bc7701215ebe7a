"""Determine whether an image shows anything: whether its pixels differ."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["SPARSE", "varies", "varying_fraction"]

SPARSE: Final = 0.001
"""Fraction of varying pixels below which an image is used only if there is no other."""

_SAMPLE_SIDE: Final = 100  # approximate number of rows and columns that are examined first


def varying_fraction(values: NDArray[Any]) -> float:
    """Return the fraction of values that are finite and differ from the median.

    For values of only two kinds, as in a mask, the result is not larger than half of `SPARSE`.

    The fraction is measured on about 10,000 pixels, and on all pixels only if it is small.

    Parameters
    ----------
    values : ndarray, shape (height, width) or (height, width, channels)
        Pixel values.

    Returns
    -------
    float
    """
    fraction = _differing(_sample(values))
    fraction = fraction if fraction >= SPARSE else _differing(values)
    return min(fraction, SPARSE / 2) if _is_mask(values) else fraction


def varies(values: NDArray[Any]) -> bool:
    """Return whether an image is not just one colour.

    Parameters
    ----------
    values : ndarray, shape (height, width) or (height, width, channels)
        Pixel values.

    Returns
    -------
    bool
        Whether any finite values of a channel differ.
    """
    return _differ(_sample(values)) or _differ(values)


def _sample(values: NDArray[Any]) -> NDArray[Any]:
    step = max(1, min(values.shape[:2]) // _SAMPLE_SIDE)
    return values[::step, ::step]


def _is_mask(values: NDArray[Any]) -> bool:
    """Return whether there are only two different integers."""
    return values.dtype.kind in "iu" and all(
        bool(((part == part.min()) | (part == part.max())).all())
        for part in (_sample(values), values)
    )


def _differing(values: NDArray[Any]) -> float:
    planes = values.reshape(-1, values.shape[2] if values.ndim == 3 else 1)
    fractions = []
    for plane in planes.T:
        known = plane[np.isfinite(plane)] if plane.dtype.kind == "f" else plane
        middle = np.partition(known, known.size // 2)[known.size // 2] if known.size else 0
        fractions.append(np.count_nonzero(known != middle) / plane.size)
    return float(max(fractions))


def _differ(values: NDArray[Any]) -> bool:
    if values.dtype.kind != "f":
        return bool((values != values[0, 0]).any())
    values = np.where(np.isfinite(values), values, np.nan)
    lowest, highest = (bound.reduce(values, axis=(0, 1)) for bound in (np.fmin, np.fmax))
    return bool((lowest < highest).any())
