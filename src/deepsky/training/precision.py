"""Chooses the arithmetic that a backbone is trained in on this machine."""

import time
from functools import cache
from typing import Final

import keras
import tensorflow as tf

from deepsky.training.backbones import Backbone

__all__ = ["precision_for"]

TOLERATED: Final = 2.0
"""How much slower bf16 may look before it is not trusted. Emulated, it takes ten times as long."""

IMAGES: Final = (4, 56, 56, 64)
KERNEL: Final = (3, 3, 64, 64)


def precision_for(backbone: Backbone) -> str:
    """Give the arithmetic to train a backbone in.

    That is the one it is best trained in, but never bf16 where the machine has no instructions
    for it: TensorFlow emulates them there, and an epoch of minutes takes hours.

    Returns
    -------
    {"float32", "mixed_bfloat16"}
    """
    if backbone.precision == "mixed_bfloat16" and not _computes_bfloat16():
        return "float32"
    return backbone.precision


@cache
def _computes_bfloat16() -> bool:
    """Tell from the time that it takes, as TensorFlow does not tell which instructions it has."""
    return _seconds("bfloat16") < TOLERATED * _seconds("float32")


def _seconds(dtype: str) -> float:
    """Measure the gradient of a convolution, the quickest of three."""
    images, kernel = (tf.ones(shape, dtype) for shape in (IMAGES, KERNEL))
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            total = tf.reduce_sum(tf.nn.conv2d(images, kernel, strides=1, padding="SAME"))
        keras.ops.convert_to_numpy(tape.gradient(total, kernel))
        taken.append(time.perf_counter() - start)
    return min(taken)
