"""Arrays in, predictions out: the one place where a decision is made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration
from deepsky.models.member import Member, Scoring, combine
from deepsky.models.preparation import Prepared, prepare
from deepsky.models.registry import DEFAULT_MODEL, find_bundle, members_of
from deepsky.models.runtime import Precision
from deepsky.taxonomy import LABELS, Label, Verdict

__all__ = [
    "Classifier",
    "Prediction",
    "TimedPredictions",
    "classify_with_each",
    "load_classifier",
    "load_classifiers",
]

BATCH = 16
"""Images that run through the network at once."""

MemberLoader = Callable[[ModelBundle, Precision], Member]
"""Loads a network; with a memory, classifiers that ask the same one share it."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says about one image.

    Attributes
    ----------
    label : str
        The most probable class.
    verdict : {"confident", "unsure", "unfamiliar"}
        How far the answer can be relied on.
    probabilities : dict of label to float
        Calibrated, summing to 1, in the order of ``LABELS``.
    prediction_set : tuple of label
        The labels that are as probable as they are for 95 % of their images, the most probable
        first. Empty where the network doubts more than that.
    novelty : float
        How far the image is from any deep-sky image trained on, 0 to 1.
    evidence : ndarray of float32, shape (4, rows, columns)
        Where in the image each class draws its score from; covers the whole image.
    model, model_version, model_sha256 : str
        Which model said so.
    """

    label: Label
    verdict: Verdict
    probabilities: dict[Label, float]
    prediction_set: tuple[Label, ...]
    novelty: float
    evidence: NDArray[np.float32]
    model: str
    model_version: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class TimedPredictions:
    """What a classifier says about several images, and how long it took.

    Attributes
    ----------
    predictions : list of Prediction
    seconds : float
        As if the classifier had been asked alone: the time of a network that it shares with
        others is counted in full.
    """

    predictions: list[Prediction]
    seconds: float


class Classifier:
    """Tells what images show. Safe to use from several threads.

    Parameters
    ----------
    bundle : ModelBundle
        The trained model, or an ensemble of models.
    precision : {"auto", "f32", "bf16"}
        Arithmetic of the network; ``auto`` takes the fastest that the processor has.
    load_member : callable
        Loads the networks.

    Raises
    ------
    ModelCorruptError
        If the model's files are missing, damaged or do not belong together.
    """

    def __init__(
        self,
        bundle: ModelBundle,
        precision: Precision = "auto",
        load_member: MemberLoader = Member,
    ) -> None:
        self.bundle = bundle
        members = members_of(bundle)
        self._members = [load_member(member, precision) for member, _ in members]
        self._scales = [scale for _, scale in members]
        self._calibration = Calibration.from_card(bundle.card)
        self._novelty_threshold = bundle.card.novelty.threshold

    @property
    def input_sizes(self) -> tuple[int, ...]:
        """Sides of the square images that the networks see, in pixels: each once, ascending."""
        return tuple(sorted({member.input_size for member in self._members}))

    def classify(self, pixels: NDArray[np.uint8]) -> Prediction:
        """Tell what one image shows.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (height, width, 3)
            RGB, of any size.
        """
        return self.classify_batch([pixels])[0]

    def classify_batch(self, images: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Tell what each of several images shows.

        Parameters
        ----------
        images : sequence of ndarray of uint8, shape (height, width, 3)
            RGB; sizes may differ.
        """
        predictions: list[Prediction] = []
        for start in range(0, len(images), BATCH):
            batch = images[start : start + BATCH]
            predictions.extend(
                self.classify_prepared([prepare(pixels, self.input_sizes) for pixels in batch])
            )
        return predictions

    def classify_prepared(self, images: Sequence[Prepared]) -> list[Prediction]:
        """Tell what each of several images shows that were brought to the input elsewhere.

        Parameters
        ----------
        images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
            What `deepsky.models.preparation.prepare` makes of each for `input_sizes`.
        """
        [said] = classify_with_each([self], images)
        return said.predictions

    def decide(self, scoring: Scoring) -> TimedPredictions:
        """Tell what images show, from what the networks make of them.

        Parameters
        ----------
        scoring : Scoring
            Runs the networks, where that has not happened for another classifier already.
        """
        runs = [scoring.run(member) for member in self._members]
        started = perf_counter()
        scores = combine([scores for scores, _ in runs], self._scales)
        probabilities = self._calibration.probabilities(scores.logits)
        predictions = [
            self._decide(*one)
            for one in zip(probabilities, scores.novelty, scores.evidence, strict=True)
        ]
        networks = sum(seconds for _, seconds in runs)
        return TimedPredictions(predictions, networks + perf_counter() - started)

    def _decide(
        self, probabilities: NDArray[np.float64], novelty: float, evidence: NDArray[np.float32]
    ) -> Prediction:
        label = LABELS[int(probabilities.argmax())]
        prediction_set = self._calibration.prediction_set(probabilities)
        return Prediction(
            label=label,
            verdict=self._verdict(label, prediction_set, novelty),
            probabilities=dict(zip(LABELS, map(float, probabilities), strict=True)),
            prediction_set=prediction_set,
            novelty=float(novelty),
            evidence=evidence,
            model=self.bundle.name,
            model_version=self.bundle.version,
            model_sha256=self.bundle.sha256,
        )

    def _verdict(self, label: Label, prediction_set: tuple[Label, ...], novelty: float) -> Verdict:
        if novelty > self._novelty_threshold and label != "other":
            return "unfamiliar"
        return "confident" if prediction_set == (label,) else "unsure"


def classify_with_each(
    classifiers: Sequence[Classifier], images: Sequence[Prepared]
) -> list[TimedPredictions]:
    """Ask several classifiers about the same images; a network that some share runs once.

    Parameters
    ----------
    classifiers : sequence of Classifier
    images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
        What `deepsky.models.preparation.prepare` makes of each, for the `input_sizes` of all.

    Returns
    -------
    list of TimedPredictions
        What each says, in order: the same as alone.
    """
    batches = (images[start : start + BATCH] for start in range(0, len(images), BATCH))
    parts = [[one.decide(scoring) for one in classifiers] for scoring in map(Scoring, batches)]
    return [
        TimedPredictions(
            [prediction for part in parts for prediction in part[k].predictions],
            sum(part[k].seconds for part in parts),
        )
        for k in range(len(classifiers))
    ]


def load_classifier(name: str = DEFAULT_MODEL, *, precision: Precision = "auto") -> Classifier:
    """Load an installed model.

    Parameters
    ----------
    name : str
        One of `deepsky.models.available_models`.
    precision : {"auto", "f32", "bf16"}

    Raises
    ------
    ModelNotFoundError
        If no model of that name is installed.
    ModelCorruptError
        If its files are missing, damaged or do not belong together.
    """
    return Classifier(find_bundle(name), precision)


def load_classifiers(names: Iterable[str], *, precision: Precision = "auto") -> list[Classifier]:
    """Load several installed models; a network that some share is loaded once.

    Parameters
    ----------
    names : iterable of str
        Of `deepsky.models.available_models`.
    precision : {"auto", "f32", "bf16"}

    Raises
    ------
    ModelNotFoundError
        If no model of such a name is installed.
    ModelCorruptError
        If files are missing, damaged or do not belong together.
    """
    load_member = cache(Member)
    return [Classifier(find_bundle(name), precision, load_member) for name in names]
