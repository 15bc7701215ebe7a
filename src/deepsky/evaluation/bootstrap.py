"""Bootstrap confidence intervals for statistics of counts."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.intervals import Estimate

__all__ = ["RESAMPLES", "percentile_interval", "resample_clusters"]

RESAMPLES: Final = 2000


def resample_clusters(
    counts: NDArray[np.integer], clusters: Sequence[int] | NDArray[np.integer]
) -> NDArray[np.int64]:
    """Sum counts over bootstrap resamples of clusters of images.

    Whole clusters, such as all images of a field of sky or of a source, are sampled with
    replacement (cluster bootstrap), because images of the same cluster are not independent.

    Parameters
    ----------
    counts : ndarray of int, shape (n, ...)
        Counts for each image.
    clusters : sequence of int, length n
        Cluster of each image.

    Returns
    -------
    ndarray of int64, shape (2000, ...)
        Sums of the counts in each resample.

    References
    ----------
    C. A. Field and A. H. Welsh, "Bootstrapping clustered data", Journal of the Royal Statistical
    Society B 69, 2007.
    """
    numbers, cluster = np.unique(clusters, return_inverse=True)
    by_cluster = np.zeros((len(numbers), *counts.shape[1:]), dtype=np.int64)
    np.add.at(by_cluster, cluster, counts)
    rng = np.random.default_rng(0)
    draws = rng.multinomial(len(numbers), np.full(len(numbers), 1 / len(numbers)), size=RESAMPLES)
    return np.asarray(np.tensordot(draws, by_cluster, axes=1), dtype=np.int64)


def percentile_interval(
    statistic: Callable[[NDArray[np.integer]], NDArray[np.floating]],
    total: NDArray[np.integer],
    resampled: NDArray[np.integer],
) -> Estimate:
    """Compute a statistic of summed counts and its 95 % bootstrap interval.

    Parameters
    ----------
    statistic : callable
        Function that maps counts of shape (..., *shape) to values of shape (...).
    total : ndarray of int, shape ``shape``
        Sums of the counts over all images.
    resampled : ndarray of int, shape (resamples, *shape)
        Sums of the counts in each resample, as returned by `resample_clusters`.

    Returns
    -------
    Estimate
        The statistic of ``total``. Its interval is given by the 2.5 % and 97.5 % quantiles of
        the statistic over the resamples.
    """
    low, high = np.quantile(statistic(resampled), [0.025, 0.975])
    return Estimate(value=float(statistic(total)), low=float(low), high=float(high))
