"""Whether two models differ, or the test images merely fell so."""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

__all__ = ["Comparison", "compare"]


class Comparison(TypedDict):
    """Images that only one of two models got right, and the chance of so uneven a count."""

    only_first: int
    only_second: int
    p_value: float


def compare(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Comparison:
    """Compare two models on the same images (Q. McNemar, Psychometrika 12, 1947; exact).

    Parameters
    ----------
    first, second : ndarray of bool, shape (n,)
        Which images each got right.
    """
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    differing = only_first + only_second
    p_value = binomtest(only_first, differing).pvalue if differing else 1.0
    return {"only_first": only_first, "only_second": only_second, "p_value": float(p_value)}
