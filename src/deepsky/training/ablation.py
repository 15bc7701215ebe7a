"""Ablation: train networks with recipes that differ in one choice, and compare the networks.

The networks are compared on the unmodified validation images, on perturbed images (see
`deepsky.evaluation.perturbations`), and on images in which the object is small and in a synthetic
star field.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.atomic_file import atomic_write
from deepsky.dataset.manifest import Example
from deepsky.dataset.requirements import require_images, require_training_images
from deepsky.dataset.splits import members, sky_fields
from deepsky.dataset.synthetic_skies import place_among_stars
from deepsky.dataset.targets import dataset_labels, label_indices
from deepsky.errors import DatasetError
from deepsky.evaluation.comparison import Comparison, compare
from deepsky.evaluation.cross_validation import calibrated_cross_entropy
from deepsky.evaluation.metrics import confusion_matrix, macro_f1, measure
from deepsky.evaluation.perturbations import PERTURBATIONS, Perturbation, Pixels, perturb
from deepsky.evaluation.predictions import Predictions
from deepsky.models.calibration import softmax
from deepsky.models.metrics import Metrics
from deepsky.models.preparation import fit_to_input
from deepsky.taxonomy import Label
from deepsky.training.augmentation import STEPS
from deepsky.training.backbones import Backbone
from deepsky.training.fitting import fit
from deepsky.training.recipe import Recipe, record_settings

__all__ = ["REFERENCE", "AblationResult", "ablate", "ablation_recipes"]

REFERENCE: Final = "all stages"
"""Name of the variant with which all other variants are compared. This variant fine-tunes all
stages of the backbone and uses all augmentation steps."""

HEAD: Final = "head.weights.h5"

UNCHANGED: Final = "as it is"
SMALL: Final = "small among stars"
"""Keys of the stored logits, in addition to the names in `PERTURBATIONS`."""

STAR_FIELD_SIDE: Final = 448
"""Side of the synthetic star fields in which small objects are placed, in pixels."""


@dataclass(frozen=True, slots=True)
class AblationResult:
    """Validation results of a network that was trained with a variant of the recipe.

    Attributes
    ----------
    variant : str
        Name of the variant.
    metrics : Metrics
        Metrics on the unmodified images.
    cross_entropy : float
        Cross-entropy on the unmodified images after calibration, in nats.
    comparison : Comparison
        Comparison of the variant with the reference.
    macro_f1_by_change : dict of str to float
        Macro-F1 on the modified images, by name of the modification.
    """

    variant: str
    metrics: Metrics
    cross_entropy: float
    comparison: Comparison
    macro_f1_by_change: dict[str, float]


def ablation_recipes(backbone: Backbone, epochs: int) -> dict[str, Recipe]:
    """Return the recipes of all variants.

    Parameters
    ----------
    backbone : Backbone
    epochs : int
        Number of fine-tuning epochs.

    Returns
    -------
    dict of str to Recipe
        Recipes by variant name. `REFERENCE` is the first, followed by variants that
        fine-tune fewer stages and variants without one augmentation step.
    """
    full = Recipe(epochs=epochs)
    stages = len(backbone.stages)
    depths = {"last three stages": 3, "last two stages": 2, "last stage": 1}
    return {
        REFERENCE: full,
        **{
            name: replace(full, frozen_stages=stages - depth)
            for name, depth in depths.items()
            if depth < stages
        },
        "frozen": replace(full, epochs=0),
        **{f"without {step}": replace(full, without=(step,)) for step in STEPS},
    }


def ablate(
    backbone: Backbone,
    weights: str,
    examples: Sequence[Example],
    images: Path,
    recipes: Mapping[str, Recipe],
    folder: Path,
) -> Iterator[AblationResult]:
    """Train and evaluate networks with variants of a recipe.

    The logits of each variant are stored in ``VARIANT.npz``. Variants whose logits are stored are
    not retrained, and an interrupted training run resumes after its last completed epoch.

    Parameters
    ----------
    backbone : Backbone
    weights : str
        ImageNet weights of the backbone, as for `fit`.
    examples : sequence of Example
        All images of the manifest, with their splits.
    images : Path
        Folder to which the paths in the manifest are relative.
    recipes : mapping of str to Recipe
        Recipes by variant name. `REFERENCE` must be one of them.
    folder : Path
        Folder for the logits. Checkpoints are written to its subfolders ``VARIANT``. The folder
        is created if it does not exist.

    Yields
    ------
    AblationResult
        The result of each variant, beginning with the reference.

    Raises
    ------
    DatasetError
        If there are too few images, or if the results in the folder were computed with
        a different recipe or different images.
    """
    train, validation = members(examples, "train"), members(examples, "validation")
    full = recipes[REFERENCE]
    classes = dataset_labels(examples)
    require_training_images(train, "the training split", full.batch_size, classes)
    require_images(validation, "the validation split", labels=classes)
    record_settings(folder / "recipe.json", full.as_dict())
    names = tuple(example.path.relative_to(images).as_posix() for example in validation)
    fields = [
        field
        for field, example in zip(sky_fields(examples), examples, strict=True)
        if example.split == "validation"
    ]
    labels = label_indices(validation, classes)
    reference: NDArray[np.bool_] | None = None
    for variant in (REFERENCE, *(name for name in recipes if name != REFERENCE)):
        path = folder / f"{variant.replace(' ', '-')}.npz"
        if not path.exists():
            run = folder / path.stem
            run.mkdir(exist_ok=True)
            _share_head(folder / REFERENCE.replace(" ", "-"), run)
            network = fit(backbone, weights, train, validation, recipes[variant], run, classes)
            _save(path, names, _predict_changed(network, backbone.input_size, validation))
        logits = _load(path, names)
        correct = logits[UNCHANGED].argmax(axis=1) == labels
        reference = correct if reference is None else reference
        yield AblationResult(
            variant=variant,
            metrics=measure(_uncalibrated(logits[UNCHANGED], classes), validation, fields),
            cross_entropy=calibrated_cross_entropy(logits[UNCHANGED], labels, classes),
            comparison=compare(correct, reference),
            macro_f1_by_change={
                change: float(
                    macro_f1(confusion_matrix(labels, scores.argmax(axis=1), len(classes)))
                )
                for change, scores in logits.items()
                if change != UNCHANGED
            },
        )


def _share_head(reference: Path, run: Path) -> None:
    """Copy the reference's trained head to a variant, so that both start with the same head."""
    head = reference / HEAD
    if head.exists() and not (run / HEAD).exists():
        shutil.copy(head, run)


def _keep(pixels: Pixels, _rng: np.random.Generator) -> Pixels:
    return pixels


def _shrink(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    square = Image.fromarray(fit_to_input(pixels, STAR_FIELD_SIDE))
    return np.asarray(place_among_stars(square, rng))


def _predict_changed(
    network: keras.Model, size: int, examples: Sequence[Example]
) -> dict[str, NDArray[np.float32]]:
    """Return logits of shape (n, k) for the unmodified images and for each modification."""
    changes: dict[str, Perturbation] = {UNCHANGED: _keep, **PERTURBATIONS, SMALL: _shrink}
    logits = {}
    for name, change in changes.items():
        inputs = [fit_to_input(pixels, size) for pixels in perturb(examples, change)]
        logits[name] = network.predict(np.stack(inputs).astype("f4"), verbose=0)
    return logits


def _uncalibrated(logits: NDArray[np.floating], classes: tuple[Label, ...]) -> Predictions:
    """Convert logits to uncalibrated predictions, with prediction sets that contain one label."""
    probabilities = softmax(logits)
    best = probabilities == probabilities.max(axis=1, keepdims=True)
    return Predictions.without_novelty(probabilities, best, best.any(axis=1), classes)


def _save(path: Path, names: Sequence[str], logits: Mapping[str, NDArray[np.float32]]) -> None:
    arrays: dict[str, Any] = {change: scores.astype("f2") for change, scores in logits.items()}
    with atomic_write(path) as file:
        np.savez_compressed(file, names=np.array(names), **arrays)


def _load(path: Path, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    with np.load(path) as arrays:
        if list(arrays["names"]) != list(names):
            msg = (
                f"The results in {path} do not belong to the images of the validation split. "
                "Choose a different output folder."
            )
            raise DatasetError(msg)
        return {change: arrays[change].astype("f4") for change in arrays if change != "names"}
