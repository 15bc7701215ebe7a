"""Estimates with the doubt that a finite test leaves."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "Share", "resample_by_field", "share", "with_interval"]

RESAMPLES = 2000
NORMAL_QUANTILE = 1.959964
"""Of the standard normal distribution at 97.5 %."""


class Estimate(TypedDict):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


class Share(TypedDict):
    """How many of how many images, with the 95 % interval of their share.

    Without images there is no share: its value is None.
    """

    images: int
    hits: int
    value: float | None
    low: float
    high: float


def resample_by_field(
    counts: NDArray[np.integer], fields: Sequence[int] | NDArray[np.integer]
) -> NDArray[np.int64]:
    """Add up counts over fields of sky drawn with replacement.

    Images of one object are not independent, so fields are drawn, not images (cluster
    bootstrap: C. Field and A. Welsh, "Bootstrapping clustered data", JRSS B 69, 2007).

    Parameters
    ----------
    counts : ndarray of int, shape (n, ...)
        What each image adds.
    fields : sequence of int, length n
        The field of sky of each image.

    Returns
    -------
    ndarray of int64, shape (2000, ...)
    """
    numbers, field = np.unique(fields, return_inverse=True)
    by_field = np.zeros((len(numbers), *counts.shape[1:]), dtype=np.int64)
    np.add.at(by_field, field, counts)
    rng = np.random.default_rng(0)
    draws = rng.multinomial(len(numbers), np.full(len(numbers), 1 / len(numbers)), size=RESAMPLES)
    return np.asarray(np.tensordot(draws, by_field, axes=1), dtype=np.int64)


def with_interval(
    statistic: Callable[[NDArray[np.integer]], NDArray[np.floating]],
    total: NDArray[np.integer],
    resampled: NDArray[np.integer],
) -> Estimate:
    """Give a statistic of added-up counts, and its 95 % interval over the resamples.

    Parameters
    ----------
    statistic : callable
        From counts of shape (..., *shape) to figures of shape (...).
    total : ndarray of int
    resampled : ndarray of int, shape (resamples, *shape of total)
    """
    low, high = np.quantile(statistic(resampled), [0.025, 0.975])
    return {"value": float(statistic(total)), "low": float(low), "high": float(high)}


def share(hits: NDArray[np.bool_]) -> Share:
    """Give the share of hits with its 95 % interval (E. B. Wilson, JASA 22, 1927)."""
    n, k, z2 = len(hits), int(hits.sum()), NORMAL_QUANTILE**2
    if n == 0:
        return {"images": 0, "hits": 0, "value": None, "low": 0.0, "high": 1.0}
    middle = (k + z2 / 2) / (n + z2)
    half = NORMAL_QUANTILE * np.sqrt(k * (n - k) / n + z2 / 4) / (n + z2)
    return {
        "images": n,
        "hits": k,
        "value": k / n,
        "low": float(max(middle - half, 0.0)),
        "high": float(min(middle + half, 1.0)),
    }
