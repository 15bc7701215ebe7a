"""Trains several times, so that every image is once asked of a network that never saw it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from deepsky.dataset.manifest import Example
from deepsky.dataset.splits import sky_fields
from deepsky.training.backbones import Backbone
from deepsky.training.calibration import INPUT_SIZES
from deepsky.training.export import export_onnx
from deepsky.training.fitting import Recipe, fit
from deepsky.training.outputs import NetworkOutputs

__all__ = ["folds_by_field", "folds_by_source", "predict_fold"]


def folds_by_field(examples: Sequence[Example], folds: int, seed: int) -> NDArray[np.intp]:
    """Divide images into folds; a field of sky stays whole, labels are spread evenly.

    Returns
    -------
    ndarray of int, shape (n,)
        The number of each image's fold, from 0.
    """
    divide = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    strata = ["ambiguous" if example.ambiguous else example.label for example in examples]
    numbers = np.zeros(len(examples), dtype=np.intp)
    for number, (_, held_out) in enumerate(divide.split(examples, strata, sky_fields(examples))):
        numbers[held_out] = number
    return numbers


def folds_by_source(examples: Sequence[Example], folds: int) -> NDArray[np.intp]:
    """Divide images into folds of about equal size; a source stays whole.

    Returns
    -------
    ndarray of int, shape (n,)
        The number of each image's fold, from 0.
    """
    sizes = [0] * folds
    fold_of_source: dict[str, int] = {}
    for source, count in sorted(Counter(e.source for e in examples).items(), key=lambda i: -i[1]):
        smallest = sizes.index(min(sizes))
        fold_of_source[source] = smallest
        sizes[smallest] += count
    return np.array([fold_of_source[example.source] for example in examples])


def predict_fold(
    backbone: Backbone,
    weights: str,
    examples: Sequence[Example],
    folds: NDArray[np.integer],
    number: int,
    recipe: Recipe,
    folder: Path,
) -> dict[int, NDArray[np.float32]]:
    """Train on all folds but one, and ask about that one.

    Nothing is chosen on the fold: no epoch, no size, no calibration.

    Parameters
    ----------
    backbone : Backbone
    weights : str
        As for `fit`.
    examples : sequence of Example
    folds : ndarray of int, shape (n,)
        The fold of each image.
    number : int
        The fold to ask about.
    recipe : Recipe
    folder : Path
        Keeps checkpoints, so that an interrupted training goes on.

    Returns
    -------
    dict of int to ndarray of float32, shape (m, 4)
        Logits of the m images of the fold at each of `INPUT_SIZES`, of the network as it would
        be exported.
    """
    held_out = [e for e, own in zip(examples, folds, strict=True) if own == number]
    learn = [e for e, own in zip(examples, folds, strict=True) if own != number]
    folder.mkdir(parents=True, exist_ok=True)
    network = fit(backbone, weights, learn, held_out, recipe, folder)
    exported = export_onnx(network)
    for features in folder.glob("features-*.npy"):
        features.unlink()
    keras.backend.clear_session()
    return {size: NetworkOutputs.compute(exported, size, held_out).logits for size in INPUT_SIZES}
