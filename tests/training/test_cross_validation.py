"""Test that each image is classified by a network that was not trained on the image's group."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deepsky.dataset.folds import Folds, divide
from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import label_indices
from deepsky.errors import DatasetError
from deepsky.training import cross_validation, fitting
from deepsky.training.backbones import BACKBONES, Backbone
from deepsky.training.calibration import INPUT_SIZES
from deepsky.training.cross_validation import cross_validate, predict_folds
from deepsky.training.outputs import CrossValidationLogits
from deepsky.training.recipe import Recipe

RECIPE = Recipe(head_epochs=12, epochs=1, batch_size=8)


@pytest.fixture
def folds(examples: list[Example], manifest: Path) -> Folds:
    return divide(examples, manifest.parent, "field", 2)


def test_every_image_is_predicted_by_a_network_not_trained_on_it(
    examples: list[Example],
    folds: Folds,
    tiny_backbone: Backbone,
    tiny_weights: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained_on: list[set[Path]] = []
    fit = fitting.fit

    def note(*arguments):  # type: ignore[no-untyped-def]
        trained_on.append({example.path for example in arguments[2]})
        return fit(*arguments)

    monkeypatch.setattr(cross_validation, "fit", note)
    logits = predict_folds(tiny_backbone, tiny_weights, folds, RECIPE, tmp_path).logits
    assert list(logits) == list(INPUT_SIZES)
    for number in (0, 1):
        held_out = {example.path for example in folds.inside(number)}
        assert trained_on[number] == {e.path for e in examples} - held_out
    for scores in logits.values():
        assert (scores.argmax(axis=1) == label_indices(examples)).mean() > 0.9
    assert np.abs(logits[224] - logits[320]).max() > 0

    again = predict_folds(tiny_backbone, tiny_weights, folds, RECIPE, tmp_path)
    assert len(trained_on) == 2  # no network was retrained
    assert np.array_equal(again.logits[224], logits[224])
    with pytest.raises(DatasetError, match="The recipe or the images of the run in"):
        predict_folds(tiny_backbone, tiny_weights, folds, replace(RECIPE, epochs=2), tmp_path)


def test_fold_smaller_than_a_batch_is_refused(
    folds: Folds, tiny_backbone: Backbone, tiny_weights: str, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError, match="fold 0: 56, at least 57 needed"):
        predict_folds(tiny_backbone, tiny_weights, folds, replace(RECIPE, batch_size=57), tmp_path)
    assert not any(tmp_path.iterdir())


@pytest.fixture
def stored(examples: list[Example], manifest: Path, tmp_path: Path) -> Path:
    """Save results in which 9 of 10 images are classified correctly, and return the folder."""
    labels = label_indices(examples)
    wrong = np.arange(len(examples)) % 10 == 0
    logits = 4 * np.eye(4, dtype="f4")[np.where(wrong, (labels + 1) % 4, labels)]
    folds = divide(examples, manifest.parent, "field", 2)
    for name in ("tiny", "twin"):
        folder = tmp_path / "field" / name
        folder.mkdir(parents=True)
        settings = Recipe(epochs=3).as_dict()
        (folder / "recipe.json").write_text(json.dumps(settings), "utf-8")
        for number in (0, 1):
            own = folds.numbers == number
            by_size = {size: logits[own] * (size == 256 or 0.5) for size in INPUT_SIZES}
            CrossValidationLogits(folds.names_inside(number), by_size).save(
                folder / f"fold-{number}.npz"
            )
    return tmp_path


def test_stored_folds_are_evaluated_without_training(
    manifest: Path,
    stored: Path,
    tiny_backbone: Backbone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(BACKBONES, "tiny", tiny_backbone)
    result = cross_validate("tiny", manifest, "none", stored, count=2)
    assert result.metrics.accuracy.value == pytest.approx(0.9, abs=0.01)
    assert list(result.by_input_size) == list(INPUT_SIZES)
    assert len(result.macro_f1_by_fold) == len(result.coverage_by_fold) == 2
    assert result.metrics.coverage.overall.value == pytest.approx(0.95, abs=0.06)
    written = json.loads((stored / "field" / "tiny" / "metrics.json").read_text("utf-8"))
    assert written["accuracy"]["value"] == result.metrics.accuracy.value


def test_results_of_other_folds_are_refused(
    manifest: Path, stored: Path, tiny_backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BACKBONES, "tiny", tiny_backbone)
    (stored / "field" / "tiny" / "fold-2.npz").write_bytes(
        (stored / "field" / "tiny" / "fold-0.npz").read_bytes()
    )
    with pytest.raises(DatasetError, match=r"fold-0\.npz do not belong to the images of fold 0"):
        cross_validate("tiny", manifest, "none", stored, count=3)


def test_logits_are_selected_by_the_names_of_images(tmp_path: Path) -> None:
    scores = np.random.default_rng(0).normal(0, 3, (5, 4)).astype("f4")
    names = ["b.jpg", "f/a.jpg", "é.jpg", "d.jpg", "e.jpg"]
    for number, rows in enumerate((slice(0, 3), slice(3, 5))):
        fold = CrossValidationLogits(tuple(names[rows]), {224: scores[rows], 320: -scores[rows]})
        fold.save(tmp_path / f"fold-{number}.npz")
    (tmp_path / ".fold-2.npz.part").write_bytes(b"incomplete file of an interrupted run")
    loaded = CrossValidationLogits.load_folds(tmp_path).select(["e.jpg", "é.jpg", "b.jpg"])
    assert loaded.names == ("e.jpg", "é.jpg", "b.jpg")
    assert loaded.logits[224] == pytest.approx(scores[[4, 2, 0]], abs=0.01)
    assert loaded.logits[320] == pytest.approx(-scores[[4, 2, 0]], abs=0.01)
    with pytest.raises(DatasetError, match=r"lack c\.jpg"):
        loaded.select(["e.jpg", "c.jpg"])
    with pytest.raises(DatasetError, match=r"fold-\*\.npz"):
        CrossValidationLogits.load_folds(tmp_path / "elsewhere")
