"""Fixtures for a tiny backbone that can be trained in seconds."""

import keras
import pytest

from deepsky.training.backbones import Backbone


def build_tiny(weights: str | None) -> keras.Model:
    image = keras.Input((None, None, 3))
    x = keras.layers.Rescaling(1 / 255)(image)
    x = keras.layers.Conv2D(8, 3, 8, padding="same", name="stem")(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Conv2D(16, 3, 4, padding="same", activation="relu", name="body")(x)
    backbone = keras.Model(image, x)
    if weights:
        backbone.load_weights(weights)
    return backbone


@pytest.fixture(scope="session")
def tiny_backbone() -> Backbone:
    return Backbone(
        name="tiny",
        title="Tiny",
        build=build_tiny,
        input_size=64,
        learning_rate=1e-3,
        stages=("stem", "body"),
        epochs=3,
        frozen_stages=0,
        precision="mixed_bfloat16",
        quantized=False,
    )


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Save random weights of the tiny backbone, and return the path of the file."""
    keras.utils.set_random_seed(1)
    path = tmp_path_factory.mktemp("weights") / "tiny.weights.h5"
    build_tiny(None).save_weights(path)
    return str(path)
