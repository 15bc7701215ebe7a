"""Ensembles: combined logits, evidence and novelty."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deepsky.classifier import (
    classify_prepared,
    classify_with_each,
    load_classifier,
    load_classifiers,
)
from deepsky.errors import ModelCorruptError
from deepsky.models import ModelBundle
from deepsky.models.calibration import softmax
from deepsky.models.member import Member, Scores, combine
from deepsky.models.preparation import prepare
from deepsky.taxonomy import LABELS

SCALES = {"efficientnet": 0.25, "larger": 0.125}


@pytest.fixture
def models(tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the tiny model, a copy with twice the input size, and an ensemble of the two."""
    for name in SCALES:
        shutil.copytree(tiny_models / "efficientnet", tmp_path / name)
    change(tmp_path / "larger", name="larger", input={"size": 128})
    shutil.copytree(tiny_models / "efficientnet", tmp_path / "ensemble")
    for name in ("network.onnx", "novelty.npz"):
        (tmp_path / "ensemble" / name).unlink()
    change(
        tmp_path / "ensemble",
        name="ensemble",
        members=[
            {"name": name, "sha256": ModelBundle(tmp_path / name).sha256, "scale": scale}
            for name, scale in SCALES.items()
        ],
        calibration={
            "temperature": 0.5,
            "coverage": 0.95,
            "thresholds": dict.fromkeys(LABELS, 0.2),
            "images": {"validation": 0, "cross_validated": 0},
        },
        novelty={"threshold": 0.97},
    )
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    return tmp_path


def change(folder: Path, **entries: Any) -> None:
    card = json.loads((folder / "card.json").read_text("utf-8")) | entries
    (folder / "card.json").write_text(json.dumps(card), "utf-8")


@pytest.mark.usefixtures("models")
def test_ensemble_calibrates_the_sum_of_scaled_logits() -> None:
    pixels = np.full((90, 120, 3), (255, 60, 0), dtype=np.uint8)
    alone = {name: load_classifier(name).classify(pixels) for name in SCALES}
    # Both members have the temperature 2.0.
    logits = sum(
        scale * 2.0 * np.log(list(alone[name].probabilities.values()))
        for name, scale in SCALES.items()
    )
    together = load_classifier("ensemble").classify(pixels)
    expected = softmax(np.asarray(logits) / 0.5)
    assert list(together.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-3)
    assert together.model == "ensemble"


@pytest.mark.usefixtures("models")
def test_evidence_map_has_the_size_of_the_largest_map_of_a_member() -> None:
    pixels = np.zeros((128, 128, 3), dtype=np.uint8)
    pixels[96:, :32] = (0, 0, 255)
    evidence = load_classifier("ensemble").classify(pixels).evidence[LABELS.index("star_cluster")]
    assert evidence.shape == (8, 8)
    row, column = np.unravel_index(evidence.argmax(), evidence.shape)
    assert row >= 6
    assert column <= 1


def test_mean_of_combined_evidence_is_the_combined_logit() -> None:
    rng = np.random.default_rng(0)
    maps = [rng.normal(0, 1, (2, 4, side, side)).astype(np.float32) for side in (7, 10)]
    parts = [Scores(one.mean(axis=(2, 3)), one, rng.random(2)) for one in maps]
    together = combine(parts, [0.5, 0.3])
    assert together.evidence.shape == (2, 4, 10, 10)
    assert np.allclose(together.evidence.mean(axis=(2, 3)), together.logits, atol=1e-5)
    assert together.novelty == pytest.approx(np.mean([p.novelty for p in parts], axis=0))


@pytest.mark.usefixtures("models")
def test_classifiers_share_network_runs_without_changing_predictions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: Counter[Member] = Counter()
    score = Member.score

    def counted(self: Member, images: Any) -> Scores:
        runs[self] += len(images)
        return score(self, images)

    rng = np.random.default_rng(2)
    images = [
        prepare(rng.integers(0, 256, (90, 120, 3), dtype=np.uint8), (64, 128)) for _ in range(20)
    ]
    names = ["ensemble", *SCALES]
    alone = [classify_prepared(load_classifier(name), images) for name in names]
    monkeypatch.setattr(Member, "score", counted)

    together = classify_with_each(load_classifiers(names), images)

    nothing = np.empty(0, dtype=np.float32)
    for timed, expected in zip(together, alone, strict=True):
        for ours, theirs in zip(timed.predictions, expected, strict=True):
            assert replace(ours, evidence=nothing) == replace(theirs, evidence=nothing)
            assert np.array_equal(ours.evidence, theirs.evidence)
    assert list(runs.values()) == [len(images)] * len(SCALES)
    ensemble, *members = (timed.seconds for timed in together)
    assert ensemble > 0
    assert min(members) > 0
    assert [timed.predictions for timed in classify_with_each(load_classifiers(names), [])] == [
        []
    ] * 3


def test_changed_member_is_refused(models: Path) -> None:
    card = json.loads((models / "larger" / "card.json").read_text("utf-8"))
    card["network"]["sha256"] = "0" * 64
    (models / "larger" / "card.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(
        ModelCorruptError, match="not built with the installed version of the model larger"
    ):
        load_classifier("ensemble")


def test_missing_member_is_an_error(models: Path) -> None:
    shutil.rmtree(models / "larger")
    with pytest.raises(ModelCorruptError, match="larger"):
        load_classifier("ensemble")
