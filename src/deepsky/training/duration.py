"""Estimate how long training takes on this machine."""

import time
from collections.abc import Callable
from typing import Final

import keras
import numpy as np

from deepsky.training.backbones import Backbone
from deepsky.training.fitting import compile_for_fine_tuning, dtype_policy
from deepsky.training.network import attach_head
from deepsky.training.precision import precision_for
from deepsky.training.recipe import Recipe

__all__ = ["estimate_seconds"]

OTHER_SECONDS: Final = 60
"""Approximate time to build and export the network, in seconds."""

LATER_PASSES: Final = 12
"""Approximate time to calibrate and evaluate the network on the held-out images, in multiples of
the time that the network takes for these images at the size of the training images."""

DRAWN_IMAGES: Final = 320
"""Approximate number of synthetic images on which the network is evaluated."""


def estimate_seconds(
    backbone: Backbone, recipe: Recipe, training: int, held_out: int, classes: int
) -> float:
    """Measure a network with random weights on this machine, and estimate the time for training.

    Parameters
    ----------
    backbone : Backbone
    recipe : Recipe
    training, held_out : int
        Number of training images, and number of validation and test images.
    classes : int
        Number of classes.

    Returns
    -------
    float
        Seconds.
    """
    images = np.zeros((recipe.batch_size, *(backbone.input_size,) * 2, 3), dtype=np.float32)
    targets = np.eye(classes, dtype=np.float32)[np.zeros(recipe.batch_size, dtype=int)]
    with dtype_policy(precision_for(backbone)):
        network = attach_head(backbone.build(None), classes)
        compile_for_fine_tuning(network, backbone, recipe, rate=0.0)
        step = _seconds(lambda: network.train_on_batch(images, targets)) if recipe.epochs else 0.0
        look = _seconds(lambda: network.predict_on_batch(images)) / recipe.batch_size
    keras.backend.clear_session()
    steps = training // recipe.batch_size * recipe.epochs
    looks = training + held_out * (1 + recipe.epochs + LATER_PASSES) + DRAWN_IMAGES
    return OTHER_SECONDS + steps * step + looks * look


def _seconds(run: Callable[[], object]) -> float:
    """Return the duration of the second call; the first one compiles the network."""
    run()
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
