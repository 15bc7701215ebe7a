"""Asking about images in all eight orientations: the sky has no up, and each asks anew."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from deepsky.models.runtime import Runtime

__all__ = ["labels_in_orientations"]


def labels_in_orientations(runtime: Runtime, images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Let a network name images however they are turned and mirrored.

    Parameters
    ----------
    runtime : Runtime
    images : ndarray of uint8, shape (n, size, size, 3)
        RGB.

    Returns
    -------
    ndarray of int64, shape (8, n)
        Numbers of the labels with the highest logits; first those of the images as they are.
    """
    return np.stack([runtime.run(turned).logits.argmax(axis=1) for turned in _turned(images)])


def _turned(images: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    for mirrored in (images, images[:, :, ::-1]):
        for quarters in range(4):
            yield np.ascontiguousarray(np.rot90(mirrored, quarters, (1, 2)))
