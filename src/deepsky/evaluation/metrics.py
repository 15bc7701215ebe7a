"""Compute metrics of predictions for labelled images."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import label_indices, second_label_indices
from deepsky.evaluation.bootstrap import RESAMPLES, percentile_interval, resample_clusters
from deepsky.evaluation.jpeg_quality import estimate_jpeg_quality
from deepsky.evaluation.predictions import Predictions
from deepsky.intervals import Estimate, Proportion, wilson_interval
from deepsky.models.metrics import (
    ClassMetrics,
    ConfidenceBin,
    Confident,
    Coverage,
    Metrics,
    Scores,
    Unfamiliar,
)
from deepsky.taxonomy import LABELS, OTHER, Label

__all__ = ["confusion_matrix", "macro_f1", "measure", "proportion"]

CALIBRATION_BINS: Final = 15
SIZES: Final = (512, 1024, 2048, 4096)
"""Boundaries between the ranges of image size for which accuracy is reported separately, as lengths
of the longest side in pixels."""

QUALITY_STEP: Final = 20
"""Width of the ranges of JPEG quality for which accuracy is reported separately."""


def measure(
    predictions: Predictions,
    examples: Sequence[Example],
    fields: Sequence[int],
    clusters: Sequence[int] | None = None,
) -> Metrics:
    """Compute the metrics of predictions.

    Parameters
    ----------
    predictions : Predictions
        Predictions for one or more images.
    examples : sequence of Example
        The same images with their labels, in the same order.
    fields : sequence of int
        Field of sky of each image, as returned by `sky_fields`.
    clusters : sequence of int, optional
        Cluster of each image, such as its source. Confidence intervals of accuracy, precision,
        recall and F1 are computed by resampling clusters. By default, the fields of sky.

    Returns
    -------
    Metrics
    """
    clusters = fields if clusters is None else clusters
    classes = predictions.classes
    labels = label_indices(examples, classes)
    second = second_label_indices(examples, classes)
    predicted = predictions.labels
    correct = predicted == labels
    deep_sky = np.array([example.label != OTHER for example in examples])
    covered = predictions.sets[np.arange(len(labels)), labels]
    count = len(classes)
    confusions = _confusions(labels, predicted, count)
    strict = _scores(confusions, clusters)
    either = np.where(predicted == second, second, labels)
    return Metrics(
        accuracy=strict.accuracy,
        macro_f1=strict.macro_f1,
        images=len(examples),
        fields=len(set(fields)),
        fair=_scores(_confusions(either, predicted, count), clusters),
        accuracy_by_field=_accuracy_by_field(correct, fields),
        per_class=_per_class(confusions, clusters, classes),
        confusion=confusions.sum(axis=0).tolist(),
        expected_calibration_error=float(_calibration_error(predictions.probabilities, correct)),
        calibration_error_by_chance=_calibration_error_by_chance(predictions.probabilities),
        reliability=_reliability(predictions.probabilities, correct),
        coverage=Coverage(
            overall=proportion(covered),
            per_class={k: proportion(covered[labels == i]) for i, k in enumerate(classes)},
        ),
        mean_set_size=float(predictions.sets.sum(axis=1).mean()),
        unfamiliar=Unfamiliar(
            deep_sky=proportion(predictions.unfamiliar[deep_sky]),
            other=proportion(predictions.unfamiliar[~deep_sky]),
        ),
        confident=Confident(
            share=proportion(predictions.confident),
            accuracy=proportion(correct[predictions.confident]),
        ),
        by_kind=_by(correct, [f"{e.label}: {e.kind or 'unknown'}" for e in examples]),
        by_source=_by(correct, [e.source for e in examples]),
        by_size=_by(correct, [_size(e.longest_side) for e in examples]),
        by_quality=_by(correct, [_quality(estimate_jpeg_quality(e.path)) for e in examples]),
    )


def macro_f1(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the mean of the F1 scores of all classes.

    Parameters
    ----------
    confusion : ndarray of int, shape (..., k, k)
        Confusion matrices. Rows are labels, columns are predicted labels.

    Returns
    -------
    ndarray of float, shape (...)
        Macro-F1, from 0 to 1. The F1 of a class is 0 if the class is neither the label nor the
        predicted label of any image.
    """
    return np.asarray(_f1(confusion).mean(axis=-1))


def confusion_matrix(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], count: int = len(LABELS)
) -> NDArray[np.int64]:
    """Return the confusion matrix: numbers of images by label and predicted label.

    Parameters
    ----------
    labels, predicted : ndarray of int, shape (n,)
        Indices of the labels and the predicted labels.
    count : int
        Number of classes. By default, that of the shipped models.

    Returns
    -------
    ndarray of int64, shape (count, count)
        Rows are labels, columns are predicted labels.
    """
    return np.asarray(_confusions(labels, predicted, count).sum(axis=0))


def proportion(values: NDArray[np.bool_]) -> Proportion:
    """Return the proportion of true values with its 95 % Wilson interval.

    Parameters
    ----------
    values : ndarray of bool, shape (n,)
        One value for each image, such as whether its predicted label is correct.

    Returns
    -------
    Proportion
    """
    return wilson_interval(int(values.sum()), len(values))


def _confusions(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], count: int
) -> NDArray[np.int64]:
    """Return one confusion matrix per image, of shape (n, count, count). Rows are labels."""
    matrices = np.zeros((len(labels), count, count), dtype=np.int64)
    matrices[np.arange(len(labels)), labels, predicted] = 1
    return matrices


def _accuracy(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the accuracy for confusion matrices of shape (..., k, k)."""
    return np.asarray(np.trace(confusion, axis1=-2, axis2=-1) / confusion.sum(axis=(-2, -1)))


def _f1(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the F1 score of each class for confusion matrices of shape (..., k, k)."""
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    total = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    return np.asarray(2 * hits / np.maximum(total, 1))


def _scores(confusions: NDArray[np.integer], clusters: Sequence[int]) -> Scores:
    total, resampled = confusions.sum(axis=0), resample_clusters(confusions, clusters)
    return Scores(
        accuracy=percentile_interval(_accuracy, total, resampled),
        macro_f1=percentile_interval(macro_f1, total, resampled),
    )


def _accuracy_by_field(correct: NDArray[np.bool_], fields: Sequence[int]) -> float:
    _, field = np.unique(fields, return_inverse=True)
    return float((np.bincount(field, correct) / np.bincount(field)).mean())


def _per_class(
    confusions: NDArray[np.integer], clusters: Sequence[int], classes: Sequence[Label]
) -> dict[Label, ClassMetrics]:
    total, resampled = confusions.sum(axis=0), resample_clusters(confusions, clusters)

    def of_class(
        metric: Callable[[NDArray[np.integer]], NDArray[np.float64]], k: int
    ) -> Callable[[NDArray[np.integer]], NDArray[np.float64]]:
        return lambda confusion: metric(confusion)[..., k]

    return {
        label: ClassMetrics(
            images=int(total[k].sum()),
            precision=percentile_interval(of_class(_precision, k), total, resampled),
            recall=percentile_interval(of_class(_recall, k), total, resampled),
            f1=percentile_interval(of_class(_f1, k), total, resampled),
        )
        for k, label in enumerate(classes)
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
    """Return the expected calibration error (C. Guo et al., ICML 2017, eq. 3).

    The shape of ``correct`` is (..., n), and the shape of the result is (...).
    """
    gaps = correct - probabilities.max(axis=1)
    in_bin = _bins(probabilities)[:, None] == np.arange(CALIBRATION_BINS)
    return np.asarray(np.abs(gaps @ in_bin).sum(axis=-1) / len(probabilities))


def _calibration_error_by_chance(probabilities: NDArray[np.floating]) -> Estimate:
    """Return the mean and 95 % range of the calibration error of a perfectly calibrated model.

    Such a model is simulated: each prediction is correct with a probability equal to its confidence
    (consistency resampling: J. Bröcker and L. Smith, Weather and Forecasting 22, 2007).
    """
    confidence = probabilities.max(axis=1)
    correct = np.random.default_rng(0).random((RESAMPLES, len(confidence))) < confidence
    errors = _calibration_error(probabilities, correct)
    low, high = np.quantile(errors, [0.025, 0.975])
    return Estimate(value=float(errors.mean()), low=float(low), high=float(high))


def _reliability(
    probabilities: NDArray[np.floating], correct: NDArray[np.bool_]
) -> tuple[ConfidenceBin, ...]:
    """Return the accuracy in each non-empty bin of confidence."""
    bins, confidence = _bins(probabilities), probabilities.max(axis=1)
    return tuple(
        ConfidenceBin.model_validate(
            {"confidence": confidence[bins == k].mean(), **dict(proportion(correct[bins == k]))}
        )
        for k in np.unique(bins)
    )


def _by(correct: NDArray[np.bool_], names: Sequence[str]) -> dict[str, Proportion]:
    """Return the accuracy of each group of images; ``names`` contains the group of each image."""
    array = np.array(names)
    return {name: proportion(correct[array == name]) for name in sorted(set(names))}


def _size(longest_side: int | None) -> str:
    """Return the name of the size range that contains the longest side of an image."""
    if longest_side is None:
        return "unknown"
    above = [size for size in SIZES if longest_side > size]
    below = [size for size in SIZES if longest_side <= size]
    if not above:
        return f"up to {SIZES[0]} px"
    return f"{above[-1] + 1} to {below[0]} px" if below else f"over {SIZES[-1]} px"


def _quality(quality: int | None) -> str:
    """Return the name of the range that contains the JPEG quality of an image."""
    if quality is None:
        return "not JPEG"
    low = (quality - 1) // QUALITY_STEP * QUALITY_STEP + 1
    return f"{low} to {low + QUALITY_STEP - 1}"
