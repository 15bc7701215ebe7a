"""Convert the labels of images to class indices and to training targets."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.taxonomy import LABELS

__all__ = ["label_indices", "second_label_indices", "soft_targets"]

SECOND_LABEL_WEIGHT: Final = 0.35
"""Target probability of the second label, if an image has a second label."""


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
    """Return the index of each image's second label in ``LABELS``, or -1 if there is none.

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
    """Return the target probabilities for training.

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    ndarray of float32, shape (n, 4)
        Target probabilities of each image, in the order of ``LABELS``. The label has a
        probability of 1 or, if the image has a second label, 0.65; the second label has 0.35.
    """
    rows = np.eye(len(LABELS), dtype=np.float32)[label_indices(examples)]
    for row, second in zip(rows, second_label_indices(examples), strict=True):
        if second >= 0:
            row *= 1 - SECOND_LABEL_WEIGHT
            row[second] += SECOND_LABEL_WEIGHT
    return rows
