"""Predictions of classifiers."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deepsky.taxonomy import Label, Verdict

__all__ = ["Prediction", "TimedPredictions"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Prediction of a classifier for one image.

    Attributes
    ----------
    label : str
        The most probable class.
    verdict : {"confident", "unsure", "unfamiliar"}
        Reliability of the label; see `deepsky.Verdict`.
    probabilities : dict of label to float
        Calibrated probability of each class, in the order of `deepsky.LABELS`. The sum is 1.
    prediction_set : tuple of label
        Classes that cannot be ruled out at 95 % coverage (conformal prediction), most probable
        first. May be empty.
    novelty : float
        How much the image differs from the deep-sky images that the model was trained on, from 0
        (familiar) to 1.
    evidence : ndarray of float32, shape (4, rows, columns)
        Evidence map of each class, in the order of `deepsky.LABELS`. Each map covers the whole
        image.
    model, model_version, model_sha256 : str
        Name and version of the model, and SHA-256 of its network.

    See Also
    --------
    deepsky.models.overlay : Draw an evidence map.
    """

    label: Label
    verdict: Verdict
    probabilities: dict[Label, float]
    prediction_set: tuple[Label, ...]
    novelty: float
    evidence: NDArray[np.float32] = field(repr=False)
    model: str
    model_version: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class TimedPredictions:
    """Predictions of one classifier for several images, and the time taken to compute them.

    Attributes
    ----------
    predictions : list of Prediction
    seconds : float
        Duration in seconds, including the full run time of networks that are shared with other
        classifiers.
    """

    predictions: list[Prediction]
    seconds: float
