"""From scores to probabilities that can be believed, and sets that hold the truth.

Temperature scaling: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
Class-conditional conformal sets with the score 1 - p: M. Sadinle, J. Lei and L. Wasserman,
"Least Ambiguous Set-Valued Classifiers with Bounded Error Levels", JASA 114, 2019.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from deepsky.models.card import CalibrationFacts, CalibrationImages, ModelCard
from deepsky.taxonomy import LABELS, Label

__all__ = ["Calibration", "softmax"]

TEMPERATURES = np.geomspace(0.2, 5.0, 400)


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Turn scores into probabilities along the last axis."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a model's scores become probabilities and prediction sets.

    Attributes
    ----------
    temperature : float
        The scores are divided by it.
    coverage : float
        The share of images whose prediction set is to hold the right label, 0 to 1.
    thresholds : mapping of label to float
        A label is in the prediction set when its probability reaches its threshold.
    """

    temperature: float
    coverage: float
    thresholds: Mapping[Label, float]

    @classmethod
    def fit(
        cls, logits: NDArray[np.floating], truth: NDArray[np.integer], coverage: float = 0.95
    ) -> Self:
        """Fit on images that the network was not trained on.

        Parameters
        ----------
        logits : ndarray of float, shape (n, 4)
        truth : ndarray of int, shape (n,)
            Index of the right label in ``LABELS``; each label must occur.
        coverage : float
            Share of the images of each class whose set is to hold the right label.
        """
        rows = np.arange(len(truth))
        losses = [-np.log(softmax(logits / t)[rows, truth] + 1e-12).mean() for t in TEMPERATURES]
        temperature = float(TEMPERATURES[int(np.argmin(losses))])
        own = softmax(logits / temperature)[rows, truth]
        thresholds: dict[Label, float] = {
            label: _conformal_threshold(own[truth == index], coverage)
            for index, label in enumerate(LABELS)
        }
        return cls(temperature, coverage, thresholds)

    @classmethod
    def from_card(cls, card: ModelCard) -> Self:
        """Return the calibration that a model card states."""
        facts = card.calibration
        return cls(facts.temperature, facts.coverage, facts.thresholds)

    def facts(self, images: CalibrationImages) -> CalibrationFacts:
        """Return the calibration as a model card states it.

        Parameters
        ----------
        images : CalibrationImages
            Numbers of images that the calibration was fitted on.
        """
        return CalibrationFacts(
            temperature=self.temperature,
            coverage=self.coverage,
            thresholds=dict(self.thresholds),
            images=images,
        )

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Calibrated probabilities: of the shape of ``logits``, sums of 1 along its last axis."""
        return softmax(logits / self.temperature)

    def prediction_set(self, probabilities: NDArray[np.floating]) -> tuple[Label, ...]:
        """Labels that reach their thresholds, the most probable first.

        None may: a network that is right more often than the coverage asks for is, where it
        doubts, below all thresholds.

        Parameters
        ----------
        probabilities : ndarray of float, shape (4,)
        """
        order = np.argsort(-probabilities, kind="stable")
        return tuple(LABELS[k] for k in order if probabilities[k] >= self.thresholds[LABELS[k]])


def _conformal_threshold(own: NDArray[np.floating], coverage: float) -> float:
    """Probability that all but the allowed share of ``own`` reach, with the finite-sample term."""
    rank = int(np.floor((len(own) + 1) * (1 - coverage)))
    return float(np.sort(own)[rank - 1]) if rank >= 1 else 0.0
