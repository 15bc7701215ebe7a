"""Bundles: lookup in ``DEEPSKY_MODELS``, and errors for damaged or missing files."""

import json
import shutil
from pathlib import Path

import pytest

from deepsky.classifier import load_classifier
from deepsky.errors import ModelCorruptError
from deepsky.models import available_models, find_bundle


@pytest.fixture
def user_model(tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a copy of the tiny model as ``mine``, and return its folder."""
    shutil.copytree(tiny_models / "efficientnet", tmp_path / "mine")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    return tmp_path / "mine"


def test_user_model_is_available(user_model: Path) -> None:
    assert "mine" in available_models()
    assert find_bundle("mine").directory == user_model


def test_missing_models_folder_is_an_error(
    user_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_MODELS", str(user_model / "nowhere"))

    for use in (available_models, lambda: find_bundle("efficientnet")):
        with pytest.raises(ModelCorruptError, match=r"DEEPSKY_MODELS is .*nowhere, which is not"):
            use()


def test_altered_network_is_refused(user_model: Path) -> None:
    network = user_model / "network.onnx"
    network.write_bytes(network.read_bytes()[:-1] + b"\0")
    with pytest.raises(ModelCorruptError, match="does not match the model card"):
        load_classifier("mine")


def test_missing_network_is_an_error(user_model: Path) -> None:
    (user_model / "network.onnx").unlink()
    with pytest.raises(ModelCorruptError, match="cannot be read"):
        load_classifier("mine")


def test_damaged_card_is_an_error(user_model: Path) -> None:
    (user_model / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelCorruptError, match="card"):
        load_classifier("mine")


def test_card_with_labels_in_another_order_is_refused(user_model: Path) -> None:
    card = json.loads((user_model / "card.json").read_text(encoding="utf-8"))
    card["labels"] = sorted(card["labels"], reverse=True)
    (user_model / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(
        ModelCorruptError, match=r"labels: .*must be galaxy, nebula, star_cluster, other"
    ):
        load_classifier("mine")
