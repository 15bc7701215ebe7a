"""Test the backbones of the released models with random weights."""

import keras
import numpy as np
import pytest

from deepsky.models.runtime import Runtime
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import BACKBONES, find_backbone
from deepsky.training.export import export_onnx
from deepsky.training.network import attach_head, evidence_bias

SIZE = 64
LARGE = {"resnet50", "vgg16"}
"""Backbones whose export needs 2.5 to 3.5 GB of memory."""


@pytest.fixture(scope="module")
def images() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(0).integers(0, 256, (3, SIZE, SIZE, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name in LARGE else name for name in BACKBONES],
)
def test_exported_network_computes_the_same_logits_as_keras(
    name: str, images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
) -> None:
    keras.utils.set_random_seed(3)
    network = attach_head(find_backbone(name).build(None))
    exported = export_onnx(network)
    expected = network.predict_on_batch(images.astype(np.float32))
    output = Runtime(exported, SIZE, "f32").run(images)
    assert output.logits.shape == (3, len(LABELS))
    assert np.abs(output.logits - expected).max() < 2e-2 * max(1, np.abs(expected).max())
    means = output.evidence.mean(axis=(2, 3)) + evidence_bias(network)
    assert np.abs(means - output.logits).max() < 1e-4 * max(1, np.abs(expected).max())


@pytest.mark.parametrize(
    ("name", "application"),
    [("resnet50", keras.applications.resnet50), ("vgg16", keras.applications.vgg16)],
)
def test_input_is_preprocessed_as_in_pretraining(
    name: str, application: object, images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
) -> None:
    backbone = find_backbone(name).build(None)
    class_name = {"resnet50": "ResNet50", "vgg16": "VGG16"}[name]
    plain = getattr(application, class_name)(weights=None, include_top=False)
    plain.set_weights(backbone.get_weights())
    prepared = application.preprocess_input(images.astype(np.float32))  # type: ignore[attr-defined]
    expected = plain.predict_on_batch(prepared)
    assert backbone.predict_on_batch(images.astype(np.float32)) == pytest.approx(expected)


@pytest.mark.parametrize("name", BACKBONES)
def test_stages_are_layers_in_order_and_cover_all_weights(name: str) -> None:
    backbone = find_backbone(name)
    network = backbone.build(None)
    names = [layer.name for layer in network.layers]
    places = [names.index(stage) for stage in backbone.stages]
    assert places == sorted(places)
    assert not any(layer.trainable_weights for layer in network.layers[: places[0]])
