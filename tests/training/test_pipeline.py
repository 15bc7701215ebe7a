"""Test the training pipeline with a tiny backbone."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import pytest
from PIL import Image

from deepsky.classifier import Classifier
from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import label_indices
from deepsky.errors import DatasetError, ModelNotFoundError
from deepsky.imaging import read_image
from deepsky.models.bundle import ModelBundle
from deepsky.models.card import CalibrationImages
from deepsky.models.preparation import fit_to_input
from deepsky.models.runtime import Runtime
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import BACKBONES, Backbone
from deepsky.training.calibration import INPUT_SIZES
from deepsky.training.card import with_version
from deepsky.training.datasets import AugmentedImages
from deepsky.training.ensemble import assemble
from deepsky.training.network import attach_head
from deepsky.training.outputs import CrossValidationLogits
from deepsky.training.pipeline import train
from deepsky.training.recipe import Recipe

RECIPE = Recipe(seed=1, head_epochs=12, epochs=3, batch_size=8)


@pytest.fixture(autouse=True)
def known_backbone(tiny_backbone: Backbone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKBONES, "tiny", tiny_backbone)
    monkeypatch.setattr("deepsky.evaluation.out_of_distribution.IMAGES_PER_KIND", 3)


@pytest.fixture(scope="module")
def bundle(
    manifest: Path,
    tiny_backbone: Backbone,
    tiny_weights: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> ModelBundle:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BACKBONES, "tiny", tiny_backbone)
        patch.setattr("deepsky.evaluation.out_of_distribution.IMAGES_PER_KIND", 3)
        output = tmp_path_factory.mktemp("runs")
        return ModelBundle(train("tiny", manifest, tiny_weights, output, RECIPE))


@pytest.fixture(scope="module")
def network(bundle: ModelBundle, tiny_backbone: Backbone) -> keras.Model:
    """Return the trained network, with weights loaded from the Keras file in the bundle."""
    network = attach_head(tiny_backbone.build(None))
    network.load_weights(bundle.directory / "keras.weights.h5")
    return network


def test_trained_model_predicts_labels_from_colours(bundle: ModelBundle) -> None:
    classifier = Classifier(bundle)
    colours = {"galaxy": (230, 220, 40), "nebula": (220, 40, 60), "star_cluster": (50, 70, 230)}
    for label, colour in colours.items():
        noise = np.random.default_rng(0).normal(0, 30, (80, 60, 3))
        pixels = (np.array(colour) + noise).clip(0, 255).astype(np.uint8)
        assert classifier.classify(pixels).label == label


def test_exported_network_predicts_the_same_probabilities_as_keras(
    bundle: ModelBundle, network: keras.Model, examples: list[Example]
) -> None:
    size = bundle.input_size
    images = np.stack([fit_to_input(read_image(e.path).pixels, size) for e in examples[::7]])
    expected = network.predict_on_batch(images.astype(np.float32))
    got = Runtime(bundle.read_network(), size, "f32").run(images).logits
    assert np.abs(keras.ops.softmax(got) - keras.ops.softmax(expected)).max() < 1e-3


def test_mean_of_evidence_map_plus_bias_is_the_logit(
    bundle: ModelBundle, examples: list[Example]
) -> None:
    size = bundle.input_size
    images = np.stack([fit_to_input(read_image(e.path).pixels, size) for e in examples[::9]])
    output = Runtime(bundle.read_network(), size, "f32").run(images)
    means = output.evidence.mean(axis=(2, 3)) + np.array(bundle.card.head.bias)
    assert np.abs(means - output.logits).max() < 1e-4
    assert np.ptp(output.logits) > 1


def test_card_contains_data_training_and_metrics(bundle: ModelBundle) -> None:
    card: dict[str, Any] = json.loads((bundle.directory / "card.json").read_text("utf-8"))
    assert card["labels"] == list(LABELS)
    assert re.fullmatch(r"\d{4}\.\d\d\.\d\d\+[0-9a-f]{8}", card["version"])
    assert card["version"].split("+")[0] == card["created"].replace("-", ".")
    assert card["training"]["recipe"]["seed"] == 1
    assert len(card["training"]["fine_tuning"]) == 3
    assert 0 < card["network"]["largest_difference_from_keras"] < 1e-3
    assert sum(split["fields"] for split in card["data"]["splits"].values()) == 56
    assert card["data"]["sources"] == [{"source": "synthetic", "licence": "CC0-1.0", "images": 112}]
    for split in ("validation", "test"):
        figures = card["metrics"][split]
        assert figures["images"] == card["data"]["splits"][split]["images"]
        assert figures["macro_f1"]["value"] > 0.9
    text = (bundle.directory / "CARD.md").read_text("utf-8")
    assert f"| accuracy | {card['metrics']['test']['accuracy']['value']:.3f} |" in text


def test_different_models_have_different_versions(bundle: ModelBundle) -> None:
    """The version depends on everything that affects the predictions, not only on the network."""
    again = with_version(bundle.card)
    assert again.version == bundle.version
    warmer = {"temperature": 2 * bundle.card.calibration.temperature}
    calibration = bundle.card.calibration.model_copy(update=warmer)
    recalibrated = with_version(bundle.card.model_copy(update={"calibration": calibration}))
    network = bundle.card.network.model_copy(update={"sha256": "0" * 64})
    retrained = with_version(bundle.card.model_copy(update={"network": network}))
    assert len({bundle.version, recalibrated.version, retrained.version}) == 3
    assert with_version(bundle.card, "1.5.0").version == "1.5.0"


def test_quantized_network_computes_in_int8_with_nearly_the_same_results(
    bundle: ModelBundle,
    manifest: Path,
    examples: list[Example],
    tiny_backbone: Backbone,
    tiny_weights: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(BACKBONES, "tiny", replace(tiny_backbone, quantized=True))
    shutil.copytree(bundle.directory / "run", tmp_path / "tiny" / "run")  # avoid retraining
    quantized = ModelBundle(train("tiny", manifest, tiny_weights, tmp_path, RECIPE))
    network = onnx.load_from_string(quantized.read_network())
    int8 = [w.name for w in network.graph.initializer if w.data_type == onnx.TensorProto.INT8]
    assert any("body" in name for name in int8)
    assert not any("head" in name for name in int8)
    quantization = quantized.card.network.quantization
    assert quantization is not None
    assert quantization.validation_in_eight_orientations.macro_f1_after > 0.95
    assert quantization.validation_in_eight_orientations.same_label > 0.95
    assert "quantized to int8" in (quantized.directory / "CARD.md").read_text("utf-8")
    exact, rounded = Classifier(bundle), Classifier(quantized)
    for example in examples[::11]:
        pixels = read_image(example.path).pixels
        expected, got = exact.classify(pixels), rounded.classify(pixels)
        assert got.label == expected.label
        assert list(got.probabilities.values()) == pytest.approx(
            list(expected.probabilities.values()), abs=0.1
        )
        assert list(got.probabilities.values()) != list(expected.probabilities.values())


@pytest.fixture
def cross_validated(examples: list[Example], manifest: Path, tmp_path: Path) -> Path:
    """Save cross-validation results in which half of the images are misclassified.

    The confidence of these misclassifications is high; it is lower for larger input sizes.
    """
    right = np.eye(4)[label_indices(examples)]
    wrong = np.roll(right, 1, axis=1)
    half = np.arange(len(examples))[:, None] % 2
    names = tuple(e.path.relative_to(manifest.parent).as_posix() for e in examples)
    logits = {size: 5 * np.where(half, right, wrong * 224 / size) for size in INPUT_SIZES}
    for name in ("tiny", "twin"):
        folder = tmp_path / "cross-validation" / name
        folder.mkdir(parents=True)
        CrossValidationLogits(names, logits).save(folder / "fold-0.npz")
    return tmp_path / "cross-validation"


def test_cross_validation_determines_the_input_size_and_the_calibration(
    bundle: ModelBundle, manifest: Path, tiny_weights: str, cross_validated: Path, tmp_path: Path
) -> None:
    shutil.copytree(bundle.directory / "run", tmp_path / "tiny" / "run")  # avoid retraining
    other = ModelBundle(
        train("tiny", manifest, tiny_weights, tmp_path, RECIPE, cross_validated=cross_validated)
    )
    splits = bundle.card.data.splits
    images = {name: splits[name].images for name in ("validation", "train")}
    assert bundle.card.calibration.images == CalibrationImages(
        validation=images["validation"], cross_validated=0
    )
    assert other.card.calibration.images == CalibrationImages(
        validation=images["validation"], cross_validated=images["train"]
    )
    assert bundle.input_size < other.input_size == max(INPUT_SIZES)
    # The cross-validated predictions are wrong for half of the images: confidence must decrease.
    temperatures = [b.card.calibration.temperature for b in (bundle, other)]
    assert temperatures[1] > 2 * temperatures[0]
    assert "training images, using cross-validation" in (other.directory / "CARD.md").read_text()
    shutil.copytree(other.directory, tmp_path / "twin", ignore=shutil.ignore_patterns("run"))
    ensemble = ModelBundle(
        assemble(["tiny", "twin"], manifest, tmp_path, cross_validated=cross_validated)
    )
    assert ensemble.card.calibration.images == other.card.calibration.images
    assert ensemble.card.calibration.temperature == pytest.approx(1, abs=0.02)
    versions = {bundle.version, other.version, ensemble.version}
    assert len(versions) == 3


def test_ensemble_of_two_copies_of_a_model_predicts_the_same_as_the_model(
    bundle: ModelBundle, manifest: Path, tmp_path: Path
) -> None:
    for name in ("tiny", "twin"):
        shutil.copytree(bundle.directory, tmp_path / name, ignore=shutil.ignore_patterns("run"))
        card = json.loads((tmp_path / name / "card.json").read_text("utf-8"))
        (tmp_path / name / "card.json").write_text(json.dumps(card | {"name": name}), "utf-8")
    ensemble = ModelBundle(assemble(["tiny", "twin"], manifest, tmp_path))
    assert [member.name for member in ensemble.members] == ["tiny", "twin"]
    alike = [b.card.metrics["test"].confusion for b in (bundle, ensemble)]
    assert alike[0] == alike[1]
    pixels = np.asarray(Image.radial_gradient("L").convert("RGB"))
    alone, together = (Classifier(b, "f32").classify(pixels) for b in (bundle, ensemble))
    assert list(together.probabilities.values()) == pytest.approx(
        list(alone.probabilities.values()), abs=0.02
    )
    page = (ensemble.directory / "CARD.md").read_text("utf-8")
    assert re.search(r"calibration: tiny \d\.\d\d, twin \d\.\d\d\.", page)


@pytest.mark.filterwarnings(  # an interruption leaves Keras's log file open
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_resumed_run_returns_the_same_model_as_an_uninterrupted_one(
    bundle: ModelBundle,
    manifest: Path,
    tiny_weights: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start_epoch = AugmentedImages.start_epoch

    def stop_at_second(self: AugmentedImages, epoch: int) -> None:
        if epoch == 2:
            raise KeyboardInterrupt
        start_epoch(self, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(AugmentedImages, "start_epoch", stop_at_second)
        with pytest.raises(KeyboardInterrupt):
            train("tiny", manifest, tiny_weights, tmp_path, RECIPE)
    epochs: list[int] = []

    def note(self: AugmentedImages, epoch: int) -> None:
        epochs.append(epoch)
        start_epoch(self, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(AugmentedImages, "start_epoch", note)
        resumed = ModelBundle(train("tiny", manifest, tiny_weights, tmp_path, RECIPE))
    assert set(epochs) == {2}  # only the interrupted epoch was repeated
    pixels = np.asarray(Image.radial_gradient("L").convert("RGB"))
    once, twice = (Classifier(b, "f32").classify(pixels).probabilities for b in (bundle, resumed))
    assert list(once.values()) == pytest.approx(list(twice.values()), abs=2e-3)


def test_checkpoints_of_another_recipe_are_refused(
    bundle: ModelBundle, manifest: Path, tiny_weights: str
) -> None:
    with pytest.raises(DatasetError, match="The recipe or the images of the run in"):
        train("tiny", manifest, tiny_weights, bundle.directory.parent, Recipe(seed=2))


def test_error_message_for_an_unknown_backbone_lists_the_backbones(
    manifest: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelNotFoundError, match=r"'alexnet'.*efficientnet"):
        train("alexnet", manifest, "imagenet", tmp_path)
