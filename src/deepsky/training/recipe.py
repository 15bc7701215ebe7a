"""Training hyperparameters."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, Final

from deepsky.errors import DatasetError
from deepsky.training.backbones import Backbone

__all__ = ["Recipe", "recipe_for", "record_settings", "with_enough_head_epochs"]

FEWEST_STEPS: Final = 300
"""Minimum number of batches for training the head; small datasets need more epochs."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyperparameters for training a network.

    Attributes
    ----------
    seed : int
        Seed for the splits, the initial weights of the head, and the augmentation.
    head_epochs : int
        Number of epochs for which the head is trained on frozen features. If 0, fine-tuning starts
        with the head's initial weights.
    epochs : int
        Number of fine-tuning epochs. If 0, the backbone keeps its ImageNet weights.
    frozen_stages : int
        Number of stages of the backbone, counted from the input, that are not fine-tuned.
    head_learning_rate : float
        Learning rate for training the head on frozen features.
    batch_size : int
        Number of images per batch.
    weight_decay : float
        Weight decay of the AdamW optimizer (I. Loshchilov and F. Hutter, ICLR 2019).
    without : tuple of str
        Names of augmentation steps to omit, from `deepsky.training.augmentation.STEPS`.
    label_smoothing : float
        Fraction of the target probability that is distributed evenly over all classes.
    input_size : int or None
        Side of the training images, in pixels. None selects the size of the backbone.
    learning_rate : float or None
        Maximum learning rate of fine-tuning. None selects the rate of the backbone.
    repeat_rare : bool
        Whether images of rare kinds of objects are used three times per epoch, and images of small
        sources twice; see `deepsky.training.datasets.AugmentedImages`.
    initial_share : float
        Share of the initial weights in the average of the initial and the trained weights, from 0
        to 1, which becomes the result of the training (M. Wortsman et al., "Robust Fine-Tuning of
        Zero-Shot Models", CVPR 2022, eq. 1). If 0, the trained weights are the result.
    """

    seed: int = 0
    head_epochs: int = 12
    epochs: int = 6
    frozen_stages: int = 0
    head_learning_rate: float = 1e-3
    batch_size: int = 32
    weight_decay: float = 0.01
    without: tuple[str, ...] = ()
    label_smoothing: float = 0.05
    input_size: int | None = None
    learning_rate: float | None = None
    repeat_rare: bool = False
    initial_share: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the hyperparameters that are not None as a dictionary of JSON values."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def recipe_for(backbone: Backbone, seed: int = 0) -> Recipe:
    """Return the default recipe for a backbone.

    Parameters
    ----------
    backbone : Backbone
    seed : int

    Returns
    -------
    Recipe
    """
    return Recipe(seed=seed, epochs=backbone.epochs, frozen_stages=backbone.frozen_stages)


def with_enough_head_epochs(recipe: Recipe, images: int) -> Recipe:
    """Return a recipe that trains the head for at least `FEWEST_STEPS` batches, or not at all.

    The head is trained on cached features, so additional epochs take only seconds.

    Parameters
    ----------
    recipe : Recipe
    images : int
        Number of training images.

    Returns
    -------
    Recipe
    """
    if not recipe.head_epochs:
        return recipe
    batches = max(1, ceil(images / recipe.batch_size))
    return replace(recipe, head_epochs=max(recipe.head_epochs, ceil(FEWEST_STEPS / batches)))


def record_settings(path: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings of a run to a file or, if the file exists, check that it contains them.

    Parameters
    ----------
    path : Path
        The JSON file. Its folder is created if it does not exist.
    settings : mapping
        Settings on which the results in the folder depend.

    Raises
    ------
    DatasetError
        If the settings in the file differ from ``settings``.
    """
    text = json.dumps(settings, indent=1)
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8")) != json.loads(text):
            msg = (
                f"The recipe or the images of the run in {path.parent} differ from the current "
                "ones. Remove this folder, or choose a different output folder."
            )
            raise DatasetError(msg)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
