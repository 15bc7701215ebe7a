"""The input that networks from the Caffe days expect."""

import keras
import numpy as np

__all__ = ["caffe_input"]

IMAGENET_MEAN_BGR = np.array([103.939, 116.779, 123.68], dtype=np.float32)


def caffe_input() -> keras.KerasTensor:
    """Take RGB pictures (0 to 255, any size) and turn them to BGR about ImageNet's mean."""
    return keras.ops.flip(keras.Input((None, None, 3)), axis=-1) - IMAGENET_MEAN_BGR
