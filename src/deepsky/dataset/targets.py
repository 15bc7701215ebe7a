"""What images show, as numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.taxonomy import LABELS

__all__ = ["label_indices", "second_label_indices", "soft_targets"]

SECOND_LABEL_WEIGHT = 0.35
"""How much of the target goes to the other class that is plainly in an image."""


def label_indices(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Index of each image's label in ``LABELS``, of shape (n,)."""
    return np.array([LABELS.index(example.label) for example in examples])


def second_label_indices(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Index of the other class that is plainly in each image, or -1, of shape (n,)."""
    return np.array([LABELS.index(e.second_label) if e.second_label else -1 for e in examples])


def soft_targets(examples: Sequence[Example]) -> NDArray[np.float32]:
    """Give what the network should answer, of shape (n, 4), each row summing to 1."""
    rows = np.eye(len(LABELS), dtype=np.float32)[label_indices(examples)]
    for row, second in zip(rows, second_label_indices(examples), strict=True):
        if second >= 0:
            row *= 1 - SECOND_LABEL_WEIGHT
            row[second] += SECOND_LABEL_WEIGHT
    return rows
