"""VGG16: K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks", ICLR 2015."""

import keras

from deepsky.training.backbones.backbone import Backbone
from deepsky.training.backbones.preprocessing import caffe_input

__all__ = ["BACKBONE"]


def build(weights: str | None) -> keras.Model:
    """Build the network, including the normalization of its input.

    Parameters
    ----------
    weights : str or None
        Path of a ``.weights.h5`` file for the network without its top layers, ``"imagenet"`` to
        download the weights, or None for random weights.

    Returns
    -------
    keras.Model
    """
    return keras.applications.VGG16(weights=weights, include_top=False, input_tensor=caffe_input())


BACKBONE = Backbone(
    name="vgg16",
    title="VGG16",
    build=build,
    input_size=224,
    learning_rate=3e-5,
    stages=("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"),
    epochs=6,
    frozen_stages=2,
    precision="mixed_bfloat16",
    quantized=True,
)
