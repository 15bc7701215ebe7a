"""Cross-validation: train a network on all folds but one, and predict that one."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.folds import Folds, HeldOut, divide
from deepsky.dataset.manifest import read_manifest
from deepsky.dataset.requirements import require_training_images
from deepsky.dataset.targets import label_indices
from deepsky.errors import DatasetError, ModelNotFoundError
from deepsky.evaluation.cross_validation import (
    CrossValidationResult,
    calibrated_cross_entropy,
    evaluate_folds,
)
from deepsky.models.registry import find_bundle, find_members
from deepsky.training.backbones import Backbone, find_backbone
from deepsky.training.calibration import INPUT_SIZES
from deepsky.training.ensemble import ENSEMBLE
from deepsky.training.export import export_onnx
from deepsky.training.fitting import fit
from deepsky.training.outputs import CrossValidationLogits, NetworkOutputs
from deepsky.training.recipe import Recipe, recipe_for, record_settings

__all__ = ["cross_validate", "load_folds", "predict_folds"]


def cross_validate(
    model: str,
    manifest: Path,
    backbone_weights: str,
    output: Path,
    *,
    by: HeldOut = "field",
    count: int = 5,
    epochs: int | None = None,
    images: Path | None = None,
) -> CrossValidationResult:
    """Train a network per fold on the other folds, and measure its predictions of the fold.

    An interrupted run resumes, and stored folds are not trained again. Each fold is calibrated
    on the others. A network is measured at the input size of the installed model of the same
    name or, if none is installed, at the size with the lowest cross-entropy.

    Parameters
    ----------
    model : str
        One of `deepsky.training.backbones.BACKBONES`; or ``"ensemble"``, which trains nothing
        but averages the stored logits of the members of the installed ensemble.
    manifest : Path
        The images, as for `read_manifest`; out-of-distribution images are left out.
    backbone_weights : str
        ImageNet weights of the backbone: a ``.weights.h5`` file, or ``"imagenet"``.
    output : Path
        Folder for results; those of a model are stored in ``BY/MODEL``.
    by : {"field", "source"}
        What is held out as a whole.
    count : int
        Number of folds, at least 2.
    epochs : int, optional
        Epochs of fine-tuning; by default, those of the backbone's recipe.
    images : Path, optional
        Folder of the images, if not the manifest's.

    Returns
    -------
    CrossValidationResult
        Also written to ``metrics.json``.

    Raises
    ------
    DatasetError
        If there are too few images, fields or sources, or ``output`` contains results of other
        folds or another recipe.
    ModelNotFoundError
        If there is no such model.
    """
    examples = [e for e in read_manifest(manifest, images) if e.split != "out_of_distribution"]
    folds = divide(examples, images or manifest.parent, by, count)
    results = output / by
    by_size: Mapping[int, NDArray[np.float32]] = {}
    logits: NDArray[np.floating]
    if model == ENSEMBLE:
        logits = _average_members(folds, results)
    else:
        backbone = find_backbone(model)
        recipe = recipe_for(backbone)
        if epochs is not None:
            recipe = replace(recipe, epochs=epochs)
        by_size = predict_folds(backbone, backbone_weights, folds, recipe, results / model).logits
        logits = by_size[_input_size(model, by_size, label_indices(examples))]
    result = evaluate_folds(logits, by_size, examples, folds.groups, folds.numbers)
    folder = results / model
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result.metrics.as_dict(), indent=1, ensure_ascii=False)
    (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
    return result


def predict_folds(
    backbone: Backbone, weights: str, folds: Folds, recipe: Recipe, folder: Path
) -> CrossValidationLogits:
    """Predict every image with a network that was trained on the other folds.

    The logits of each fold are stored as ``fold-N.npz``; stored folds are not computed again, and
    an interrupted training resumes from its last epoch.

    Parameters
    ----------
    backbone : Backbone
    weights : str
        ImageNet weights of the backbone, as for `fit`.
    folds : Folds
    recipe : Recipe
    folder : Path
        Folder for the logits and, in ``fold-N``, checkpoints. It is created if necessary.

    Returns
    -------
    CrossValidationLogits
        Of all images, in the order of ``folds``.

    Raises
    ------
    DatasetError
        If the images outside a fold are too few to train on, or the folder contains results of
        another recipe or of other folds.
    """
    for number in range(folds.count):
        purpose = f"training without fold {number}"
        require_training_images(folds.outside(number), purpose, recipe.batch_size)
    record_settings(folder / "recipe.json", recipe.as_dict())
    for number in range(folds.count):
        path = folder / f"fold-{number}.npz"
        if not path.exists():
            logits = _predict_fold(backbone, weights, folds, number, recipe, folder / path.stem)
            CrossValidationLogits(folds.names_inside(number), logits).save(path)
    return load_folds(folds, folder)


def load_folds(folds: Folds, folder: Path) -> CrossValidationLogits:
    """Load the logits of all folds that `predict_folds` stored.

    Parameters
    ----------
    folds : Folds
    folder : Path

    Returns
    -------
    CrossValidationLogits
        Of all images, in the order of ``folds``.

    Raises
    ------
    DatasetError
        If the logits of a fold are missing, or of other images.
    """
    for number in range(folds.count):
        path = folder / f"fold-{number}.npz"
        if not path.exists():
            msg = (
                f"There are no results of fold {number}: {path} is missing. "
                f"Run: deepsky cross-validate {folder.name}"
            )
            raise DatasetError(msg)
        if set(CrossValidationLogits.load(path).names) != set(folds.names_inside(number)):
            msg = (
                f"{path} contains results of other images than fold {number} of this manifest has. "
                "Use the number of folds it was made with, or choose another output folder."
            )
            raise DatasetError(msg)
    return CrossValidationLogits.load_folds(folder).select(folds.names)


def _predict_fold(
    backbone: Backbone, weights: str, folds: Folds, number: int, recipe: Recipe, folder: Path
) -> dict[int, NDArray[np.float32]]:
    """Return the logits of a fold at each of `INPUT_SIZES`, from the network as exported.

    The fold influences nothing: neither the epoch, nor the input size, nor the calibration.
    """
    held_out = folds.inside(number)
    folder.mkdir(parents=True, exist_ok=True)
    network = fit(backbone, weights, folds.outside(number), held_out, recipe, folder)
    exported = export_onnx(network)
    for features in folder.glob("features-*.npy"):
        features.unlink()
    keras.backend.clear_session()
    return {size: NetworkOutputs.compute(exported, size, held_out).logits for size in INPUT_SIZES}


def _input_size(
    model: str, logits: Mapping[int, NDArray[np.float32]], labels: NDArray[np.integer]
) -> int:
    """Return the input size of the installed model, or the one with the lowest loss."""
    with suppress(ModelNotFoundError):
        installed = find_bundle(model).input_size
        if installed in logits:
            return installed
    return min(logits, key=lambda size: calibrated_cross_entropy(logits[size], labels))


def _average_members(folds: Folds, results: Path) -> NDArray[np.float64]:
    """Average the stored logits of the members of the installed ensemble."""
    weighted = [
        scale * load_folds(folds, results / bundle.name).logits[bundle.input_size]
        for bundle, scale in find_members(find_bundle(ENSEMBLE))
    ]
    return np.asarray(np.sum(weighted, axis=0))
