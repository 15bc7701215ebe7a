"""What the frozen backbone makes of the pictures: computed once, kept on disk."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from deepsky.training.datasets import plain_pictures
from deepsky.training.manifest import Example

__all__ = ["frozen_features"]

CHUNK = 64


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
        progress = keras.utils.Progbar(len(examples), unit_name="picture")
        parts = []
        for start in range(0, len(examples), CHUNK):
            pictures = plain_pictures(examples[start : start + CHUNK], size)
            features = backbone.predict_on_batch(pictures.astype(np.float32))
            parts.append(features.astype(np.float16))
            progress.add(len(pictures))
        unfinished = cache.with_suffix(".unfinished.npy")
        np.save(unfinished, np.concatenate(parts))
        unfinished.replace(cache)
    return np.asarray(np.load(cache))
