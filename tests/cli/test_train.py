"""Tests for ``deepsky train``."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from deepsky.training import fitting, pipeline
from deepsky.training.backbones import find_backbone
from deepsky.training.recipe import recipe_for

Run = Callable[..., Result]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.csv"
    path.write_text("file,label\nm1.jpg,nebula\n")
    return path


@pytest.fixture
def arguments(manifest: Path) -> list[str]:
    return ["train", "efficientnet", "--data", str(manifest), "--backbone-weights", "imagenet"]


def test_options_are_passed_to_the_training(
    run: Run, arguments: list[str], manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[object] = []

    def train(*given: object) -> Path:
        received.extend(given)
        return Path("made")

    monkeypatch.setattr(pipeline, "train", train)
    answers = manifest.parent
    options = ["--output", "folder", "--seed", "7", "--version", "1.5.0"]
    result = run(*arguments, *options, "--cross-validated", str(answers))

    recipe = recipe_for(find_backbone("efficientnet"), seed=7)
    assert received[:5] == ["efficientnet", manifest, "imagenet", Path("folder"), recipe]
    assert received[5:] == [None, answers, "1.5.0"]
    assert "made" in result.stdout


def test_invalid_manifest_is_reported(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert "lacks the columns group, path, phash" in result.stderr


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
