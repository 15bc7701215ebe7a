"""Head and outputs of the networks.

The head consists of a 1x1 convolution, layer normalization, swish activation, dropout, global
average pooling and a linear layer. All operations after the activation are linear. The evidence
map of a class is the linear layer, without its bias, applied at each position. The logit of a
class is therefore exactly the mean of its evidence map plus its bias.
"""

from typing import Final

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from deepsky.taxonomy import LABELS

__all__ = ["attach_head", "build_head", "evidence_bias", "with_evidence"]

EMBEDDING_SIZE: Final = 256
DROPOUT: Final = 0.3


def attach_head(backbone: keras.Model, classes: int = len(LABELS)) -> keras.Model:
    """Return a network that consists of a backbone and a new head.

    Parameters
    ----------
    backbone : keras.Model
        Model that maps images to features of shape (n, rows, columns, channels).
    classes : int
        Number of classes. By default, that of the shipped models.

    Returns
    -------
    keras.Model
        Model that maps images to logits of shape (n, classes). The layers of the backbone are
        direct layers of this model; the backbone is not a nested model.
    """
    return keras.Model(backbone.input, _head(backbone.output, classes), name="deepsky")


def build_head(channels: int, classes: int = len(LABELS)) -> keras.Model:
    """Build a head without a backbone, for training on cached features.

    Parameters
    ----------
    channels : int
        Number of channels of the features.
    classes : int
        Number of classes. By default, that of the shipped models.

    Returns
    -------
    keras.Model
        Model that maps features of shape (n, rows, columns, channels) to logits of shape
        (n, classes).
    """
    features = keras.Input((None, None, channels))
    return keras.Model(features, _head(features, classes), name="head")


def _head(features: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    """Build the head, which is in float32 regardless of the backbone's precision."""
    dtype = "float32"
    x = layers.Conv2D(EMBEDDING_SIZE, 1, use_bias=False, dtype=dtype, name="head_conv")(features)
    x = layers.LayerNormalization(dtype=dtype, name="head_norm")(x)
    x = layers.Activation("swish", dtype=dtype, name="head_activation")(x)
    x = layers.Dropout(DROPOUT, dtype=dtype, name="head_dropout")(x)
    x = layers.GlobalAveragePooling2D(dtype=dtype, name="head_pool")(x)
    return layers.Dense(classes, dtype=dtype, name="head_logits")(x)


def with_evidence(network: keras.Model) -> keras.Model:
    """Return a network with evidence maps and embeddings as additional outputs.

    Parameters
    ----------
    network : keras.Model
        A network returned by `attach_head`.

    Returns
    -------
    keras.Model
        Model that maps images to ``logits`` of shape (n, k), ``evidence`` of shape
        (n, rows, columns, k) and ``embedding`` of shape (n, 256).
    """
    logits = network.get_layer("head_logits")
    per_position = layers.Conv2D(logits.units, 1, use_bias=False, name="head_evidence")
    evidence = per_position(network.get_layer("head_activation").output)
    per_position.set_weights([logits.get_weights()[0][None, None]])
    outputs = {
        "logits": logits.output,
        "evidence": evidence,
        "embedding": network.get_layer("head_pool").output,
    }
    return keras.Model(network.input, outputs)


def evidence_bias(network: keras.Model) -> NDArray[np.float32]:
    """Return the bias of each class: the logit of the class minus the mean of its evidence map.

    Parameters
    ----------
    network : keras.Model
        A network returned by `attach_head`.

    Returns
    -------
    ndarray of float32, shape (k,)
    """
    return np.asarray(network.get_layer("head_logits").get_weights()[1], dtype=np.float32)
