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


def test_it_hands_on_what_was_asked(
    run: Run, arguments: list[str], manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def train(*given: object) -> Path:
        asked.extend(given)
        return Path("made")

    monkeypatch.setattr(pipeline, "train", train)
    answers = manifest.parent
    result = run(*arguments, "--output", "folder", "--seed", "7", "--cross-validated", str(answers))

    recipe = recipe_for(find_backbone("efficientnet"), seed=7)
    assert asked == ["efficientnet", manifest, "imagenet", Path("folder"), recipe, None, answers]
    assert "made" in result.stdout


def test_what_is_wrong_with_the_manifest_is_said(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert "lacks the columns group, path, phash" in result.stderr


def test_an_unknown_network_is_named_with_those_there_are(run: Run, arguments: list[str]) -> None:
    result = run("train", "alexnet", *arguments[2:])

    assert result.exit_code == 2
    assert "'alexnet' to train. Choose one of: efficientnet, " in result.stderr
    assert "ensemble" in result.stderr


def test_without_keras_it_says_what_to_install(
    run: Run, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (fitting, pipeline):
        monkeypatch.delitem(sys.modules, module.__name__)
    monkeypatch.setitem(sys.modules, "keras", None)
    result = run(*arguments)

    assert result.exit_code == 1
    assert "needs keras" in result.stderr
    assert "pip install 'deepsky[train]'" in result.stderr


def test_a_manifest_that_is_not_there(run: Run, arguments: list[str], manifest: Path) -> None:
    manifest.unlink()

    assert run(*arguments).exit_code == 2
