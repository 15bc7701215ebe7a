"""Input preprocessing for networks whose ImageNet weights were originally trained with Caffe."""

import keras
import numpy as np

__all__ = ["caffe_input"]

BGR = (2, 1, 0)
IMAGENET_MEAN_BGR = np.array([103.939, 116.779, 123.68], dtype=np.float32)


def caffe_input() -> keras.KerasTensor:
    """Convert an RGB input (0 to 255, any size) to BGR, and subtract the ImageNet mean."""
    # After export to ONNX, `keras.ops.flip` would take as long as three layers of the network.
    return keras.ops.take(keras.Input((None, None, 3)), BGR, axis=-1) - IMAGENET_MEAN_BGR
