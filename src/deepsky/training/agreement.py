"""Whether the exported network answers what the trained one answers."""

from collections.abc import Sequence

import keras
import numpy as np

from deepsky.dataset.manifest import Example
from deepsky.models.calibration import softmax
from deepsky.models.runtime import Runtime
from deepsky.training.datasets import plain_images

__all__ = ["largest_difference"]


def largest_difference(
    network: keras.Model, exported: bytes, size: int, examples: Sequence[Example]
) -> float:
    """Give the largest difference of a probability between Keras and the runtime, in float32.

    Parameters
    ----------
    network : keras.Model
        The trained network.
    exported : bytes
        The same as ONNX, with its weights rounded.
    size : int
        Side of the network's input, in pixels.
    examples : sequence of Example
        Images to ask about.
    """
    images = plain_images(examples, size)
    expected = softmax(network.predict_on_batch(images.astype(np.float32)))
    got = softmax(Runtime(exported, size, "f32").run(images).logits)
    return float(np.abs(got - expected).max())
