"""Cross-validation: every image asked once, of a network that never saw its field or source."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deepsky.dataset.manifest import Example
from deepsky.dataset.splits import sky_fields
from deepsky.dataset.targets import label_indices
from deepsky.errors import DatasetError
from deepsky.training import cross_validation, fitting
from deepsky.training.backbones import Backbone
from deepsky.training.calibration import INPUT_SIZES
from deepsky.training.cross_validation import folds_by_field, folds_by_source, predict_fold
from deepsky.training.fitting import Recipe
from deepsky.training.outputs import CrossValidationLogits


def test_no_field_stands_in_two_folds(examples: list[Example]) -> None:
    folds = folds_by_field(examples, 5, seed=0)
    assert set(folds) == set(range(5))
    folds_of_field: dict[int, set[int]] = {}
    for field, fold in zip(sky_fields(examples), folds, strict=True):
        folds_of_field.setdefault(field, set()).add(int(fold))
    assert all(len(own) == 1 for own in folds_of_field.values())


def test_no_source_stands_in_two_folds_and_folds_are_even(examples: list[Example]) -> None:
    sources = ["large"] * 40 + ["middle"] * 30 + ["small"] * 22 + ["tiny"] * 20
    chosen = [replace(e, source=s) for e, s in zip(examples, sources, strict=True)]
    folds = folds_by_source(chosen, 3)
    assert len({(s, int(f)) for s, f in zip(sources, folds, strict=True)}) == 4
    assert sorted(np.bincount(folds)) == [30, 40, 42]


def test_every_image_is_asked_of_a_network_that_never_saw_it(
    examples: list[Example],
    tiny_backbone: Backbone,
    tiny_weights: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folds = folds_by_field(examples, 2, seed=0)
    recipe = Recipe(head_epochs=12, epochs=1, batch_size=8)
    learned: list[set[Path]] = []
    fit = fitting.fit

    def note(*arguments):  # type: ignore[no-untyped-def]
        learned.append({example.path for example in arguments[2]})
        return fit(*arguments)

    monkeypatch.setattr(cross_validation, "fit", note)
    logits = {size: np.zeros((len(examples), 4)) for size in INPUT_SIZES}
    for number in (0, 1):
        run = tmp_path / str(number)
        found = predict_fold(tiny_backbone, tiny_weights, examples, folds, number, recipe, run)
        for size, asked in found.items():
            logits[size][folds == number] = asked
        held_out = {e.path for e, own in zip(examples, folds, strict=True) if own == number}
        assert learned[number] == {e.path for e in examples} - held_out
    for scores in logits.values():
        assert (scores.argmax(axis=1) == label_indices(examples)).mean() > 0.9
    assert np.abs(logits[224] - logits[320]).max() > 0


def test_answers_are_kept_and_found_by_the_names_of_their_images(tmp_path: Path) -> None:
    scores = np.random.default_rng(0).normal(0, 3, (5, 4)).astype("f4")
    names = ["b.jpg", "f/a.jpg", "é.jpg", "d.jpg", "e.jpg"]
    for number, rows in enumerate((slice(0, 3), slice(3, 5))):
        fold = CrossValidationLogits(tuple(names[rows]), {224: scores[rows], 320: -scores[rows]})
        fold.save(tmp_path / f"fold-{number}.npz")
    (tmp_path / "unfinished-fold-2.npz").write_bytes(b"cut off while it was written")
    kept = CrossValidationLogits.load_folds(tmp_path).select(["e.jpg", "é.jpg", "b.jpg"])
    assert kept.names == ("e.jpg", "é.jpg", "b.jpg")
    assert kept.logits[224] == pytest.approx(scores[[4, 2, 0]], abs=0.01)
    assert kept.logits[320] == pytest.approx(-scores[[4, 2, 0]], abs=0.01)
    with pytest.raises(DatasetError, match=r"lack c\.jpg"):
        kept.select(["e.jpg", "c.jpg"])
    with pytest.raises(DatasetError, match=r"fold-\*\.npz"):
        CrossValidationLogits.load_folds(tmp_path / "elsewhere")
