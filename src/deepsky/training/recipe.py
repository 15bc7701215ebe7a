"""Hyperparameters of a training."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deepsky.errors import DatasetError
from deepsky.training.backbones import Backbone

__all__ = ["Recipe", "recipe_for", "record_settings"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyperparameters of a training.

    Attributes
    ----------
    seed : int
        Seed of the splits, the initial head and the augmentation.
    head_epochs : int
        Epochs of training the head on frozen features.
    epochs : int
        Epochs of fine-tuning; with 0, the backbone keeps its ImageNet weights.
    frozen_stages : int
        Number of the backbone's first stages that are not fine-tuned.
    head_learning_rate : float
        Learning rate of the head on frozen features.
    batch_size : int
        Images per batch.
    weight_decay : float
        Weight decay of AdamW (I. Loshchilov and F. Hutter, ICLR 2019).
    without : tuple of str
        Augmentation steps to leave out, of `deepsky.training.augmentation.STEPS`.
    label_smoothing : float
        Fraction of the target probability that is distributed evenly over the classes.
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

    def as_dict(self) -> dict[str, Any]:
        """Return the hyperparameters as a dictionary for JSON."""
        return asdict(self)


def recipe_for(backbone: Backbone, seed: int = 0) -> Recipe:
    """Return the recipe that suits a backbone best.

    Parameters
    ----------
    backbone : Backbone
    seed : int

    Returns
    -------
    Recipe
    """
    return Recipe(seed=seed, epochs=backbone.epochs, frozen_stages=backbone.frozen_stages)


def record_settings(path: Path, settings: Mapping[str, Any]) -> None:
    """Record the settings of a run in its folder, or check that they have not changed.

    Parameters
    ----------
    path : Path
        The JSON file; its folder is created if it does not exist.
    settings : mapping
        What the results in the folder depend on.

    Raises
    ------
    DatasetError
        If the file records other settings.
    """
    text = json.dumps(settings, indent=1)
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8")) != json.loads(text):
            msg = (
                f"{path.parent} contains a run with another recipe or other images. "
                "Remove it, or choose another output folder."
            )
            raise DatasetError(msg)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
