"""The network: a pretrained backbone and our head.

The head is a 1x1 convolution, normalisation, activation, dropout, global average pooling and a
linear layer. Pooling comes last and is linear, so a class's score is exactly the mean of its
evidence map (the linear layer applied at each place) plus its bias.
"""

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from deepsky.taxonomy import LABELS

__all__ = ["attach_head", "build_head", "evidence_bias", "with_evidence"]

EMBEDDING_SIZE = 256
DROPOUT = 0.3


def attach_head(backbone: keras.Model) -> keras.Model:
    """Put our head on a backbone, in one flat graph.

    Parameters
    ----------
    backbone : keras.Model
        From images to a map of features, of shape (n, rows, columns, channels).

    Returns
    -------
    keras.Model
        From images to logits of shape (n, 4), in the order of ``LABELS``.
    """
    return keras.Model(backbone.input, _head(backbone.output), name="deepsky")


def build_head(channels: int) -> keras.Model:
    """Build the head alone, from a map of features to logits, to train it on cached features."""
    features = keras.Input((None, None, channels))
    return keras.Model(features, _head(features), name="head")


def _head(features: keras.KerasTensor) -> keras.KerasTensor:
    """Build the head in float32, whatever the backbone computes in: it is small and decides."""
    dtype = "float32"
    x = layers.Conv2D(EMBEDDING_SIZE, 1, use_bias=False, dtype=dtype, name="head_conv")(features)
    x = layers.LayerNormalization(dtype=dtype, name="head_norm")(x)
    x = layers.Activation("swish", dtype=dtype, name="head_activation")(x)
    x = layers.Dropout(DROPOUT, dtype=dtype, name="head_dropout")(x)
    x = layers.GlobalAveragePooling2D(dtype=dtype, name="head_pool")(x)
    return layers.Dense(len(LABELS), dtype=dtype, name="head_logits")(x)


def with_evidence(network: keras.Model) -> keras.Model:
    """Let a network also tell its evidence maps and its embedding.

    Returns
    -------
    keras.Model
        From images to ``logits`` (n, 4), ``evidence`` (n, rows, columns, 4) and
        ``embedding`` (n, d).
    """
    logits = network.get_layer("head_logits")
    per_place = layers.Conv2D(len(LABELS), 1, use_bias=False, name="head_evidence")
    evidence = per_place(network.get_layer("head_activation").output)
    per_place.set_weights([logits.get_weights()[0][None, None]])
    outputs = {
        "logits": logits.output,
        "evidence": evidence,
        "embedding": network.get_layer("head_pool").output,
    }
    return keras.Model(network.input, outputs)


def evidence_bias(network: keras.Model) -> NDArray[np.float32]:
    """Give what is added to the mean of each evidence map to make the logit, of shape (4,)."""
    return np.asarray(network.get_layer("head_logits").get_weights()[1], dtype=np.float32)
