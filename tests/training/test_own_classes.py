"""Test training on a folder with classes of its own, and continuing the training of a model."""

import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from deepsky.classifier import Classifier
from deepsky.dataset.dataset import read_dataset
from deepsky.errors import DatasetError
from deepsky.models.bundle import ModelBundle
from deepsky.models.registry import find_bundle
from deepsky.training.backbones import BACKBONES, Backbone, find_backbone
from deepsky.training.copies import copy_images
from deepsky.training.duration import estimate_seconds
from deepsky.training.initial_weights import WEIGHTS, InitialModel, find_initial_model
from deepsky.training.network import attach_head
from deepsky.training.pipeline import train
from deepsky.training.recipe import Recipe, with_enough_head_epochs

COLOURS = {"comet": (40, 60, 230), "eclipse": (230, 60, 40)}
RECIPE = Recipe(head_epochs=30, epochs=1, batch_size=8, input_size=64, without=("stars",))


@pytest.fixture(autouse=True)
def known_backbone(tiny_backbone: Backbone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKBONES, "tiny", tiny_backbone)
    monkeypatch.setattr("deepsky.evaluation.out_of_distribution.IMAGES_PER_KIND", 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen images of each class, some of them large or in an unusual format."""
    folder = tmp_path_factory.mktemp("images")
    rng = np.random.default_rng(1)
    for label, colour in COLOURS.items():
        (folder / label).mkdir()
        for number in range(14):
            cells = rng.normal(0, 40, (8, 8, 3)) + colour
            image = Image.fromarray(cells.clip(0, 255).astype(np.uint8))
            suffix = ("png", "jpg", "webp")[number % 3]
            image.resize((80, 64)).save(folder / label / f"{number}.{suffix}")
    return folder


@pytest.fixture(scope="module")
def bundle(
    folder: Path,
    tiny_backbone: Backbone,
    tiny_weights: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> ModelBundle:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BACKBONES, "tiny", tiny_backbone)
        patch.setattr("deepsky.evaluation.out_of_distribution.IMAGES_PER_KIND", 1)
        output = tmp_path_factory.mktemp("runs")
        weights = output / "initial.weights.h5"
        attach_head(tiny_backbone.build(tiny_weights), 2).save_weights(weights)
        initial = InitialModel("earlier", "1.0", "0" * 64, ("aurora", "comet"), weights)
        return ModelBundle(
            train("tiny", folder, "none", output, RECIPE, name="own", initial=initial)
        )


def test_model_has_the_classes_of_the_folder(bundle: ModelBundle, folder: Path) -> None:
    card = bundle.card
    assert (card.labels, bundle.name, card.title) == (("comet", "eclipse"), "own", "own")
    assert card.training is not None
    recipe = card.training.recipe
    assert (recipe.backbone, recipe.input_size, recipe.without) == ("tiny", 64, ("stars",))
    assert recipe.continued_from == "earlier 1.0"
    assert card.input is not None
    assert sorted(card.input.loss_by_size) == [64, 96, 128, 160]
    assert np.array(card.metrics["test"].confusion).shape == (2, 2)
    text = (bundle.directory / "CARD.md").read_text("utf-8")
    assert "This model classifies images as comet or eclipse." in text
    assert "The initial weights are those of the model earlier 1.0." in text
    classifier = Classifier(bundle)
    for label in COLOURS:
        with Image.open(folder / label / "0.png") as image:
            assert classifier.classify(image.convert("RGB")).label == label


def test_curves_are_logged_for_tensorboard(bundle: ModelBundle) -> None:
    logs = list((bundle.directory / "run" / "tensorboard").rglob("events.out.tfevents.*"))
    assert {path.relative_to(bundle.directory / "run").parts[1] for path in logs} == {
        "head", "fine-tuning",
    }  # fmt: skip


def test_training_continues_with_the_weights_of_a_model(
    bundle: ModelBundle, tiny_backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_MODELS", str(bundle.directory.parent))
    initial = find_initial_model("own", tiny_backbone)
    labels = ("aurora", "comet", "eclipse")
    network = attach_head(tiny_backbone.build(None), len(labels))
    initial.copy_weights(network, tiny_backbone, labels)
    source = attach_head(tiny_backbone.build(None), 2)
    source.load_weights(bundle.directory / "keras.weights.h5")

    images = np.random.default_rng(0).uniform(0, 255, (3, 64, 64, 3)).astype(np.float32)
    np.testing.assert_allclose(
        network.predict_on_batch(images)[:, 1:], source.predict_on_batch(images), rtol=1e-5
    )


def test_run_with_other_initial_weights_is_refused(bundle: ModelBundle, folder: Path) -> None:
    with pytest.raises(DatasetError, match="differ from the current"):
        train("tiny", folder, "none", bundle.directory.parent, RECIPE, name="own")


def test_model_without_weights_cannot_be_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain"
    unneeded = shutil.ignore_patterns("run", WEIGHTS)
    shutil.copytree(find_bundle("efficientnet").directory, plain, ignore=unneeded)
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    with pytest.raises(
        DatasetError, match=r"has no Keras weights .*: efficientnet, resnet50, vgg16\."
    ):
        find_initial_model("plain", find_backbone("efficientnet"))


def test_model_with_another_backbone_cannot_be_continued(tiny_backbone: Backbone) -> None:
    with pytest.raises(DatasetError, match="Run: deepsky train vgg16 --from vgg16"):
        find_initial_model("vgg16", tiny_backbone)


def test_unusual_and_large_images_are_copied_for_training(folder: Path, tmp_path: Path) -> None:
    large = tmp_path / "large" / "comet" / "wide.png"
    large.parent.mkdir(parents=True)
    Image.effect_noise((2600, 400), 50).save(large)
    examples = [e for e in read_dataset(folder).examples if e.path.stem in ("0", "2")]
    copies = copy_images([*examples, replace(examples[0], path=large)], tmp_path / "copies")

    used = {e.path.suffix: c.path.suffix for e, c in zip(examples, copies[:-1], strict=True)}
    assert used == {".png": ".png", ".webp": ".jpg"}
    with Image.open(copies[-1].path) as copy:
        assert max(copy.size) == 1280
    assert copy_images(examples, tmp_path / "copies") == copies[:-1]


def test_small_datasets_train_the_head_for_more_epochs() -> None:
    assert with_enough_head_epochs(Recipe(head_epochs=12, batch_size=32), 5000).head_epochs == 12
    assert with_enough_head_epochs(Recipe(head_epochs=12, batch_size=32), 100).head_epochs == 75


@pytest.mark.slow
def test_duration_is_measured(tiny_backbone: Backbone) -> None:
    keras.backend.clear_session()
    short, long = (
        estimate_seconds(tiny_backbone, replace(RECIPE, epochs=n), 10_000, 100, 2) for n in (0, 50)
    )
    assert 60 < short < long
