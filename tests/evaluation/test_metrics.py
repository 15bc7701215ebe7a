"""Compare metrics with values computed by hand and by scikit-learn."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score

from deepsky.dataset.manifest import Example
from deepsky.evaluation.metrics import measure
from deepsky.evaluation.predictions import Predictions
from deepsky.intervals import Estimate
from deepsky.models.metrics import Metrics
from deepsky.taxonomy import LABELS, Label


def predictions_for(given: list[int], confidence: float = 0.7) -> Predictions:
    """Return predictions with the given labels, equal confidence, and one-label prediction sets."""
    rest = (1 - confidence) / 3
    chosen = np.eye(4, dtype=bool)[given]
    known = np.zeros(len(given))
    return Predictions(np.where(chosen, confidence, rest), chosen, known, known > 1, known > 1)


def images(template: Example, labels: list[int]) -> list[Example]:
    return [replace(template, label=LABELS[k], second_label=None) for k in labels]


def test_metrics_agree_with_scikit_learn(examples: list[Example]) -> None:
    rng = np.random.default_rng(2)
    right = rng.integers(0, 4, 300)
    given = np.where(rng.random(300) < 0.8, right, rng.integers(0, 4, 300))
    found = measure(
        predictions_for(given.tolist()), images(examples[0], right.tolist()), list(range(300))
    )
    assert found.accuracy.value == pytest.approx((right == given).mean())
    assert found.macro_f1.value == pytest.approx(f1_score(right, given, average="macro"))
    assert np.array_equal(found.confusion, confusion_matrix(right, given))
    f1 = [found.per_class[k].f1.value for k in LABELS]
    assert f1 == pytest.approx(f1_score(right, given, average=None).tolist())
    assert found.accuracy.low < found.accuracy.value < found.accuracy.high


def test_fair_metrics_accept_the_second_label(examples: list[Example]) -> None:
    cluster: Label = "star_cluster"
    mixed = replace(examples[0], label="nebula", second_label=cluster)
    chosen = [*images(examples[0], [0, 1, 2, 3]), mixed]
    found = measure(predictions_for([0, 1, 2, 3, 2]), chosen, list(range(5)))
    assert found.accuracy.value == pytest.approx(0.8)
    assert found.fair.accuracy.value == pytest.approx(1.0)


def test_intervals_are_wider_if_images_share_fields(examples: list[Example]) -> None:
    right = [0] * 100
    given = [0] * 50 + [1] * 50
    chosen = images(examples[0], right)
    alone = measure(predictions_for(given), chosen, list(range(100)))
    grouped = measure(predictions_for(given), chosen, [i // 25 for i in range(100)])
    assert (alone.fields, grouped.fields) == (100, 4)

    def width(found: Metrics) -> float:
        return found.accuracy.high - found.accuracy.low

    assert width(grouped) > 2 * width(alone)


def test_accuracy_by_field_is_the_mean_over_fields(examples: list[Example]) -> None:
    found = measure(predictions_for([0] * 9 + [1]), images(examples[0], [0] * 10), [7] * 9 + [8])
    assert found.accuracy.value == pytest.approx(0.9)
    assert found.accuracy_by_field == pytest.approx(0.5)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy(
    examples: list[Example],
) -> None:
    chosen = images(examples[0], [0] * 10)
    calibrated = measure(predictions_for([0] * 7 + [1] * 3, 0.7), chosen, list(range(10)))
    overconfident = measure(predictions_for([0] * 7 + [1] * 3, 0.94), chosen, list(range(10)))
    assert calibrated.expected_calibration_error == pytest.approx(0, abs=1e-9)
    assert overconfident.expected_calibration_error == pytest.approx(0.24)


def test_calibration_error_of_a_calibrated_model_on_few_images_is_not_zero(
    examples: list[Example],
) -> None:
    chosen = images(examples[0], [0] * 100)
    by_chance = measure(
        predictions_for([0] * 100, 0.9), chosen, list(range(100))
    ).calibration_error_by_chance
    # The accuracy has a standard deviation of 0.03 and a mean absolute deviation of 0.024.
    assert by_chance.value == pytest.approx(0.024, abs=0.002)
    assert by_chance.high == pytest.approx(0.065, abs=0.01)
    sure = measure(predictions_for([0] * 100, 1.0), chosen, list(range(100)))
    assert sure.calibration_error_by_chance == Estimate(value=0, low=0, high=0)


def test_coverage_counts_sets_that_contain_the_label(examples: list[Example]) -> None:
    given = predictions_for([0, 1, 2, 2])
    given.sets[3] = [False, False, True, True]  # the label of this image is 3
    found = measure(given, images(examples[0], [0, 0, 2, 3]), list(range(4)))
    assert found.coverage.overall.value == pytest.approx(0.75)
    assert found.coverage.per_class["galaxy"].value == pytest.approx(0.5)
    assert found.mean_set_size == pytest.approx(5 / 4)
