"""Classifiers: loaded models that predict what images show."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import islice
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration
from deepsky.models.member import Member, Scoring, combine
from deepsky.models.preparation import Prepared, prepare
from deepsky.models.registry import DEFAULT_MODEL, find_bundle, find_members
from deepsky.models.runtime import Precision
from deepsky.pixels import ImageLike, as_rgb
from deepsky.prediction import Prediction, TimedPredictions
from deepsky.taxonomy import LABELS, Label, Verdict

__all__ = [
    "Classifier",
    "classify_prepared",
    "classify_with_each",
    "load_classifier",
    "load_classifiers",
]

BATCH = 16
"""Number of images that run through the network together."""

MemberLoader = Callable[[ModelBundle, Precision], Member]
"""Loads a network. Classifiers with the same caching loader share their networks."""


class Classifier:
    """A loaded model. Safe to use from several threads.

    Parameters
    ----------
    bundle : ModelBundle
        A single model or an ensemble.
    precision : {"auto", "f32", "bf16"}
        Arithmetic of the networks; ``auto`` selects the fastest that the processor supports.
    load_member : callable
        Loads a network from a bundle and a precision.

    Raises
    ------
    ModelCorruptError
        If the model's files are missing, damaged or inconsistent.

    See Also
    --------
    deepsky.load_classifier : Load an installed model by name.
    """

    def __init__(
        self,
        bundle: ModelBundle,
        precision: Precision = "auto",
        load_member: MemberLoader = Member,
    ) -> None:
        self.bundle = bundle
        members = find_members(bundle)
        self._members = [load_member(member, precision) for member, _ in members]
        self._scales = [scale for _, scale in members]
        self._calibration = Calibration.from_card(bundle.card)
        self._novelty_threshold = bundle.card.novelty.threshold

    @property
    def input_sizes(self) -> tuple[int, ...]:
        """Distinct sides of the networks' square inputs, in pixels, in ascending order."""
        return tuple(sorted({member.input_size for member in self._members}))

    def classify(self, image: ImageLike) -> Prediction:
        """Classify one image.

        Parameters
        ----------
        image : ndarray, PIL.Image.Image or ImageData
            The image, of any size. An array has shape (height, width), (height, width, 1),
            (height, width, 3) or (height, width, 4) for grey, RGB or RGBA, the first row at the
            top, and dtype uint8, uint16 or float, with floats from 0 to 1. uint16 and float values
            are stretched if they are linear, and transparent parts become black, as when reading
            a file.

        Returns
        -------
        Prediction

        Raises
        ------
        TypeError
            If `image` is of another type or dtype.
        ValueError
            If the array has another shape or no pixels, or floats outside 0 to 1.

        Examples
        --------
        >>> import deepsky
        >>> classifier = deepsky.load_classifier()
        >>> image = deepsky.read_image("samples/ngc-362.jpg")
        >>> classifier.classify(image).label
        'star_cluster'
        >>> classifier.classify(image.pixels / 255).label
        'star_cluster'
        """
        return self.classify_batch([image])[0]

    def classify_batch(self, images: Iterable[ImageLike]) -> list[Prediction]:
        """Classify several images, which may differ in size, type and dtype.

        Parameters
        ----------
        images : iterable of ndarray, PIL.Image.Image or ImageData
            As for `classify`.

        Returns
        -------
        list of Prediction
            One per image, in order.

        Raises
        ------
        TypeError, ValueError
            As for `classify`.

        See Also
        --------
        deepsky.classify_many : Classify files.

        Examples
        --------
        >>> import deepsky
        >>> images = [deepsky.read_image(f"samples/{name}.jpg") for name in ("m-90", "cat")]
        >>> [one.label for one in deepsky.load_classifier().classify_batch(images)]
        ['galaxy', 'other']
        """
        if isinstance(images, np.ndarray) and images.ndim < 4:
            msg = (
                f"Cannot classify an array of shape {images.shape} as a batch. Pass a list of "
                "images, or call classify for one image."
            )
            raise ValueError(msg)
        predictions: list[Prediction] = []
        iterator = iter(images)
        while batch := list(islice(iterator, BATCH)):
            prepared = [prepare(as_rgb(image), self.input_sizes) for image in batch]
            predictions.extend(classify_prepared(self, prepared))
        return predictions

    def _classify_scored(self, scoring: Scoring) -> TimedPredictions:
        """Classify images from the networks' scores, which are computed if necessary."""
        runs = [scoring.run(member) for member in self._members]
        started = perf_counter()
        scores = combine([scores for scores, _ in runs], self._scales)
        probabilities = self._calibration.probabilities(scores.logits)
        predictions = [
            self._predict(*one)
            for one in zip(probabilities, scores.novelty, scores.evidence, strict=True)
        ]
        networks = sum(seconds for _, seconds in runs)
        return TimedPredictions(predictions, networks + perf_counter() - started)

    def _predict(
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


def classify_prepared(classifier: Classifier, images: Sequence[Prepared]) -> list[Prediction]:
    """Classify images that were scaled to the networks' inputs.

    Parameters
    ----------
    classifier : Classifier
    images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
        The images as `deepsky.models.preparation.prepare` returns them for the classifier's
        `input_sizes`.

    Returns
    -------
    list of Prediction
        One per image, in order.
    """
    [timed] = classify_with_each([classifier], images)
    return timed.predictions


def classify_with_each(
    classifiers: Sequence[Classifier], images: Sequence[Prepared]
) -> list[TimedPredictions]:
    """Classify images with each of several classifiers. Networks that they share run once.

    Parameters
    ----------
    classifiers : sequence of Classifier
    images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
        As for `classify_prepared`, for the `input_sizes` of all classifiers.

    Returns
    -------
    list of TimedPredictions
        One per classifier, in order. The predictions are those that it makes alone.
    """
    batches = (images[start : start + BATCH] for start in range(0, len(images), BATCH))
    parts = [
        [one._classify_scored(scoring) for one in classifiers] for scoring in map(Scoring, batches)
    ]
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
        Name of the model, one of `deepsky.available_models`.
    precision : {"auto", "f32", "bf16"}
        Arithmetic of the networks; ``auto`` selects the fastest that the processor supports.

    Returns
    -------
    Classifier

    Raises
    ------
    ModelNotFoundError
        If no model of that name is installed.
    ModelCorruptError
        If the model's files are missing, damaged or inconsistent.

    Examples
    --------
    >>> import deepsky
    >>> deepsky.load_classifier("resnet50").input_sizes
    (256,)
    """
    return Classifier(find_bundle(name), precision)


def load_classifiers(names: Iterable[str], *, precision: Precision = "auto") -> list[Classifier]:
    """Load several installed models. Networks that they share are loaded once.

    Parameters
    ----------
    names : iterable of str
        Names of models, of `deepsky.available_models`.
    precision : {"auto", "f32", "bf16"}
        As for `load_classifier`.

    Returns
    -------
    list of Classifier
        One per name, in order.

    Raises
    ------
    ModelNotFoundError
        If a model is not installed.
    ModelCorruptError
        If files of a model are missing, damaged or inconsistent.
    """
    load_member = cache(Member)
    return [Classifier(find_bundle(name), precision, load_member) for name in names]
