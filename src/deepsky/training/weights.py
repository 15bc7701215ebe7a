"""Keeps a trained network's Keras weights, to train on from there."""

from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import keras
import numpy as np

__all__ = ["save_weights_as_float16"]


def save_weights_as_float16(network: keras.Model, path: Path) -> None:
    """Write a network's weights, kernels as float16, in the form that ``load_weights`` reads.

    Parameters
    ----------
    network : keras.Model
    path : Path
        A file whose name ends in ``.weights.h5``.
    """
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full.weights.h5"
        # A new model around the same layers leaves the optimizer's state behind.
        keras.Model(network.input, network.output).save_weights(full)
        with h5py.File(full) as source, h5py.File(path, "w") as target:
            source.visititems(lambda name, item: _copy(name, item, target))


def _copy(name: str, item: h5py.Group | h5py.Dataset, target: h5py.File) -> None:
    if isinstance(item, h5py.Group):
        target.require_group(name).attrs.update(item.attrs)
        return
    values = item[()]
    if values.ndim > 1:  # kernels; scales and biases are small and stay as they are
        values = values.astype(np.float16)
    target.create_dataset(name, data=values)
