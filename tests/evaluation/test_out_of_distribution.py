"""Test synthetic out-of-distribution images and the evaluation of novelty."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from deepsky.dataset.manifest import Example
from deepsky.dataset.synthetic_skies import SKY_KINDS
from deepsky.evaluation.out_of_distribution import (
    DRAWN_KINDS,
    draw_empty_skies,
    draw_images,
    measure_rejection,
)
from deepsky.evaluation.predictions import Predictions
from deepsky.taxonomy import LABELS


@pytest.mark.parametrize("kind", DRAWN_KINDS)
def test_synthetic_images_are_distinct_and_reproducible(kind: str) -> None:
    once, again = list(draw_images(kind)), list(draw_images(kind))
    assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))
    assert len({image.tobytes() for image in once}) == len(once) >= 40
    assert all(p.dtype == np.uint8 and p.ndim == 3 and p.shape[2] == 3 for p in once)


def test_synthetic_skies_differ_between_kinds() -> None:
    first = {kind: next(draw_empty_skies(kind)).tobytes() for kind in SKY_KINDS}
    assert len(set(first.values())) == len(SKY_KINDS)


def predictions(label: str, novelty: list[float]) -> Predictions:
    chosen = np.tile(np.eye(4)[LABELS.index(label)], (len(novelty), 1))
    scores = np.array(novelty)
    return Predictions(chosen, chosen > 0, scores, (scores > 0.9) & (label != "other"), scores < 0)


def test_novelty_separates_unknown_from_deep_sky_images(
    examples: list[Example],
) -> None:
    familiar = [e for e in examples if e.label == "galaxy"][:10]
    known = np.linspace(0, 0.95, 10)
    unknown = {
        "chart": predictions("nebula", [0.3, 0.99, 0.99, 0.92]),
        "photograph": predictions("other", [0.99, 0.5]),
    }
    found = measure_rejection(predictions("galaxy", known.tolist()), familiar, unknown)
    assert found.deep_sky_familiar.count == 9
    assert found.rejected_by_kind["chart"].value == pytest.approx(0.75)
    assert found.rejected_by_kind["photograph"].value == pytest.approx(1)
    assert found.rejected.count == 5
    scores = [*known, 0.3, 0.99, 0.99, 0.92, 0.99, 0.5]
    assert found.auroc == pytest.approx(roc_auc_score([0] * 10 + [1] * 6, scores))
    assert found.roc.true_positive_rate[-1] == 1


def test_images_labelled_other_are_ignored(examples: list[Example]) -> None:
    mixed = [e for e in examples if e.label in ("galaxy", "other")]
    galaxies = sum(e.label == "galaxy" for e in mixed)
    found = measure_rejection(
        predictions("galaxy", [0.1] * len(mixed)), mixed, {"chart": predictions("nebula", [0.99])}
    )
    assert found.deep_sky_familiar.images == galaxies
