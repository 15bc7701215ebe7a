"""Cards and predictions of the shipped models, and agreement with the Keras networks."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.classifier import Classifier, load_classifier
from deepsky.imaging import read_image
from deepsky.models import ModelBundle, available_models, find_bundle
from deepsky.models.calibration import Calibration
from deepsky.models.preparation import fit_to_input
from deepsky.models.runtime import Precision, Runtime
from deepsky.training.backbones import find_backbone
from deepsky.training.card_page import render_card
from deepsky.training.network import attach_head

ROOT = Path(__file__).parent.parent
SAMPLES = json.loads((ROOT / "samples" / "samples.json").read_text("utf-8"))


SHIPPED = available_models()


@pytest.fixture(scope="module")
def bundle() -> ModelBundle:
    """Bundle of the default model. The bundle also contains the Keras weights."""
    return find_bundle("efficientnet")


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request: pytest.FixtureRequest) -> ModelBundle:
    return find_bundle(request.param)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier("efficientnet")


@pytest.fixture(scope="module")
def images(bundle: ModelBundle) -> NDArray[np.uint8]:
    """Samples that are easy to classify, and (rotated) crops of them, scaled to the input size."""
    size = bundle.input_size
    clear = [sample for sample in SAMPLES if "note" not in sample]
    whole = [read_image(ROOT / "samples" / sample["file"]).pixels for sample in clear]
    parts = [pixels[: len(pixels) * 2 // 3, pixels.shape[1] // 4 :] for pixels in whole]
    rotated = [np.asarray(Image.fromarray(p).transpose(Image.Transpose.ROTATE_90)) for p in parts]
    return np.stack([fit_to_input(pixels, size) for pixels in (*whole, *parts, *rotated)])


@pytest.fixture(scope="module")
def expected(bundle: ModelBundle, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Probabilities that the trained Keras network predicts for the images."""
    network = attach_head(find_backbone("efficientnet").build(None))
    network.load_weights(bundle.directory / "keras.weights.h5")
    logits = network.predict(images.astype(np.float32), verbose=0)
    return Calibration.from_card(bundle.card).probabilities(logits)


def test_documented_models_are_shipped() -> None:
    assert SHIPPED == ["efficientnet", "ensemble", "resnet50", "vgg16"]


def test_evidence_of_each_model_adds_up_to_its_probabilities(shipped: ModelBundle) -> None:
    pixels = read_image(ROOT / "samples" / "m-90.jpg").pixels
    prediction = Classifier(shipped, "f32").classify(pixels)
    assert (prediction.label, prediction.model) == ("galaxy", shipped.name)
    means = prediction.evidence.mean(axis=(1, 2)) + np.array(shipped.card.head.bias)
    calibrated = Calibration.from_card(shipped.card).probabilities(means)
    assert list(prediction.probabilities.values()) == pytest.approx(calibrated.tolist(), abs=1e-3)


def test_exported_network_agrees_with_keras(shipped: ModelBundle) -> None:
    if not shipped.members:
        difference = shipped.card.network.largest_difference_from_keras
        assert difference is not None
        assert difference < 5e-3


@pytest.mark.parametrize("name", ["resnet50", "vgg16"])
def test_quantization_changes_few_labels(name: str) -> None:
    quantization = find_bundle(name).card.network.quantization
    assert quantization is not None
    assert quantization.bits == 8
    assert quantization.validation_in_eight_orientations.same_label > 0.98


@pytest.mark.parametrize("name", ["resnet50", "vgg16"])
def test_quantized_network_has_same_output_on_older_cpus(name: str) -> None:
    code = f"""
import json, deepsky
classifier = deepsky.load_classifier({name!r})
files = {[str(ROOT / "samples" / sample["file"]) for sample in SAMPLES]}
images = [deepsky.read_image(file).pixels for file in files]
print(json.dumps([list(one.probabilities.values()) for one in classifier.classify_batch(images)]))
"""
    outputs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", code],
                env=os.environ | instructions,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for instructions in ({}, {"ONEDNN_MAX_CPU_ISA": "AVX2"})
    ]
    assert np.abs(np.subtract(*outputs)).max() < 1e-3


@pytest.mark.parametrize("name", ["resnet50", "vgg16"])
def test_quantized_network_ignores_the_precision(name: str, images: NDArray[np.uint8]) -> None:
    bundle = find_bundle(name)
    few = [fit_to_input(image, bundle.input_size) for image in images[:4]]
    outputs = [
        Runtime(bundle.read_network(), few[0].shape[0], precision).run(np.stack(few)).logits
        for precision in get_args(Precision)
    ]
    assert np.ptp(outputs, axis=0).max() < 1e-4


@pytest.mark.parametrize(
    "sample", [each for each in SAMPLES if "note" not in each], ids=lambda sample: sample["file"]
)
def test_sample_is_classified_correctly(classifier: Classifier, sample: dict[str, str]) -> None:
    image = read_image(ROOT / "samples" / sample["file"])
    assert classifier.classify(image.pixels).label == sample["label"]


def test_runtime_and_keras_agree_in_f32(
    bundle: ModelBundle, images: NDArray[np.uint8], expected: NDArray[np.float64]
) -> None:
    runtime = Runtime(bundle.read_network(), bundle.input_size, "f32")
    logits = runtime.run(images).logits
    got = Calibration.from_card(bundle.card).probabilities(logits)
    assert np.abs(got - expected).max() < 1e-3


def test_runtime_and_keras_predict_the_same_labels_in_bf16(
    bundle: ModelBundle, images: NDArray[np.uint8], expected: NDArray[np.float64]
) -> None:
    runtime = Runtime(bundle.read_network(), bundle.input_size, "bf16")
    got = runtime.run(images).logits.argmax(axis=1)
    second, first = np.sort(expected, axis=1).T[-2:]
    clear = first - second >= 0.02
    assert clear.sum() > 20
    assert np.array_equal(got[clear], expected.argmax(axis=1)[clear])


def test_mean_of_evidence_map_plus_bias_is_the_logit(
    bundle: ModelBundle, images: NDArray[np.uint8]
) -> None:
    runtime = Runtime(bundle.read_network(), bundle.input_size, "f32")
    output = runtime.run(images)
    means = output.evidence.mean(axis=(2, 3)) + np.array(bundle.card.head.bias)
    assert np.abs(means - output.logits).max() < 1e-3


def test_test_metrics_reach_the_required_macro_f1(shipped: ModelBundle) -> None:
    test, splits = shipped.card.metrics["test"], shipped.card.data.splits
    assert test.macro_f1.value >= 0.93
    assert test.macro_f1.low < test.macro_f1.value < test.macro_f1.high
    assert test.images == splits["test"].images >= 600


def test_classifying_needs_no_tensorflow() -> None:
    code = (
        "import sys, deepsky; deepsky.load_classifier();"
        "print(sorted({'keras', 'sklearn', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["deepsky.classifier", "deepsky.training.quantization"])
def test_no_telemetry_is_sent(module: str, tmp_path: Path) -> None:
    code = f"import sys, {module}; print('openvino_telemetry' in sys.modules)"
    environment = {k: v for k, v in os.environ.items() if k != "CI"} | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "False\n"
    # OpenVINO's telemetry would store an identifier in this folder.
    assert not (tmp_path / "intel").exists()


def test_card_page_matches_the_card(shipped: ModelBundle) -> None:
    assert (shipped.directory / "CARD.md").read_text("utf-8") == render_card(shipped.card)


def test_readme_shows_the_metrics_of_the_card(shipped: ModelBundle) -> None:
    new, test = shipped.card.metrics["source_test"], shipped.card.metrics["test"]
    readme = (ROOT / "README.md").read_text("utf-8")
    [row] = [line for line in readme.splitlines() if f"/{shipped.name}/CARD.md" in line]
    for figure in (new.macro_f1, new.fair.macro_f1, test.macro_f1):
        assert f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})" in row
    assert new.confident is not None
    assert f" {new.coverage.overall.value:.3f} " in row
    assert f" {new.confident.share.value:.1%} ".replace("%", " %") in row
    assert f" {new.confident.accuracy.value:.1%} ".replace("%", " %") in row
    assert f"{new.images} images of {len(new.by_source)} **photographers" in readme
    assert f"{test.images} test images of {test.fields} fields of sky" in readme
