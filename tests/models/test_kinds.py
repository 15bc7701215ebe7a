"""Kinds of objects that are predicted from embeddings."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from deepsky.classifier import Classifier
from deepsky.errors import ModelCorruptError
from deepsky.intervals import wilson_interval
from deepsky.models.bundle import ModelBundle
from deepsky.models.card import KindFacts, KindPrecision, Kinds
from deepsky.models.kinds import KindHead, LinearHead
from tests.conftest import COLOURS, write_tiny_bundle

NONE = KindPrecision(images=wilson_interval(0, 0), fields=wilson_interval(0, 0))


def describe(threshold: float | None) -> KindFacts:
    return KindFacts(
        images=40, fields=35, threshold=threshold, validation=NONE, test=NONE, source_test=NONE,
        recognized=wilson_interval(0, 0),
    )  # fmt: skip


def write_kinds(folder: Path, threshold: float | None = 0.8) -> None:
    """Let the tiny model assert that yellow galaxies are spiral galaxies."""
    weights = np.array([[20, 0], [0, 0], [0, 0]], dtype=np.float32)
    head = KindHead({"galaxy": LinearHead(weights, np.zeros(2, dtype=np.float32))}, {})
    head.save(folder / "kinds.npz")
    digest = hashlib.sha256((folder / "kinds.npz").read_bytes()).hexdigest()
    kinds = {"spiral galaxy": describe(threshold), "elliptical galaxy": describe(0.5)}
    facts = Kinds(file="kinds.npz", sha256=digest, by_label={"galaxy": kinds})
    card = ModelBundle(folder).card.model_copy(update={"kinds": facts})
    card.write(folder / "card.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tiny_bundle(tmp_path / "tiny")
    return tmp_path / "tiny"


def picture(label: str) -> np.ndarray:
    return np.full((64, 64, 3), COLOURS[label], dtype=np.uint8)


def test_kind_is_predicted_with_the_probability_of_the_label(folder: Path) -> None:
    write_kinds(folder)
    prediction = Classifier(ModelBundle(folder)).classify(picture("galaxy"))

    assert prediction.label == "galaxy"
    assert prediction.subtype
    assert (prediction.subtype.name, prediction.subtype.source) == ("spiral galaxy", "network")
    assert prediction.subtype.probability == pytest.approx(
        prediction.probabilities["galaxy"], abs=1e-6
    )


def test_label_without_kinds_has_no_kind(folder: Path) -> None:
    write_kinds(folder)
    assert Classifier(ModelBundle(folder)).classify(picture("nebula")).subtype is None


@pytest.mark.parametrize("threshold", [None, 0.9999])
def test_kind_that_is_not_sure_enough_is_not_asserted(
    folder: Path, threshold: float | None
) -> None:
    write_kinds(folder, threshold)
    assert Classifier(ModelBundle(folder)).classify(picture("galaxy")).subtype is None


def test_model_without_kinds_asserts_none(folder: Path) -> None:
    assert Classifier(ModelBundle(folder)).classify(picture("galaxy")).subtype is None


def test_altered_head_is_refused(folder: Path) -> None:
    write_kinds(folder)
    path = folder / "kinds.npz"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ModelCorruptError, match=r"kinds\.npz does not match the model card"):
        Classifier(ModelBundle(folder))


def test_head_that_does_not_fit_the_card_is_refused(folder: Path) -> None:
    write_kinds(folder)
    card = json.loads((folder / "card.json").read_text())
    del card["kinds"]["by_label"]["galaxy"]["elliptical galaxy"]
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelCorruptError, match=r"kinds\.npz is damaged: .*wrong shapes"):
        Classifier(ModelBundle(folder))


def test_head_of_another_network_is_refused(folder: Path) -> None:
    write_kinds(folder)
    head = LinearHead(np.zeros((5, 2), dtype=np.float32), np.zeros(2, dtype=np.float32))
    KindHead({"galaxy": head}, {}).save(folder / "kinds.npz")
    card = json.loads((folder / "card.json").read_text())
    card["kinds"]["sha256"] = hashlib.sha256((folder / "kinds.npz").read_bytes()).hexdigest()
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelCorruptError, match=r"head for kinds .* does not fit its network"):
        Classifier(ModelBundle(folder))


def test_shipped_model_asserts_only_kinds_that_it_recognizes_reliably() -> None:
    from deepsky.models.registry import find_bundle

    facts = find_bundle("efficientnet").card.kinds
    assert facts
    for kinds in facts.by_label.values():
        for one in kinds.values():
            if one.threshold is not None:
                tested = one.test.images.images + one.source_test.images.images
                correct = one.test.images.count + one.source_test.images.count
                assert one.fields >= 30
                assert correct >= 0.9 * tested > 0
