"""Convert the labels of images to class indices and to training targets."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.taxonomy import LABELS, Label, order_labels

__all__ = ["dataset_labels", "label_indices", "second_label_indices", "soft_targets"]

SECOND_LABEL_WEIGHT: Final = 0.35
"""Target probability of the second label, if an image has a second label."""


def dataset_labels(examples: Sequence[Example]) -> tuple[Label, ...]:
    """Return the labels of a dataset in the order of a network's outputs.

    Parameters
    ----------
    examples : sequence of Example
        Images with or without splits. Out-of-distribution images are ignored.

    Returns
    -------
    tuple of str
    """
    return order_labels(e.label for e in examples if e.split != "out_of_distribution")


def label_indices(
    examples: Sequence[Example], labels: Sequence[Label] = LABELS
) -> NDArray[np.int64]:
    """Return the index of each image's label among the labels of a model.

    Parameters
    ----------
    examples : sequence of Example
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    return np.array([labels.index(example.label) for example in examples], dtype=np.int64)


def second_label_indices(
    examples: Sequence[Example], labels: Sequence[Label] = LABELS
) -> NDArray[np.int64]:
    """Return the index of each image's second label, or -1 if there is none.

    Parameters
    ----------
    examples : sequence of Example
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    indices = [labels.index(e.second_label) if e.second_label else -1 for e in examples]
    return np.array(indices, dtype=np.int64)


def soft_targets(
    examples: Sequence[Example], labels: Sequence[Label] = LABELS
) -> NDArray[np.float32]:
    """Return the target probabilities for training.

    Parameters
    ----------
    examples : sequence of Example
    labels : sequence of k labels
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    ndarray of float32, shape (n, k)
        Target probabilities of each image, in the order of ``labels``. The label has a
        probability of 1 or, if the image has a second label, 0.65; the second label has 0.35.
    """
    rows = np.eye(len(labels), dtype=np.float32)[label_indices(examples, labels)]
    for row, second in zip(rows, second_label_indices(examples, labels), strict=True):
        if second >= 0:
            row *= 1 - SECOND_LABEL_WEIGHT
            row[second] += SECOND_LABEL_WEIGHT
    return rows
