import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from deepsky.errors import DatasetError

Run = Callable[..., Result]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.csv"
    path.write_text("file,label\n")
    return path


@pytest.fixture
def arguments(manifest: Path) -> list[str]:
    return ["train", "efficientnet", "--data", str(manifest), "--backbone-weights", "imagenet"]


@pytest.fixture
def trained_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Path]], None]:
    """Puts something quick in the place of the training, which needs Keras and hours."""

    def install(train: Callable[..., Path]) -> None:
        training = types.ModuleType("deepsky.training")
        monkeypatch.setattr(training, "train", train, raising=False)
        monkeypatch.setitem(sys.modules, "deepsky.training", training)

    return install


def test_it_hands_on_what_was_asked(
    run: Run,
    arguments: list[str],
    manifest: Path,
    trained_by: Callable[[Callable[..., Path]], None],
) -> None:
    asked: list[object] = []

    def train(*given: object) -> Path:
        asked.extend(given)
        return Path("made")

    trained_by(train)
    result = run(*arguments, "--output", "folder", "--seed", "7")

    assert asked == ["efficientnet", manifest, "imagenet", Path("folder"), 7]
    assert "made" in result.stdout


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (ModuleNotFoundError("No module", name="keras"), 1, "pip install 'deepsky[train]'"),
        (DatasetError("the manifest lacks labels"), 2, "the manifest lacks labels"),
    ],
)
def test_what_is_missing_is_said(
    run: Run,
    arguments: list[str],
    trained_by: Callable[[Callable[..., Path]], None],
    error: Exception,
    status: int,
    reason: str,
) -> None:
    def train(*_: object) -> Path:
        raise error

    trained_by(train)
    result = run(*arguments)

    assert result.exit_code == status
    assert reason in result.stderr


def test_a_manifest_that_is_not_there(run: Run, arguments: list[str], manifest: Path) -> None:
    manifest.unlink()

    assert run(*arguments).exit_code == 2
