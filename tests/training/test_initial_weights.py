"""Test that a network starts with what the model whose training it continues has learned."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deepsky.models.registry import find_bundle
from deepsky.models.runtime import Runtime
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import find_backbone
from deepsky.training.initial_weights import find_initial_model
from deepsky.training.network import attach_head

SAMPLE = Path(__file__).parents[2] / "samples" / "ic-883.jpg"
SIZE = 224


def test_network_predicts_at_first_what_the_installed_model_predicts() -> None:
    image = np.asarray(Image.open(SAMPLE).convert("RGB").resize((SIZE, SIZE)))[np.newaxis]
    backbone = find_backbone("efficientnet")
    network = attach_head(backbone.build(None))
    find_initial_model("efficientnet", backbone).copy_weights(network, backbone, LABELS)
    installed = Runtime(find_bundle("efficientnet").read_network(), SIZE, "f32").run(image)
    logits = network.predict_on_batch(image.astype(np.float32))
    assert logits == pytest.approx(installed.logits, abs=0.1)
