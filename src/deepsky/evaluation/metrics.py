"""Measures answers against the truth."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import label_indices, second_label_indices
from deepsky.evaluation.bootstrap import RESAMPLES, percentile_interval, resample_by_field
from deepsky.evaluation.jpeg_quality import estimate_jpeg_quality
from deepsky.evaluation.predictions import Predictions
from deepsky.intervals import Estimate, Proportion, wilson_interval
from deepsky.models.metrics import (
    ClassMetrics,
    ConfidenceBin,
    Coverage,
    Metrics,
    Scores,
    Unfamiliar,
)
from deepsky.taxonomy import LABELS, Label

__all__ = ["confusion_matrix", "macro_f1", "measure", "proportion"]

CALIBRATION_BINS = 15
SIZES = (512, 1024, 2048, 4096)
QUALITY_STEP = 20


def measure(answers: Predictions, examples: Sequence[Example], fields: Sequence[int]) -> Metrics:
    """Measure answers against the truth.

    Parameters
    ----------
    answers : Predictions
    examples : sequence of Example
        The same images, in the same order.
    fields : sequence of int
        The field of sky of each, from `sky_fields`.

    Returns
    -------
    Metrics
    """
    right, second = label_indices(examples), second_label_indices(examples)
    answer = answers.labels
    correct = answer == right
    deep_sky = right != LABELS.index("other")
    covered = answers.sets[np.arange(len(right)), right]
    confusions = _confusions(right, answer)
    strict = _scores(confusions, fields)
    return Metrics(
        accuracy=strict.accuracy,
        macro_f1=strict.macro_f1,
        images=len(examples),
        fields=len(set(fields)),
        fair=_scores(_confusions(np.where(answer == second, second, right), answer), fields),
        accuracy_by_field=_accuracy_by_field(correct, fields),
        per_class=_per_class(confusions, fields),
        confusion=confusions.sum(axis=0).tolist(),
        expected_calibration_error=float(_calibration_error(answers.probabilities, correct)),
        calibration_error_by_chance=_calibration_error_by_chance(answers.probabilities),
        reliability=_reliability(answers.probabilities, correct),
        coverage=Coverage(
            overall=proportion(covered),
            per_class={k: proportion(covered[right == i]) for i, k in enumerate(LABELS)},
        ),
        mean_set_size=float(answers.sets.sum(axis=1).mean()),
        unfamiliar=Unfamiliar(
            deep_sky=proportion(answers.unfamiliar[deep_sky]),
            other=proportion(answers.unfamiliar[~deep_sky]),
        ),
        by_kind=_by(correct, [f"{e.label}: {e.kind or 'unknown'}" for e in examples]),
        by_source=_by(correct, [e.source for e in examples]),
        by_size=_by(correct, [_size(e.longest_side) for e in examples]),
        by_quality=_by(correct, [_quality(estimate_jpeg_quality(e.path)) for e in examples]),
    )


def macro_f1(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """Mean F1 of the classes, over the last two axes of confusion matrices."""
    return np.asarray(_f1(confusion).mean(axis=-1))


def confusion_matrix(right: NDArray[np.integer], answer: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count the images of each class (rows) that got each answer (columns), of shape (4, 4)."""
    return np.asarray(_confusions(right, answer).sum(axis=0))


def proportion(hits: NDArray[np.bool_]) -> Proportion:
    """Return the proportion of true values with its 95 % interval."""
    return wilson_interval(int(hits.sum()), len(hits))


def _confusions(right: NDArray[np.integer], answer: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give each image's own confusion matrix (rows: truth), of shape (n, 4, 4)."""
    matrices = np.zeros((len(right), len(LABELS), len(LABELS)), dtype=np.int64)
    matrices[np.arange(len(right)), right, answer] = 1
    return matrices


def _accuracy(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """Share of right answers, over the last two axes."""
    return np.asarray(np.trace(confusion, axis1=-2, axis2=-1) / confusion.sum(axis=(-2, -1)))


def _f1(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """F1 of each class, over the last two axes; 0 for a class that does not occur."""
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    total = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    return np.asarray(2 * hits / np.maximum(total, 1))


def _scores(confusions: NDArray[np.integer], fields: Sequence[int]) -> Scores:
    total, resampled = confusions.sum(axis=0), resample_by_field(confusions, fields)
    return Scores(
        accuracy=percentile_interval(_accuracy, total, resampled),
        macro_f1=percentile_interval(macro_f1, total, resampled),
    )


def _accuracy_by_field(correct: NDArray[np.bool_], fields: Sequence[int]) -> float:
    _, field = np.unique(fields, return_inverse=True)
    return float((np.bincount(field, correct) / np.bincount(field)).mean())


def _per_class(confusions: NDArray[np.integer], fields: Sequence[int]) -> dict[Label, ClassMetrics]:
    total, resampled = confusions.sum(axis=0), resample_by_field(confusions, fields)

    def of_class(
        figures: Callable[[NDArray[np.integer]], NDArray[np.float64]], k: int
    ) -> Callable[[NDArray[np.integer]], NDArray[np.float64]]:
        return lambda confusion: figures(confusion)[..., k]

    return {
        label: ClassMetrics(
            images=int(total[k].sum()),
            precision=percentile_interval(of_class(_precision, k), total, resampled),
            recall=percentile_interval(of_class(_recall, k), total, resampled),
            f1=percentile_interval(of_class(_f1, k), total, resampled),
        )
        for k, label in enumerate(LABELS)
    }


def _precision(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    return np.asarray(hits / np.maximum(confusion.sum(axis=-2), 1))


def _recall(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    return np.asarray(hits / np.maximum(confusion.sum(axis=-1), 1))


def _bins(probabilities: NDArray[np.floating]) -> NDArray[np.intp]:
    confidence = probabilities.max(axis=1)
    bins = (confidence * CALIBRATION_BINS).astype(np.intp)
    return np.asarray(np.minimum(bins, CALIBRATION_BINS - 1))


def _calibration_error(
    probabilities: NDArray[np.floating], correct: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Give the expected calibration error (C. Guo et al., ICML 2017, eq. 3).

    ``correct`` may be of shape (..., n), for as many errors.
    """
    gaps = correct - probabilities.max(axis=1)
    in_bin = _bins(probabilities)[:, None] == np.arange(CALIBRATION_BINS)
    return np.asarray(np.abs(gaps @ in_bin).sum(axis=-1) / len(probabilities))


def _calibration_error_by_chance(probabilities: NDArray[np.floating]) -> Estimate:
    """Give the mean and the range of the error if the probabilities are right.

    Predictions are drawn as right or wrong with the probabilities given (consistency resampling: J.
    Bröcker and L. Smith, Weather and Forecasting 22, 2007).
    """
    confidence = probabilities.max(axis=1)
    drawn = np.random.default_rng(0).random((RESAMPLES, len(confidence))) < confidence
    errors = _calibration_error(probabilities, drawn)
    low, high = np.quantile(errors, [0.025, 0.975])
    return Estimate(value=float(errors.mean()), low=float(low), high=float(high))


def _reliability(
    probabilities: NDArray[np.floating], correct: NDArray[np.bool_]
) -> tuple[ConfidenceBin, ...]:
    """Tell, for each bin of confidence that holds images, how often the answer was right."""
    bins, confidence = _bins(probabilities), probabilities.max(axis=1)
    return tuple(
        ConfidenceBin.model_validate(
            {"confidence": confidence[bins == k].mean(), **dict(proportion(correct[bins == k]))}
        )
        for k in np.unique(bins)
    )


def _by(correct: NDArray[np.bool_], names: Sequence[str]) -> dict[str, Proportion]:
    own = np.array(names)
    return {name: proportion(correct[own == name]) for name in sorted(set(names))}


def _size(longest_side: int | None) -> str:
    """Name the range that the original image's longest side is in, in pixels."""
    if longest_side is None:
        return "unknown"
    above = [size for size in SIZES if longest_side > size]
    below = [size for size in SIZES if longest_side <= size]
    if not above:
        return f"up to {SIZES[0]} px"
    return f"{above[-1] + 1} to {below[0]} px" if below else f"over {SIZES[-1]} px"


def _quality(quality: int | None) -> str:
    """Name the range that a JPEG file's quality is in."""
    if quality is None:
        return "not JPEG"
    low = (quality - 1) // QUALITY_STEP * QUALITY_STEP + 1
    return f"{low} to {low + QUALITY_STEP - 1}"
