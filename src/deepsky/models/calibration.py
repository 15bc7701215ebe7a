"""Calibrated probabilities and conformal prediction sets.

Temperature scaling: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
Class-conditional conformal sets with the nonconformity score 1 - p: M. Sadinle, J. Lei and
L. Wasserman, "Least Ambiguous Set-Valued Classifiers with Bounded Error Levels", JASA 114, 2019.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from deepsky.models.card import CalibrationFacts, CalibrationImages, ModelCard
from deepsky.taxonomy import LABELS, Label

__all__ = ["Calibration", "softmax"]

TEMPERATURES = np.geomspace(0.2, 5.0, 400)

CONFIDENT_ACCURACY = 0.985
"""Minimum accuracy of confident predictions, on the images used for calibration."""


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the softmax of logits over the last axis.

    Parameters
    ----------
    logits : ndarray of float, shape (..., n)

    Returns
    -------
    ndarray of float64, shape (..., n)
        Probabilities, which sum to 1 over the last axis.
    """
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperature and thresholds that convert logits into probabilities and prediction sets.

    Attributes
    ----------
    temperature : float
        Positive number by which logits are divided.
    coverage : float
        Target coverage, from 0 to 1. The coverage of a class is the fraction of its images whose
        prediction sets contain the class.
    thresholds : mapping of label to float
        Minimum probability at which each label is included in the prediction set. The labels are in
        the order of the network's outputs.
    confident : float
        Minimum probability of the predicted label for the verdict *confident*.
    """

    temperature: float
    coverage: float
    thresholds: Mapping[Label, float]
    confident: float = 0.0

    @classmethod
    def fit(
        cls,
        logits: NDArray[np.floating],
        truth: NDArray[np.integer],
        labels: Sequence[Label] = LABELS,
        *,
        coverage: float = 0.95,
        weights: NDArray[np.floating] | None = None,
    ) -> Self:
        """Fit a calibration to the logits of images that the network was not trained on.

        The temperature minimizes the cross-entropy. The thresholds are quantiles of the
        probabilities predicted for the true labels. At least 98.5 % of the confident predictions
        are correct.

        Parameters
        ----------
        logits : ndarray of float, shape (n, k)
        truth : ndarray of int, shape (n,)
            Index of each image's true label in ``labels``. Every label must occur at least once.
        labels : sequence of k labels
            Labels in the order of the logits. By default, those of the shipped models.
        coverage : float
            Target coverage, from 0 to 1; see `Calibration`.
        weights : ndarray of float, shape (n,), optional
            Positive weight of each image. By default, all images have the same weight.

        Returns
        -------
        Calibration
        """
        rows = np.arange(len(truth))
        weights = np.ones(len(truth)) if weights is None else weights
        losses = [
            np.average(-np.log(softmax(logits / t)[rows, truth] + 1e-12), weights=weights)
            for t in TEMPERATURES
        ]
        temperature = float(TEMPERATURES[int(np.argmin(losses))])
        probabilities = softmax(logits / temperature)
        true = probabilities[rows, truth]
        thresholds = {
            label: _conformal_threshold(true[truth == index], weights[truth == index], coverage)
            for index, label in enumerate(labels)
        }
        calibration = cls(temperature, coverage, thresholds)
        candidates = calibration.is_confident(probabilities)
        confident = _confident_threshold(
            probabilities[candidates], truth[candidates], weights[candidates]
        )
        return replace(calibration, confident=confident)

    @classmethod
    def from_card(cls, card: ModelCard) -> Self:
        """Create a calibration from the values in a model card.

        Parameters
        ----------
        card : ModelCard

        Returns
        -------
        Calibration
        """
        facts = card.calibration
        thresholds = {label: facts.thresholds[label] for label in card.labels}
        return cls(facts.temperature, facts.coverage, thresholds, facts.confident)

    def facts(self, images: CalibrationImages) -> CalibrationFacts:
        """Return the calibration section of a model card.

        Parameters
        ----------
        images : CalibrationImages
            Numbers of validation images and cross-validated images used to fit the calibration.

        Returns
        -------
        CalibrationFacts
        """
        return CalibrationFacts(
            temperature=self.temperature,
            coverage=self.coverage,
            thresholds=dict(self.thresholds),
            confident=self.confident,
            images=images,
        )

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return calibrated probabilities.

        Parameters
        ----------
        logits : ndarray of float, shape (..., k)

        Returns
        -------
        ndarray of float64, shape (..., k)
        """
        return softmax(logits / self.temperature)

    def prediction_set(self, probabilities: NDArray[np.floating]) -> tuple[Label, ...]:
        """Return the labels whose probability is at least their threshold.

        Parameters
        ----------
        probabilities : ndarray of float, shape (k,)
            Calibrated probabilities of one image.

        Returns
        -------
        tuple of label
            Labels in descending order of probability. Empty if all probabilities are below their
            thresholds, which can happen if the network's accuracy exceeds the target coverage.
        """
        order = np.argsort(-probabilities, kind="stable")
        labels, thresholds = tuple(self.thresholds), tuple(self.thresholds.values())
        return tuple(labels[k] for k in order if probabilities[k] >= thresholds[k])

    def is_confident(self, probabilities: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Return whether predictions are confident.

        A prediction is confident if only the predicted label is in the prediction set and its
        probability is at least `confident`.

        Parameters
        ----------
        probabilities : ndarray of float, shape (..., k)
            Calibrated probabilities.

        Returns
        -------
        ndarray of bool, shape (...)
        """
        sets = probabilities >= np.array(list(self.thresholds.values()))
        predicted = probabilities.argmax(axis=-1)[..., None]
        alone = np.take_along_axis(sets, predicted, axis=-1)[..., 0] & (sets.sum(axis=-1) == 1)
        return np.asarray(alone & (probabilities.max(axis=-1) >= self.confident))


def _confident_threshold(
    probabilities: NDArray[np.floating],
    truth: NDArray[np.integer],
    weights: NDArray[np.floating],
) -> float:
    """Return the lowest probability above which enough predictions are correct, or 1."""
    top = probabilities.max(axis=1)
    order = np.argsort(-top, kind="stable")
    correct = (probabilities.argmax(axis=1) == truth)[order]
    accuracy = np.cumsum(weights[order] * correct) / np.cumsum(weights[order])
    enough = np.flatnonzero(accuracy >= CONFIDENT_ACCURACY)
    return float(top[order][enough[-1]]) if enough.size else 1.0


def _conformal_threshold(
    true: NDArray[np.floating], weights: NDArray[np.floating], coverage: float
) -> float:
    """Return the weighted conformal quantile of the probabilities predicted for the true labels.

    The new image has the mean weight (R. J. Tibshirani et al., "Conformal Prediction Under
    Covariate Shift", NeurIPS 2019).
    """
    order = np.argsort(true, kind="stable")
    allowed = (weights.sum() + weights.mean()) * (1 - coverage)
    rank = int(np.searchsorted(np.cumsum(weights[order]), allowed, side="right"))
    return float(true[order][rank - 1]) if rank >= 1 else 0.0
