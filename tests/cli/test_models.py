"""Tests for ``deepsky models``."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import Result

from deepsky.taxonomy import LABELS

Run = Callable[..., Result]


def test_list_shows_the_macro_f1_of_each_model(run: Run) -> None:
    result = run("models")
    [row] = [line for line in result.stdout.splitlines() if "efficientnet" in line]

    assert result.exit_code == 0
    assert "0.900 (0.850 to 0.940)" in row
    assert "100, new objects" in row


def test_list_prefers_the_figure_for_new_sources(
    run: Run, tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree(tiny_models / "efficientnet", tmp_path / "efficientnet")
    path = tmp_path / "efficientnet" / "card.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    macro_f1 = {"value": 0.8, "low": 0.7, "high": 0.85}
    card["metrics"]["source_test"] = card["metrics"]["test"] | {"macro_f1": macro_f1, "images": 60}
    path.write_text(json.dumps(card), encoding="utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))

    [row] = [line for line in run("models").stdout.splitlines() if "efficientnet" in line]
    assert "0.800 (0.700 to 0.850)" in row
    assert "60, new sources" in row


def test_list_shows_the_names_of_the_folders(
    run: Run, tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree(tiny_models / "efficientnet", tmp_path / "mine")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))

    assert "mine" in [line.split()[0] for line in run("models").stdout.splitlines() if line.strip()]


def test_json_list_contains_the_cards(run: Run, tiny_models: Path) -> None:
    card = json.loads((tiny_models / "efficientnet" / "card.json").read_text(encoding="utf-8"))

    assert card in json.loads(run("models", "--format", "json").stdout)


def test_card_of_a_model_is_printed(run: Run, tiny_models: Path) -> None:
    folder = tiny_models / "efficientnet"
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert json.loads(run("models", "efficientnet").stdout) == card

    (folder / "CARD.md").write_text("# A card to read\n", encoding="utf-8")
    try:
        assert "# A card to read" in run("models", "efficientnet").stdout
        assert json.loads(run("models", "efficientnet", "--format", "json").stdout) == card
    finally:
        (folder / "CARD.md").unlink()


@pytest.mark.parametrize(
    ("card", "reason"), [("{", "Invalid JSON"), ('{"labels": %s}', "metrics: Field required")]
)
def test_damaged_card_is_reported_and_other_models_are_listed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: str, reason: str
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card.json").write_text(card.replace("%s", json.dumps(LABELS)), "utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))

    text, cards = run("models"), run("models", "--format", "json")

    assert (text.exit_code, cards.exit_code) == (1, 1)
    assert "efficientnet" in text.stdout
    assert json.loads(cards.stdout)[0]["labels"] == list(LABELS)
    assert f"{tmp_path / 'mine'}" in text.stderr
    assert reason in text.stderr


def test_unknown_model_is_usage_error(run: Run) -> None:
    result = run("models", "vgg99")

    assert result.exit_code == 2
    assert "efficientnet" in result.stderr
