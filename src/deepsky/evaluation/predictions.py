"""What classifiers answer, asked as every user asks them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from deepsky.classifier import Classifier, Prediction
from deepsky.dataset.manifest import Example
from deepsky.imaging import read_image
from deepsky.models.preparation import SHORTER_SIDE
from deepsky.taxonomy import LABELS

__all__ = ["Predictions", "predict", "read_pixels"]

AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a classifier answers to n images.

    Attributes
    ----------
    probabilities : ndarray of float, shape (n, 4)
    sets : ndarray of bool, shape (n, 4)
        Whether each label is in the prediction set.
    novelty : ndarray of float, shape (n,)
    unfamiliar : ndarray of bool, shape (n,)
    """

    probabilities: NDArray[np.float64]
    sets: NDArray[np.bool_]
    novelty: NDArray[np.float64]
    unfamiliar: NDArray[np.bool_]

    @property
    def labels(self) -> NDArray[np.intp]:
        """Index of each answer in ``LABELS``, of shape (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))


def read_pixels(examples: Iterable[Example]) -> Iterator[NDArray[np.uint8]]:
    """Read images, one after the other, as finely as they are read to be classified."""
    return (read_image(example.path, at_least=SHORTER_SIDE).pixels for example in examples)


def predict(classifier: Classifier, images: Iterable[NDArray[np.uint8]]) -> Predictions:
    """Let a classifier answer.

    Parameters
    ----------
    classifier : Classifier
    images : iterable of ndarray of uint8, shape (height, width, 3)
        RGB. A few are held at a time.
    """
    source = iter(images)
    predictions: list[Prediction] = []
    while several := list(islice(source, AT_ONCE)):
        predictions.extend(classifier.classify_batch(several))
    return Predictions(
        probabilities=np.array([list(p.probabilities.values()) for p in predictions]),
        sets=np.array([[label in p.prediction_set for label in LABELS] for p in predictions]),
        novelty=np.array([p.novelty for p in predictions]),
        unfamiliar=np.array([p.verdict == "unfamiliar" for p in predictions]),
    )
