"""Description of a pretrained network and its training."""

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
        Name of the model, such as ``"efficientnet"``.
    title : str
        Name for people, such as ``"EfficientNet-B0"``.
    build : callable
        Returns a Keras model that maps RGB images (0 to 255, any size) to features. Its argument
        is a ``.weights.h5`` file for the network without its top, ``"imagenet"`` to download
        the weights, or None for random weights.
    input_size : int
        Side of the training images, in pixels.
    learning_rate : float
        Highest learning rate of fine-tuning.
    stages : tuple of str
        Name of the first layer of each stage, from input to output.
    epochs : int
        Epochs of fine-tuning.
    frozen_stages : int
        Number of the first stages, which detect edges and colours, that are not fine-tuned.
    precision : {"float32", "mixed_bfloat16"}
        Dtype policy for training the backbone, the faster one on processors with bf16
        instructions. Weights and head are float32 in both.
    quantized : bool
        Whether the model ships quantized to int8: if that makes it at least 1.5 times as fast for
        at most 0.3 points of macro-F1 on validation.
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
