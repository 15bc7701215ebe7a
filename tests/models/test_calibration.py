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


def test_confident_predictions_are_almost_always_correct() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 4000)
    logits = rng.normal(0, 1, (4000, 4)) + 4 * np.eye(4)[truth] * rng.uniform(0, 1, (4000, 1))
    calibration = Calibration.fit(logits, truth)
    probabilities = calibration.probabilities(logits)
    correct = probabilities.argmax(axis=1) == truth
    confident = calibration.is_confident(probabilities)
    assert correct.mean() < 0.9
    assert correct[confident].mean() >= 0.985
    assert confident.mean() > 0.2


def test_prediction_is_confident_only_if_its_set_contains_no_other_label() -> None:
    thresholds = {"galaxy": 0.2, "nebula": 0.2, "star_cluster": 0.2, "other": 0.5}
    calibration = Calibration(1.0, 0.95, thresholds, confident=0.7)
    examples = {
        (0.75, 0.25, 0.0, 0.0): False,  # two labels in the set
        (0.81, 0.19, 0.0, 0.0): True,
        (0.65, 0.15, 0.1, 0.1): False,  # not probable enough
        (0.1, 0.25, 0.17, 0.48): False,  # the set contains another label only
    }
    found = calibration.is_confident(np.array(list(examples)))
    assert found.tolist() == list(examples.values())


def test_weights_have_the_same_effect_as_repeated_images() -> None:
    logits, truth = sample(3000, 2.0, seed=5)
    weights = np.where(np.arange(3000) % 3 == 0, 4.0, 1.0)
    repeated = np.repeat(np.arange(3000), weights.astype(int))
    weighted = Calibration.fit(logits, truth, weights=weights)
    copies = Calibration.fit(logits[repeated], truth[repeated])
    assert weighted.temperature == copies.temperature
    assert weighted.confident == pytest.approx(copies.confident, abs=0.01)
    for label in LABELS:
        assert weighted.thresholds[label] == pytest.approx(copies.thresholds[label], abs=0.02)
