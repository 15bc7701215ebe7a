"""What training needs to know of a pretrained network."""

from collections.abc import Callable
from dataclasses import dataclass

import keras

__all__ = ["Backbone"]


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network pretrained on ImageNet, and how to fine-tune it.

    Attributes
    ----------
    name : str
        Name of the model that is built on it.
    title : str
        Name for people.
    build : callable
        From weights to a Keras model that turns RGB images (0 to 255, any size) into a map
        of features. The weights: a ``.weights.h5`` file for the network without its top,
        ``"imagenet"``, which Keras downloads, or None for a network that is to be filled later.
    input_size : int
        Side of the images that it is fine-tuned on, in pixels.
    learning_rate : float
        Highest learning rate of fine-tuning.
    stages : tuple of str
        Name of the first layer of each stage, from the image on.
    epochs : int
        Epochs of fine-tuning.
    frozen_stages : int
        How many of the first stages, which see edges and colours alone, are left as they are.
    precision : {"float32", "mixed_bfloat16"}
        Arithmetic of the backbone while it is trained, the faster of the two for it where the
        machine has instructions for both; weights and head are float32 in either.
    quantized : bool
        Whether the network that ships computes in whole numbers of 8 bits: where that makes it at
        least half as fast again and costs at most 0.3 points of macro-F1 on validation
        (``benchmarks/quantization.py``).
    """

    name: str
    title: str
    build: Callable[[str | None], keras.Model]
    input_size: int
    learning_rate: float
    stages: tuple[str, ...]
    epochs: int
    frozen_stages: int
    precision: str
    quantized: bool
