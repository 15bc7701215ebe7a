"""EfficientNet-B0: M. Tan and Q. V. Le, "EfficientNet: Rethinking Model Scaling", ICML 2019."""

import keras

from deepsky.training.backbones.backbone import Backbone

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
    return keras.applications.EfficientNetB0(
        weights=weights, include_top=False, input_shape=(None, None, 3)
    )


BACKBONE = Backbone(
    name="efficientnet",
    title="EfficientNet-B0",
    build=build,
    input_size=224,
    learning_rate=2e-4,
    stages=("stem_conv_pad", *(f"block{k}a_expand_conv" for k in range(2, 8))),
    epochs=10,
    frozen_stages=0,
    precision="float32",
    quantized=False,
)
