"""Bundles: found where they should be, refused when altered."""

import json
import shutil
from pathlib import Path

import pytest

from deepsky.classifier import load_classifier
from deepsky.errors import ModelCorruptError
from deepsky.models import available_models, find_bundle


@pytest.fixture
def own(tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny model, named ``mine``, that may be damaged."""
    shutil.copytree(tiny_models / "efficientnet", tmp_path / "mine")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    return tmp_path / "mine"


def test_ones_own_models_stand_beside_the_shipped(own: Path) -> None:
    assert "mine" in available_models()
    assert find_bundle("mine").directory == own


def test_a_folder_of_models_that_is_not_there_is_said(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_MODELS", str(own / "nowhere"))

    for use in (available_models, lambda: find_bundle("efficientnet")):
        with pytest.raises(ModelCorruptError, match=r"DEEPSKY_MODELS is .*nowhere, which is not"):
            use()


def test_an_altered_network_is_refused(own: Path) -> None:
    network = own / "network.onnx"
    network.write_bytes(network.read_bytes()[:-1] + b"\0")
    with pytest.raises(ModelCorruptError, match="does not match its card"):
        load_classifier("mine")


def test_a_missing_network_is_said(own: Path) -> None:
    (own / "network.onnx").unlink()
    with pytest.raises(ModelCorruptError, match="cannot be read"):
        load_classifier("mine")


def test_a_damaged_card_is_said(own: Path) -> None:
    (own / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelCorruptError, match="card"):
        load_classifier("mine")


def test_a_model_with_its_classes_in_another_order_is_refused(own: Path) -> None:
    card = json.loads((own / "card.json").read_text(encoding="utf-8"))
    card["labels"] = sorted(card["labels"], reverse=True)
    (own / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(
        ModelCorruptError, match=r"labels: .*must be galaxy, nebula, star_cluster, other"
    ):
        load_classifier("mine")
