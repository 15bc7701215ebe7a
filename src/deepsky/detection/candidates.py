"""Candidates: boxes that may contain an object, and how probably they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.classifier import Classifier, classify_prepared
from deepsky.detection.boxes import Box
from deepsky.detection.brightness import bright_boxes
from deepsky.detection.cutouts import prepare_cutout
from deepsky.detection.evidence_map import EvidenceMap
from deepsky.detection.windows import choose_windows
from deepsky.taxonomy import Label

__all__ = [
    "CONTRAST",
    "INTERCEPT",
    "MAX_OVERLAP",
    "SIZE",
    "Candidate",
    "find_candidates",
    "suppress",
    "to_probability",
]

MAX_OVERLAP: Final = 0.3
"""Maximum intersection over union of two candidates that are both kept."""

INTERCEPT: Final = -0.75
CONTRAST: Final = 0.51
SIZE: Final = 1.70


@dataclass(frozen=True, slots=True)
class Candidate:
    """A box that may contain an object.

    Attributes
    ----------
    box : Box
    label : Label
        Class of the object.
    contrast : float
        Evidence for the label in the box minus evidence around it, in calibrated log-odds.
    size : float
        Natural logarithm of the square root of the box's share of the image.
    """

    box: Box
    label: Label
    contrast: float
    size: float

    @property
    def probability(self) -> float:
        """Probability that the box contains an object of this class; see `to_probability`."""
        return to_probability(self.contrast, self.size)


def to_probability(contrast: float, size: float) -> float:
    """Convert the contrast and the size of a candidate to a probability.

    The coefficients of this logistic regression are the result of ``python -m benchmarks.find``.

    Parameters
    ----------
    contrast, size : float
        See `Candidate`.

    Returns
    -------
    float
        From 0 to 1.
    """
    return 1 / (1 + exp(-(INTERCEPT + CONTRAST * contrast + SIZE * size)))


def find_candidates(classifier: Classifier, pixels: NDArray[np.uint8]) -> list[Candidate]:
    """Find boxes that may contain an object.

    Boxes are bright regions. Each gets the label for which the networks find most evidence in it,
    in windows of several sizes.

    Parameters
    ----------
    classifier : Classifier
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB image.

    Returns
    -------
    list of Candidate
        All candidates, which may overlap; see `suppress`.
    """
    evidence = _map_evidence(classifier, pixels)
    height, width = pixels.shape[:2]
    rows, columns = evidence.values.shape[1:]
    candidates = []
    for box in bright_boxes(pixels, rows, columns):
        label = evidence.best_label(box)
        size = log(sqrt(box.area / (width * height)))
        candidates.append(Candidate(box, label, evidence.contrast(box, label), size))
    return candidates


def suppress(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Leave out candidates that overlap with more probable ones (non-maximum suppression).

    Parameters
    ----------
    candidates : iterable of Candidate

    Returns
    -------
    list of Candidate
        The most probable first.
    """
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda each: each.probability, reverse=True):
        if all(one.box.iou(other.box) <= MAX_OVERLAP for other in kept):
            kept.append(one)
    return kept


def _map_evidence(classifier: Classifier, pixels: NDArray[np.uint8]) -> EvidenceMap:
    height, width = pixels.shape[:2]
    scales = []
    for boxes in choose_windows(width, height):
        prepared = [prepare_cutout(pixels, box, classifier.input_sizes) for box in boxes]
        scales.append(zip(boxes, classify_prepared(classifier, prepared), strict=True))
    temperature = classifier.bundle.card.calibration.temperature
    return EvidenceMap.average(scales, classifier.labels, temperature, (width, height))
