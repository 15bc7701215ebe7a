"""Cross-validation: classify each fold with a network that was trained on the other folds."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.dataset import read_dataset
from deepsky.dataset.folds import Folds, HeldOut, divide
from deepsky.dataset.manifest import Example
from deepsky.dataset.requirements import require_training_images
from deepsky.dataset.targets import dataset_labels, label_indices
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
from deepsky.training.initial_weights import InitialModel, find_initial_model
from deepsky.training.outputs import CrossValidationLogits, NetworkOutputs
from deepsky.training.recipe import (
    Recipe,
    recipe_for,
    record_settings,
    with_enough_head_epochs,
)

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
    initial: str | None = None,
) -> CrossValidationResult:
    """Cross-validate a model: classify each fold with a network trained on the other folds.

    An interrupted run is resumed, and folds whose logits are stored are not retrained. The
    predictions of each fold are calibrated on the other folds. All predictions are evaluated
    at the input size of the installed model with the same name or, if no such model is
    installed, at the input size with the lowest cross-entropy.

    Parameters
    ----------
    model : str
        Name of a model in `deepsky.training.backbones.BACKBONES`, or ``"ensemble"``. For an
        ensemble, no network is trained; the stored logits of the members of the installed
        ensemble are added, multiplied by its factors.
    manifest : Path
        Manifest, or folder with one subfolder of images per class. Out-of-distribution images are
        ignored.
    backbone_weights : str
        ImageNet weights of the backbone: the path of a ``.weights.h5`` file, or ``"imagenet"``
        to download the weights.
    output : Path
        Folder where results are written. The results of a model are written to its subfolder
        ``BY/MODEL``.
    by : {"field", "source"}
        Whether images of the same field of sky, or images from the same source, are assigned to the
        same fold.
    count : int
        Number of folds, at least 2.
    epochs : int, optional
        Number of fine-tuning epochs. By default, the number in the backbone's recipe.
    images : Path, optional
        Folder of the images. By default, the folder of the manifest.
    initial : str, optional
        Name of an installed model whose training is continued in each fold.

    Returns
    -------
    CrossValidationResult
        The results. The metrics are also written to ``metrics.json``.

    Raises
    ------
    DatasetError
        If there are too few images, fields of sky or sources, or if the results in ``output``
        were computed with different folds or a different recipe.
    ModelNotFoundError
        If there is no model with this name.
    """
    dataset = read_dataset(manifest, images)
    examples = [e for e in dataset.examples if e.split != "out_of_distribution"]
    folds = divide(examples, dataset.images, by, count)
    results = output / by
    by_size: Mapping[int, NDArray[np.float32]] = {}
    logits: NDArray[np.floating]
    if model == ENSEMBLE:
        logits = _combine_members(folds, results)
    else:
        backbone = find_backbone(model)
        recipe = recipe_for(backbone)
        if epochs is not None:
            recipe = replace(recipe, epochs=epochs)
        start = find_initial_model(initial, backbone) if initial else None
        by_size = predict_folds(
            backbone, backbone_weights, folds, recipe, results / model, start
        ).logits
        logits = by_size[_input_size(model, by_size, examples)]
    result = evaluate_folds(logits, by_size, examples, folds.groups, folds.numbers)
    folder = results / model
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result.metrics.as_dict(), indent=1, ensure_ascii=False)
    (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
    return result


def predict_folds(
    backbone: Backbone,
    weights: str,
    folds: Folds,
    recipe: Recipe,
    folder: Path,
    initial: InitialModel | None = None,
) -> CrossValidationLogits:
    """Predict the logits of each fold with a network that was trained on the other folds.

    The logits of fold N are stored in ``fold-N.npz``. Stored logits are not computed again, and
    an interrupted training run resumes after its last completed epoch.

    Parameters
    ----------
    backbone : Backbone
    weights : str
        ImageNet weights of the backbone, as for `fit`.
    folds : Folds
    recipe : Recipe
    folder : Path
        Folder for the logits. Checkpoints are written to its subfolders ``fold-N``. The folder
        is created if it does not exist.
    initial : InitialModel, optional
        Model whose training is continued.

    Returns
    -------
    CrossValidationLogits
        Logits of all images, in the order of ``folds``.

    Raises
    ------
    DatasetError
        If there are too few images outside a fold to train a network, or if the results in
        the folder were computed with a different recipe or different folds.
    """
    for number in range(folds.count):
        purpose = f"training without fold {number}"
        require_training_images(folds.outside(number), purpose, recipe.batch_size, folds.labels)
    settings = recipe.as_dict()
    if initial:
        settings["continued_from"] = initial.sha256
    record_settings(folder / "recipe.json", settings)
    for number in range(folds.count):
        path = folder / f"fold-{number}.npz"
        if not path.exists():
            run = folder / path.stem
            logits = _predict_fold(backbone, weights, folds, number, recipe, run, initial)
            CrossValidationLogits(folds.names_inside(number), logits).save(path)
    return load_folds(folds, folder)


def load_folds(folds: Folds, folder: Path) -> CrossValidationLogits:
    """Load the logits of all folds from files that were written by `predict_folds`.

    Parameters
    ----------
    folds : Folds
    folder : Path
        Folder that contains a file ``fold-N.npz`` for each fold N.

    Returns
    -------
    CrossValidationLogits
        Logits of all images, in the order of ``folds``.

    Raises
    ------
    DatasetError
        If the logits of a fold are missing or belong to different images.
    """
    for number in range(folds.count):
        path = folder / f"fold-{number}.npz"
        if not path.exists():
            msg = (
                f"There are no results for fold {number}: {path} is missing. "
                f"Run: deepsky cross-validate {folder.name}"
            )
            raise DatasetError(msg)
        if set(CrossValidationLogits.load(path).names) != set(folds.names_inside(number)):
            msg = (
                f"The results in {path} do not belong to the images of fold {number} of this "
                "manifest. Use the number of folds with which the file was created, or choose a "
                "different output folder."
            )
            raise DatasetError(msg)
    return CrossValidationLogits.load_folds(folder).select(folds.names)


def _predict_fold(
    backbone: Backbone,
    weights: str,
    folds: Folds,
    number: int,
    recipe: Recipe,
    folder: Path,
    initial: InitialModel | None,
) -> dict[int, NDArray[np.float32]]:
    """Train a network on all folds but one, and return its logits for that fold.

    The keys are the input sizes. The images of that fold are not used to choose an epoch or a
    setting of the network.
    """
    held_out = folds.inside(number)
    folder.mkdir(parents=True, exist_ok=True)
    outside = folds.outside(number)
    recipe = with_enough_head_epochs(recipe, len(outside))
    network = fit(backbone, weights, outside, held_out, recipe, folder, folds.labels, initial)
    exported = export_onnx(network)
    for features in folder.glob("features-*.npy"):
        features.unlink()
    keras.backend.clear_session()
    return {size: NetworkOutputs.compute(exported, size, held_out).logits for size in INPUT_SIZES}


def _input_size(
    model: str, logits: Mapping[int, NDArray[np.float32]], examples: Sequence[Example]
) -> int:
    """Return the installed model's input size or, if unavailable, the one with the lowest loss."""
    with suppress(ModelNotFoundError):
        installed = find_bundle(model).input_size
        if installed in logits:
            return installed
    classes = dataset_labels(examples)
    truth = label_indices(examples, classes)
    return min(logits, key=lambda k: calibrated_cross_entropy(logits[k], truth, classes))


def _combine_members(folds: Folds, results: Path) -> NDArray[np.float64]:
    """Return the weighted sum of the stored logits of the installed ensemble's members."""
    weighted = [
        scale * load_folds(folds, results / bundle.name).logits[bundle.input_size]
        for bundle, scale in find_members(find_bundle(ENSEMBLE))
    ]
    return np.asarray(np.sum(weighted, axis=0))
