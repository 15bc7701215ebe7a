"""What the frozen backbone makes of the images: computed once, kept on disk."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from deepsky.atomic_file import atomic_write
from deepsky.dataset.manifest import Example
from deepsky.dataset.progress import chunks
from deepsky.training.datasets import plain_images

__all__ = ["frozen_features"]


def frozen_features(
    backbone: keras.Model, examples: Sequence[Example], size: int, cache: Path
) -> NDArray[np.float16]:
    """Compute the backbone's maps of features, or take them from an earlier run.

    Parameters
    ----------
    backbone : keras.Model
    examples : sequence of Example
    size : int
        Side of the network's input, in pixels.
    cache : Path
        The ``.npy`` file that keeps them. It is written whole or not at all.

    Returns
    -------
    ndarray of float16, shape (n, rows, columns, channels)
    """
    if not cache.exists():
        parts = [
            backbone.predict_on_batch(plain_images(chunk, size).astype(np.float32)).astype("f2")
            for chunk in chunks(examples, "Computing features")
        ]
        with atomic_write(cache) as file:
            np.save(file, np.concatenate(parts))
    return np.asarray(np.load(cache))
