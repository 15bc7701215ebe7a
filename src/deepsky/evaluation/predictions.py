"""Classify images, and return the predictions as arrays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from numpy.typing import NDArray

from deepsky.classifier import Classifier
from deepsky.dataset.manifest import Example
from deepsky.errors import DatasetError, ImageError
from deepsky.imaging import read_image
from deepsky.models.preparation import SHORTER_SIDE
from deepsky.taxonomy import LABELS, Label

if TYPE_CHECKING:
    from deepsky.prediction import Prediction

__all__ = ["Predictions", "predict", "read_pixels"]

BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predictions for n images.

    Attributes
    ----------
    probabilities : ndarray of float, shape (n, k)
        Calibrated probabilities, in the order of ``classes``.
    sets : ndarray of bool, shape (n, k)
        Whether each label is in the prediction set.
    novelty : ndarray of float, shape (n,)
        Novelty of each image, from 0 (familiar) to 1.
    unfamiliar : ndarray of bool, shape (n,)
        Whether the verdict on each image is *unfamiliar*.
    confident : ndarray of bool, shape (n,)
        Whether the verdict on each image is *confident*.
    classes : tuple of k labels
        Labels of the model. By default, those of the shipped models.
    """

    probabilities: NDArray[np.float64]
    sets: NDArray[np.bool_]
    novelty: NDArray[np.float64]
    unfamiliar: NDArray[np.bool_]
    confident: NDArray[np.bool_]
    classes: tuple[Label, ...] = LABELS

    @property
    def labels(self) -> NDArray[np.intp]:
        """Indices of the predicted labels in ``classes``, of shape (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @classmethod
    def without_novelty(
        cls,
        probabilities: NDArray[np.float64],
        sets: NDArray[np.bool_],
        confident: NDArray[np.bool_],
        classes: tuple[Label, ...] = LABELS,
    ) -> Self:
        """Create predictions with a novelty of 0, for evaluations that do not compute novelty.

        Parameters
        ----------
        probabilities : ndarray of float, shape (n, k)
            Calibrated probabilities, in the order of ``classes``.
        sets : ndarray of bool, shape (n, k)
            Whether each label is in the prediction set.
        confident : ndarray of bool, shape (n,)
            Whether each prediction is confident.
        classes : tuple of k labels
            Labels of the model. By default, those of the shipped models.

        Returns
        -------
        Predictions
        """
        novelty = np.zeros(len(probabilities))
        return cls(probabilities, sets, novelty, novelty > 0, confident, classes)


def read_pixels(examples: Iterable[Example]) -> Iterator[NDArray[np.uint8]]:
    """Read images one by one, at the resolution used for classification.

    Parameters
    ----------
    examples : iterable of Example

    Yields
    ------
    ndarray of uint8, shape (height, width, 3)
        RGB image.

    Raises
    ------
    DatasetError
        If an image cannot be read.
    """
    for example in examples:
        try:
            image = read_image(example.path, at_least=SHORTER_SIDE)
        except ImageError as error:
            msg = f"The image {example.path} cannot be read: {error}"
            raise DatasetError(msg) from error
        yield image.pixels


def predict(classifier: Classifier, images: Iterable[NDArray[np.uint8]]) -> Predictions:
    """Classify images.

    Parameters
    ----------
    classifier : Classifier
    images : iterable of ndarray of uint8, shape (height, width, 3)
        One or more RGB images. Only one batch of images is in memory at a time.

    Returns
    -------
    Predictions
    """
    source = iter(images)
    predictions: list[Prediction] = []
    while batch := list(islice(source, BATCH)):
        predictions.extend(classifier.classify_batch(batch))
    return Predictions(
        probabilities=np.array([list(p.probabilities.values()) for p in predictions]),
        sets=np.array(
            [[label in p.prediction_set for label in classifier.labels] for p in predictions]
        ),
        novelty=np.array([p.novelty for p in predictions]),
        unfamiliar=np.array([p.verdict == "unfamiliar" for p in predictions]),
        confident=np.array([p.verdict == "confident" for p in predictions]),
        classes=classifier.labels,
    )
