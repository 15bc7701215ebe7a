"""ResNet50: K. He et al., "Deep Residual Learning for Image Recognition", CVPR 2016."""

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
    return keras.applications.ResNet50(
        weights=weights, include_top=False, input_tensor=caffe_input()
    )


BACKBONE = Backbone(
    name="resnet50",
    title="ResNet50",
    build=build,
    input_size=224,
    learning_rate=1e-4,
    stages=(
        "conv1_conv",
        "conv2_block1_1_conv",
        "conv3_block1_1_conv",
        "conv4_block1_1_conv",
        "conv5_block1_1_conv",
    ),
    epochs=6,
    frozen_stages=2,
    precision="mixed_bfloat16",
    quantized=True,
)
