"""Bundles: lookup in ``DEEPSKY_MODELS``, and errors for damaged or missing files."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from deepsky.classifier import load_classifier
from deepsky.errors import ModelCorruptError
from deepsky.models import available_models, find_bundle
from deepsky.models.novelty import NoveltyReference


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


def record_hash_of_novelty_reference(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text("utf-8"))
    content = (folder / "novelty.npz").read_bytes()
    card["novelty"]["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / "card.json").write_text(json.dumps(card), "utf-8")


def test_altered_novelty_reference_is_refused(user_model: Path) -> None:
    record_hash_of_novelty_reference(user_model)
    load_classifier("mine")
    NoveltyReference(
        means=np.ones((3, 3), np.float32),
        whitening=np.eye(3, dtype=np.float32),
        distances=np.linspace(0, 9, 201, dtype=np.float32),
    ).save(user_model / "novelty.npz")

    with pytest.raises(ModelCorruptError, match=r"novelty\.npz does not match the model card"):
        load_classifier("mine")


@pytest.mark.parametrize("length", [0, 10, 500, -1])
def test_truncated_novelty_reference_is_refused(user_model: Path, length: int) -> None:
    path = user_model / "novelty.npz"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ModelCorruptError, match=r"novelty\.npz is damaged: .*Install"):
        load_classifier("mine")


def test_novelty_reference_of_another_network_is_refused(user_model: Path) -> None:
    NoveltyReference(
        means=np.ones((3, 5), np.float32),
        whitening=np.eye(5, dtype=np.float32),
        distances=np.linspace(0, 9, 201, dtype=np.float32),
    ).save(user_model / "novelty.npz")
    with pytest.raises(ModelCorruptError, match="does not fit its network"):
        load_classifier("mine")


def test_shipped_cards_have_the_hash_of_the_novelty_reference() -> None:
    for name in available_models():
        facts = find_bundle(name).card.novelty
        assert (facts.sha256 is None) == (facts.file is None)
        if facts.file is not None:
            find_bundle(name).read_novelty_reference()


def test_name_of_a_model_is_the_name_of_its_folder(user_model: Path) -> None:
    assert json.loads((user_model / "card.json").read_text("utf-8"))["name"] == "efficientnet"
    assert find_bundle("mine").name == find_bundle("mine").card.name == "mine"


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
