"""Test that the weights of released networks are recovered for continued training."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deepsky.models.calibration import softmax
from deepsky.models.registry import find_bundle
from deepsky.models.runtime import Runtime
from deepsky.training.backbones import find_backbone
from deepsky.training.network import attach_head
from deepsky.training.released_weights import RECOVERABLE, load_released_weights

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))[:8]
SIZE = 224


@pytest.mark.slow
@pytest.mark.parametrize("name", RECOVERABLE)
def test_recovered_network_predicts_what_the_released_one_predicts(name: str) -> None:
    images = np.stack([np.asarray(Image.open(path).resize((SIZE, SIZE))) for path in SAMPLES])
    bundle = find_bundle(name)
    released = softmax(Runtime(bundle.read_network(), SIZE).run(images).logits)
    network = attach_head(find_backbone(name).build(None))
    load_released_weights(bundle.directory / "network.onnx", network)
    recovered = softmax(network.predict_on_batch(images.astype(np.float32)))

    assert np.array_equal(recovered.argmax(axis=1), released.argmax(axis=1))
    # The released network also rounds the values between its layers to 8 bits.
    assert np.abs(recovered - released).mean() < 0.02


def test_network_of_another_architecture_is_refused() -> None:
    file = find_bundle("vgg16").directory / "network.onnx"
    with pytest.raises(ValueError, match=r"network\.onnx has no weights of the layer conv1_conv"):
        load_released_weights(file, attach_head(find_backbone("resnet50").build(None)))
