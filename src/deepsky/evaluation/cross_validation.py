"""Evaluate the logits predicted in cross-validation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import dataset_labels, label_indices
from deepsky.evaluation.metrics import confusion_matrix, macro_f1, measure
from deepsky.evaluation.predictions import Predictions
from deepsky.models.calibration import Calibration
from deepsky.models.metrics import Metrics
from deepsky.taxonomy import LABELS, Label

__all__ = [
    "CrossValidationResult",
    "InputSizeScores",
    "calibrate_by_fold",
    "calibrated_cross_entropy",
    "evaluate_folds",
]


@dataclass(frozen=True, slots=True)
class InputSizeScores:
    """Metrics of a network at one input size.

    Attributes
    ----------
    macro_f1, accuracy : float
        Macro-F1 and accuracy, from 0 to 1.
    cross_entropy : float
        Cross-entropy after calibration, in nats.
    """

    macro_f1: float
    accuracy: float
    cross_entropy: float


@dataclass(frozen=True, slots=True)
class CrossValidationResult:
    """Metrics of cross-validated predictions.

    Attributes
    ----------
    metrics : Metrics
        Metrics over the images of all folds.
    macro_f1_by_fold : tuple of float
        Macro-F1 in each fold.
    coverage_by_fold : tuple of float
        For each fold, the proportion of images whose prediction set contains the label.
    by_input_size : dict of int to InputSizeScores
        Metrics for each input size (side of the network's input, in pixels). Empty for an ensemble.
    """

    metrics: Metrics
    macro_f1_by_fold: tuple[float, ...]
    coverage_by_fold: tuple[float, ...]
    by_input_size: dict[int, InputSizeScores]


def calibrated_cross_entropy(
    logits: NDArray[np.floating],
    labels: NDArray[np.integer],
    classes: Sequence[Label] = LABELS,
) -> float:
    """Calibrate logits, and return their mean cross-entropy on the same images.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
        Uncalibrated logits.
    labels : ndarray of int, shape (n,)
        Indices of the labels in ``classes``. Each label must occur at least once.
    classes : sequence of k labels
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    float
        Mean cross-entropy in nats.
    """
    probabilities = Calibration.fit(logits, labels, classes).probabilities(logits)
    return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())


def calibrate_by_fold(
    logits: NDArray[np.floating],
    labels: NDArray[np.integer],
    folds: NDArray[np.integer],
    classes: tuple[Label, ...] = LABELS,
) -> Predictions:
    """Compute predictions from logits, with each fold calibrated on the other folds.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
        Uncalibrated logits.
    labels : ndarray of int, shape (n,)
        Indices of the labels in ``classes``. For each fold, every label must occur in at least one
        of the remaining folds.
    folds : ndarray of int, shape (n,)
        Fold of each image.
    classes : tuple of k labels
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    Predictions
        Predictions whose novelty is 0, because novelty cannot be computed from logits.
    """
    probabilities = np.zeros(logits.shape)
    sets = np.zeros(logits.shape, dtype=bool)
    confident = np.zeros(len(logits), dtype=bool)
    for fold in np.unique(folds):
        held_out = folds == fold
        calibration = Calibration.fit(logits[~held_out], labels[~held_out], classes)
        probabilities[held_out] = calibration.probabilities(logits[held_out])
        sets[held_out] = probabilities[held_out] >= list(calibration.thresholds.values())
        confident[held_out] = calibration.is_confident(probabilities[held_out])
    return Predictions.without_novelty(probabilities, sets, confident, classes)


def evaluate_folds(
    logits: NDArray[np.floating],
    logits_by_size: Mapping[int, NDArray[np.floating]],
    examples: Sequence[Example],
    groups: Sequence[int],
    folds: NDArray[np.integer],
) -> CrossValidationResult:
    """Compute metrics of cross-validated logits, with each fold calibrated on the other folds.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
        Logits of each image, predicted by a network that was trained on the other folds.
    logits_by_size : mapping of int to ndarray of float, shape (n, k)
        Logits of each image by input size (side of the network's input, in pixels), for a
        comparison of the input sizes.
    examples : sequence of Example
        The n images.
    groups : sequence of int
        Field of sky or source of each image, depending on how the folds were divided. Confidence
        intervals are computed by resampling these groups.
    folds : ndarray of int, shape (n,)
        Fold of each image.

    Returns
    -------
    CrossValidationResult
    """
    classes = dataset_labels(examples)
    labels = label_indices(examples, classes)
    predictions = calibrate_by_fold(logits, labels, folds, classes)
    covered = predictions.sets[np.arange(len(labels)), labels]
    held_out = [folds == fold for fold in np.unique(folds)]
    return CrossValidationResult(
        metrics=measure(predictions, examples, groups),
        macro_f1_by_fold=tuple(
            _macro_f1(labels[own], predictions.labels[own], classes) for own in held_out
        ),
        coverage_by_fold=tuple(float(covered[own].mean()) for own in held_out),
        by_input_size={size: _score(own, labels, classes) for size, own in logits_by_size.items()},
    )


def _macro_f1(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: Sequence[Label]
) -> float:
    return float(macro_f1(confusion_matrix(labels, predicted, len(classes))))


def _score(
    logits: NDArray[np.floating], labels: NDArray[np.integer], classes: Sequence[Label]
) -> InputSizeScores:
    predicted = logits.argmax(axis=1)
    return InputSizeScores(
        macro_f1=_macro_f1(labels, predicted, classes),
        accuracy=float((predicted == labels).mean()),
        cross_entropy=calibrated_cross_entropy(logits, labels, classes),
    )
