"""Arrays in, predictions out: the one place where a decision is made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration
from deepsky.models.novelty import NoveltyReference
from deepsky.models.registry import DEFAULT_MODEL, find_bundle
from deepsky.models.runtime import Precision, Runtime
from deepsky.taxonomy import LABELS, Label, Verdict

__all__ = ["Classifier", "Prediction", "fit_to_input", "load_classifier"]

BATCH = 16
"""Pictures that run through the network at once."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says about one picture.

    Attributes
    ----------
    label : str
        The most probable class.
    verdict : {"confident", "unsure", "unfamiliar"}
        How far the answer can be relied on.
    probabilities : dict of label to float
        Calibrated, summing to 1, in the order of ``LABELS``.
    prediction_set : tuple of label
        The labels that cannot be ruled out, the most probable first.
    novelty : float
        How far the picture is from anything trained on, 0 to 1.
    evidence : ndarray of float32, shape (4, rows, columns)
        Where in the picture each class draws its score from; covers the whole picture.
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


def fit_to_input(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Bring a picture to a network's input: the whole of it, scaled to a square.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    size : int
        Side of the square, in pixels.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
    """
    picture = Image.fromarray(pixels)
    scaled = picture.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(scaled)


class Classifier:
    """Tells what pictures show. Safe to use from several threads.

    Parameters
    ----------
    bundle : ModelBundle
        The trained model.
    precision : {"auto", "f32", "bf16"}
        Arithmetic of the network; ``auto`` takes the fastest that the processor has.

    Raises
    ------
    ModelCorruptError
        If the model's files are missing, damaged or do not belong together.
    """

    def __init__(self, bundle: ModelBundle, precision: Precision = "auto") -> None:
        self.bundle = bundle
        self._runtime = Runtime(bundle.read_network(), bundle.card["input"]["size"], precision)
        self._calibration = Calibration.from_card(bundle.card)
        stated = bundle.card["novelty"]
        self._reference = NoveltyReference.load(bundle.directory / stated["file"])
        self._novelty_threshold: float = stated["threshold"]

    def classify(self, pixels: NDArray[np.uint8]) -> Prediction:
        """Tell what one picture shows.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (height, width, 3)
            RGB, of any size.
        """
        return self.classify_batch([pixels])[0]

    def classify_batch(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Tell what each of several pictures shows.

        Parameters
        ----------
        pictures : sequence of ndarray of uint8, shape (height, width, 3)
            RGB; sizes may differ.
        """
        predictions: list[Prediction] = []
        for start in range(0, len(pictures), BATCH):
            predictions.extend(self._classify(pictures[start : start + BATCH]))
        return predictions

    def _classify(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        size = self._runtime.input_size
        output = self._runtime.run(np.stack([fit_to_input(pixels, size) for pixels in pictures]))
        probabilities = self._calibration.probabilities(output.logits)
        novelties = self._reference.novelty(output.embedding)
        return [
            self._decide(*one)
            for one in zip(probabilities, novelties, output.evidence, strict=True)
        ]

    def _decide(
        self, probabilities: NDArray[np.float64], novelty: float, evidence: NDArray[np.float32]
    ) -> Prediction:
        prediction_set = self._calibration.prediction_set(probabilities)
        return Prediction(
            label=prediction_set[0],
            verdict=self._verdict(prediction_set, novelty),
            probabilities=dict(zip(LABELS, map(float, probabilities), strict=True)),
            prediction_set=prediction_set,
            novelty=float(novelty),
            evidence=evidence,
            model=self.bundle.name,
            model_version=self.bundle.version,
            model_sha256=self.bundle.sha256,
        )

    def _verdict(self, prediction_set: tuple[Label, ...], novelty: float) -> Verdict:
        if novelty > self._novelty_threshold:
            return "unfamiliar"
        return "confident" if len(prediction_set) == 1 else "unsure"


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
