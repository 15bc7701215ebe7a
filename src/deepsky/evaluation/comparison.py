"""Significance test for the difference in accuracy between two models."""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

__all__ = ["Comparison", "compare"]


class Comparison(TypedDict):
    """Result of McNemar's test for two models.

    ``only_first`` is the number of images that only the first model classifies correctly, and
    ``only_second`` is the number that only the second model classifies correctly.
    """

    only_first: int
    only_second: int
    p_value: float


def compare(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Comparison:
    """Compare two models on the same images with McNemar's exact test.

    The test treats images as independent.

    Parameters
    ----------
    first, second : ndarray of bool, shape (n,)
        Whether each model classifies each image correctly.

    Returns
    -------
    Comparison
        The p-value is two-sided.

    References
    ----------
    Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", Psychometrika 12, 1947.

    Examples
    --------
    >>> import numpy as np
    >>> compare(np.array([True, True, False]), np.array([True, False, True]))
    {'only_first': 1, 'only_second': 1, 'p_value': 1.0}
    """
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    differing = only_first + only_second
    p_value = binomtest(only_first, differing).pvalue if differing else 1.0
    return {"only_first": only_first, "only_second": only_second, "p_value": float(p_value)}
