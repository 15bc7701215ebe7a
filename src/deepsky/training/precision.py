"""Choose between bf16 and float32 for training on this machine."""

import time
from functools import cache
from typing import Final

import keras
import tensorflow as tf

from deepsky.training.backbones import Backbone

__all__ = ["precision_for"]

TOLERATED: Final = 2.0
"""bf16 is used if the ratio of the computing time in bf16 to that in float32 is less than this
value. If bf16 is emulated, the ratio is about ten."""

IMAGES: Final = (4, 56, 56, 64)
KERNEL: Final = (3, 3, 64, 64)


def precision_for(backbone: Backbone) -> str:
    """Return the Keras dtype policy for training a backbone on this machine.

    Parameters
    ----------
    backbone : Backbone

    Returns
    -------
    {"float32", "mixed_bfloat16"}
        The backbone's own policy, or float32 if this machine has no bf16 instructions. Without
        these instructions, TensorFlow emulates bf16, and an epoch takes hours instead of minutes.
    """
    if backbone.precision == "mixed_bfloat16" and not _has_bfloat16():
        return "float32"
    return backbone.precision


@cache
def _has_bfloat16() -> bool:
    """Measure whether bf16 is fast, because TensorFlow does not report CPU features."""
    return _seconds("bfloat16") < TOLERATED * _seconds("float32")


def _seconds(dtype: str) -> float:
    """Return the time in seconds to compute a convolution's gradient (minimum of three runs)."""
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
