"""The input that networks from the Caffe days expect."""

import keras
import numpy as np

__all__ = ["caffe_input"]

BGR = (2, 1, 0)
IMAGENET_MEAN_BGR = np.array([103.939, 116.779, 123.68], dtype=np.float32)


def caffe_input() -> keras.KerasTensor:
    """Take RGB images (0 to 255, any size) and turn them to BGR about ImageNet's mean."""
    # `flip` would become an operation of the exported network that takes as long as three layers.
    return keras.ops.take(keras.Input((None, None, 3)), BGR, axis=-1) - IMAGENET_MEAN_BGR
