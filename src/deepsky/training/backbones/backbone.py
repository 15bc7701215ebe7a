"""Description of a pretrained network, with the hyperparameters for fine-tuning it."""

from collections.abc import Callable
from dataclasses import dataclass

import keras

__all__ = ["Backbone"]


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network pretrained on ImageNet, with the hyperparameters for fine-tuning it.

    Attributes
    ----------
    name : str
        Name of the model, such as ``"efficientnet"``.
    title : str
        Name to display, such as ``"EfficientNet-B0"``.
    build : callable
        Function that builds the network: a Keras model that maps RGB images (0 to 255, any
        size) to features. The argument of the function is the path of a ``.weights.h5`` file
        for the network without its top layers, ``"imagenet"`` to download the weights, or None
        for random weights.
    input_size : int
        Side of the training images, in pixels.
    learning_rate : float
        Maximum learning rate for fine-tuning.
    stages : tuple of str
        Name of the first layer of each stage, from input to output.
    epochs : int
        Number of fine-tuning epochs.
    frozen_stages : int
        Number of stages, counted from the input, that are not fine-tuned. These stages detect edges
        and colours.
    precision : {"float32", "mixed_bfloat16"}
        Dtype policy for training the backbone: the policy that is faster on CPUs with bf16
        instructions. The weights and the head are float32 with both policies.
    quantized : bool
        Whether the model is released in int8. This is the case if quantization makes it at least
        1.5 times as fast and reduces macro-F1 on the validation split by at most 0.3 percentage
        points.
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
