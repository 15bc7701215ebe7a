"""Labels of images as class indices and as training targets."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.taxonomy import LABELS

__all__ = ["label_indices", "second_label_indices", "soft_targets"]

SECOND_LABEL_WEIGHT: Final = 0.35
"""Target probability of the second label of an image that plainly shows two classes."""


def label_indices(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return the index of each image's label in ``LABELS``.

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    return np.array([LABELS.index(example.label) for example in examples], dtype=np.int64)


def second_label_indices(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return the index of each image's second label in ``LABELS``, or -1 without one.

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    indices = [LABELS.index(e.second_label) if e.second_label else -1 for e in examples]
    return np.array(indices, dtype=np.int64)


def soft_targets(examples: Sequence[Example]) -> NDArray[np.float32]:
    """Return the probabilities that the network is trained to predict.

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    ndarray of float32, shape (n, 4)
        Rows that sum to 1: 1 for the label, or 0.65 for it and 0.35 for the second label.
    """
    rows = np.eye(len(LABELS), dtype=np.float32)[label_indices(examples)]
    for row, second in zip(rows, second_label_indices(examples), strict=True):
        if second >= 0:
            row *= 1 - SECOND_LABEL_WEIGHT
            row[second] += SECOND_LABEL_WEIGHT
    return rows
