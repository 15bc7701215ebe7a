"""Fixtures for testing commands with the tiny model."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deepsky.cli import app
from tests.plain_image import plain_image

Run = Callable[..., Result]


@pytest.fixture
def run(tiny_models: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process, with the tiny model installed."""
    monkeypatch.setenv("DEEPSKY_MODELS", str(tiny_models))
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Yellow image, which the tiny model classifies as a galaxy."""
    path = tmp_path / "yellow.png"
    plain_image("RGB", (96, 64), (255, 230, 0)).save(path)
    return path
