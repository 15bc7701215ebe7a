"""Tests for ``deepsky train``."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import Result

from deepsky.dataset.manifest import read_manifest
from deepsky.training import duration, fitting, pipeline
from deepsky.training.augmentation import STEPS
from deepsky.training.backbones import find_backbone
from deepsky.training.recipe import recipe_for
from tests.conftest import write_tiny_bundle

Run = Callable[..., Result]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.csv"
    path.write_text("file,label\nm1.jpg,nebula\n")
    return path


@pytest.fixture
def arguments(manifest: Path) -> list[str]:
    return ["train", "efficientnet", "--data", str(manifest), "--backbone-weights", "imagenet"]


@dataclass
class Received:
    """Arguments that the training received."""

    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def received(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Received:
    """Replace the training by a function that only stores its arguments."""
    stored = Received()
    write_tiny_bundle(tmp_path / "made")

    def train(*positional: Any, **named: Any) -> Path:
        stored.positional, stored.named = positional, named
        return tmp_path / "made"

    monkeypatch.setattr(pipeline, "train", train)
    return stored


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Thirty images in each of two classes."""
    rng = np.random.default_rng(0)
    for label in ("comet", "eclipse"):
        (tmp_path / "images" / label).mkdir(parents=True)
        for number in range(30):
            pixels = rng.integers(0, 255, (32, 32), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "images" / label / f"{number}.png")
    return tmp_path / "images"


def test_shipped_recipe_is_the_default(run: Run, images: Path, received: Received) -> None:
    options = ["--output", "folder", "--seed", "7", "--version", "1.5.0", "--name", "mine"]
    result = run("train", "efficientnet", "--data", images, *options, "--cross-validated", images)

    assert result.exit_code == 0
    model, dataset, weights, output, recipe = received.positional
    assert (model, weights, output) == ("efficientnet", "imagenet", Path("folder"))
    assert len(dataset.examples) == 60
    shipped = recipe_for(find_backbone("efficientnet"), seed=7)
    assert replace(recipe, head_epochs=shipped.head_epochs) == shipped
    assert received.named == {
        "cross_validated": images, "version": "1.5.0", "name": "mine", "initial": None,
    }  # fmt: skip
    assert "DEEPSKY_MODELS=folder deepsky classify --model made" in result.stdout


def test_options_change_the_recipe(run: Run, images: Path, received: Received) -> None:
    options = ["--epochs", "3", "--input-size", "160", "--batch-size", "8", "--unfreeze", "2"]
    steps = ["--augmentation", "rotate,crop", "--repeat-rare"]
    assert run("train", "vgg16", "--data", images, *options, *steps).exit_code == 0

    recipe = received.positional[4]
    assert (recipe.epochs, recipe.input_size, recipe.batch_size) == (3, 160, 8)
    assert recipe.frozen_stages == len(find_backbone("vgg16").stages) - 2
    assert set(recipe.without) == {*STEPS} - {"rotate", "crop"}
    assert recipe.repeat_rare
    assert run("train", "vgg16", "--data", images, "--unfreeze", "0").exit_code == 0
    assert received.positional[4].epochs == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--unfreeze", "9"], "EfficientNet-B0 has 7 stages"),
        (["--augmentation", "flip"], "unknown step 'flip'"),
        (["--from", "nothing"], "No model 'nothing' is installed"),
        (["--from", "vgg16"], "Run: deepsky train vgg16 --from vgg16"),
        (["--batch-size", "64"], "Too few images for the training split"),
        (["--name", "../x"], "up to 64 letters"),
        (["--initial-share", "0.5"], "choose the model to average with --from"),
    ],
)
def test_impossible_options_are_usage_errors(
    run: Run, images: Path, received: Received, options: list[str], message: str
) -> None:
    result = run("train", "efficientnet", "--data", images, *options)

    assert (result.exit_code, received.positional) == (2, ())
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_dry_run_shows_splits_and_time(
    run: Run, images: Path, received: Received, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duration, "estimate_seconds", lambda *_: 240.0)
    saved = tmp_path / "saved.csv"
    arguments = ("train", "efficientnet", "--data", images, "--dry-run", "--save-manifest", saved)
    result = run(*arguments)

    assert (result.exit_code, received.positional) == (0, ())
    assert "about 4 min" in result.stdout
    [row] = [line.split() for line in result.stdout.splitlines() if "comet" in line]
    assert int(row[1]) == sum(map(int, row[2:5])) == 30
    assert len(read_manifest(saved, images)) == 60
    assert "saved.csv cannot be written: File exists" in run(*arguments).stderr


@pytest.mark.parametrize(
    ("count", "message"),
    [(0, "eclipse contains no images"), (2, "Too few images for the")],
)
def test_too_few_images_are_reported(run: Run, images: Path, count: int, message: str) -> None:
    for path in sorted((images / "eclipse").iterdir())[count:]:
        path.unlink()
    result = run("train", "efficientnet", "--data", images, "--batch-size", "8")

    assert result.exit_code == 2
    assert message in result.stderr


def test_invalid_manifest_is_reported(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert "lacks the columns path" in result.stderr


def test_message_for_unknown_model_lists_known_models(run: Run, arguments: list[str]) -> None:
    result = run("train", "alexnet", *arguments[2:])

    assert result.exit_code == 2
    assert "unknown model 'alexnet'. Choose one of: efficientnet, " in result.stderr
    assert "ensemble" in result.stderr


def test_message_for_missing_keras_names_the_extra(
    run: Run, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (fitting, pipeline):
        monkeypatch.delitem(sys.modules, module.__name__)
    monkeypatch.setitem(sys.modules, "keras", None)
    result = run(*arguments)

    assert result.exit_code == 1
    assert "needs keras" in result.stderr
    assert "pip install 'deepsky[train]'" in result.stderr


def test_missing_manifest_is_usage_error(run: Run, arguments: list[str], manifest: Path) -> None:
    manifest.unlink()

    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("version", ["", "a b", "-1", "1" * 65])
def test_invalid_version_is_usage_error(run: Run, arguments: list[str], version: str) -> None:
    result = run(*arguments, "--version", version)

    assert result.exit_code == 2
    assert "up to 64 letters" in result.stderr
