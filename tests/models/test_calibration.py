"""Calibrated probabilities, and prediction sets with the requested coverage."""

import numpy as np
import pytest
from numpy.typing import NDArray

from deepsky.models.calibration import Calibration, softmax
from deepsky.taxonomy import LABELS


def sample(
    count: int, sharpness: float, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sample labels from known probabilities; return miscalibrated logits and the labels."""
    rng = np.random.default_rng(seed)
    true_logits = rng.normal(0, 2, (count, 4))
    probabilities = softmax(true_logits)
    truth = (rng.random((count, 1)) > probabilities.cumsum(axis=1)).sum(axis=1).clip(max=3)
    return true_logits * sharpness, truth


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.5])
def test_temperature_corrects_miscalibrated_confidence(sharpness: float) -> None:
    logits, truth = sample(20_000, sharpness, seed=1)
    calibration = Calibration.fit(logits, truth)
    assert calibration.temperature == pytest.approx(sharpness, rel=0.05)
    probabilities = calibration.probabilities(logits)
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    assert confidence.mean() == pytest.approx(correct.mean(), abs=0.01)


@pytest.mark.parametrize("coverage", [0.8, 0.95])
def test_prediction_sets_of_each_class_have_the_requested_coverage(coverage: float) -> None:
    calibration = Calibration.fit(*sample(10_000, 2.0, seed=2), coverage=coverage)
    logits, truth = sample(10_000, 2.0, seed=3)
    sets = [calibration.prediction_set(p) for p in calibration.probabilities(logits)]
    covered = np.array([LABELS[k] in labels for k, labels in zip(truth, sets, strict=True)])
    for k in range(4):
        assert covered[truth == k].mean() == pytest.approx(coverage, abs=0.02)
    # Sets of all four labels would always contain the true label, so the mean set size is checked.
    assert np.mean([len(labels) for labels in sets]) < 2.6


def test_prediction_set_is_sorted_and_may_be_empty() -> None:
    calibration = Calibration(1.0, 0.95, dict.fromkeys(LABELS, 0.3))
    assert calibration.prediction_set(np.array([0.26, 0.25, 0.25, 0.24])) == ()
    assert calibration.prediction_set(np.array([0.31, 0.6, 0.05, 0.04])) == ("nebula", "galaxy")
