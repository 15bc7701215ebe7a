"""Classifiers: loaded models that classify images."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration
from deepsky.models.kinds import KindHead
from deepsky.models.member import Member, Scoring, combine
from deepsky.models.preparation import Prepared, prepare
from deepsky.models.registry import DEFAULT_MODEL, find_bundle, find_members
from deepsky.models.runtime import Precision
from deepsky.pixels import ImageLike, as_rgb
from deepsky.prediction import Prediction, TimedPredictions
from deepsky.taxonomy import OTHER, Label, Verdict

__all__ = [
    "Classifier",
    "classify_prepared",
    "classify_with_each",
    "load_classifier",
    "load_classifiers",
]

BATCH = 16
"""Maximum number of images passed to a network at a time."""

MemberLoader = Callable[[ModelBundle, Precision], Member]
"""Function that loads a network. Classifiers that use the same caching function share networks."""


class Classifier:
    """A loaded model that classifies images. Safe to use from several threads.

    Parameters
    ----------
    bundle : ModelBundle
        A single model or an ensemble.
    precision : {"auto", "f32", "bf16"}
        Numerical precision of the networks; ``auto`` selects the fastest one that the CPU supports.
    load_member : callable
        Function that loads a network, given a bundle and a precision.

    Attributes
    ----------
    bundle : ModelBundle
    labels : tuple of str
        Labels of the model, in the order of the probabilities and the evidence maps.

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
        self.labels = bundle.card.labels
        members = find_members(bundle)
        self._members = [load_member(member, precision) for member, _ in members]
        self._scales = [scale for _, scale in members]
        self._calibration = Calibration.from_card(bundle.card)
        self._novelty_threshold = bundle.card.novelty.threshold
        self._kind_head = self._members[0].kind_head if len(self._members) == 1 else None

    @property
    def input_sizes(self) -> tuple[int, ...]:
        """Distinct side lengths of the networks' square inputs, in pixels, in ascending order."""
        return tuple(sorted({member.input_size for member in self._members}))

    def classify(self, image: ImageLike) -> Prediction:
        """Classify one image.

        Parameters
        ----------
        image : ndarray, PIL.Image.Image or ImageData
            An image of any size. Arrays have shape (height, width) or (height, width, 1) for grey,
            (height, width, 3) for RGB or (height, width, 4) for RGBA, with the first row at the
            top. Their dtype is uint8, uint16, or a float type with values from 0 to 1. As with
            files, uint16 and float values are stretched if they are linear, and transparent
            pixels are composited on black.

        Returns
        -------
        Prediction

        Raises
        ------
        TypeError
            If `image` has an unsupported type or dtype.
        ValueError
            If the image has no pixels, or if it is an array that has an unsupported shape or
            contains floats outside the range 0 to 1.

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
            Images of any type that `classify` accepts.

        Returns
        -------
        list of Prediction
            One prediction per image, in the order of the images.

        Raises
        ------
        TypeError, ValueError
            If an image is invalid; see `classify`.

        See Also
        --------
        deepsky.classify_many : Classify files.

        Examples
        --------
        >>> import deepsky
        >>> images = [deepsky.read_image(f"samples/{name}.jpg") for name in ("m-90", "cat")]
        >>> [p.label for p in deepsky.load_classifier().classify_batch(images)]
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
        """Convert scores to predictions. Networks run only if their scores are not cached."""
        runs = [scoring.run(member) for member in self._members]
        started = perf_counter()
        scores = combine([scores for scores, _ in runs], self._scales)
        kinds = scores.kinds
        probabilities = self._calibration.probabilities(scores.logits)
        predictions = [
            self._predict(*one)
            for one in zip(probabilities, scores.novelty, scores.evidence, strict=True)
        ]
        if self._kind_head:
            predictions = [
                self._with_kind(prediction, self._kind_head, {k: v[i] for k, v in kinds.items()})
                for i, prediction in enumerate(predictions)
            ]
        networks = sum(seconds for _, seconds in runs)
        return TimedPredictions(predictions, networks + perf_counter() - started)

    def _predict(
        self, probabilities: NDArray[np.float64], novelty: float, evidence: NDArray[np.float32]
    ) -> Prediction:
        label = self.labels[int(probabilities.argmax())]
        prediction_set = self._calibration.prediction_set(probabilities)
        return Prediction(
            label=label,
            verdict=self._verdict(label, probabilities, novelty),
            probabilities=dict(zip(self.labels, map(float, probabilities), strict=True)),
            prediction_set=prediction_set,
            novelty=float(novelty),
            evidence=evidence,
            model=self.bundle.name,
            model_version=self.bundle.version,
            model_sha256=self.bundle.sha256,
        )

    def _with_kind(
        self, prediction: Prediction, head: KindHead, kinds: Mapping[Label, NDArray[np.float64]]
    ) -> Prediction:
        if prediction.verdict == "unfamiliar":
            return prediction
        label = prediction.label
        subtype = head.assert_kind(label, prediction.probabilities[label], kinds)
        return replace(prediction, subtype=subtype)

    def _verdict(self, label: Label, probabilities: NDArray[np.float64], novelty: float) -> Verdict:
        if novelty > self._novelty_threshold and label != OTHER:
            return "unfamiliar"
        return "confident" if self._calibration.is_confident(probabilities) else "unsure"


def classify_prepared(classifier: Classifier, images: Sequence[Prepared]) -> list[Prediction]:
    """Classify images that have already been scaled to the networks' input sizes.

    Parameters
    ----------
    classifier : Classifier
    images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
        Scaled images, as returned by `deepsky.models.preparation.prepare` for the classifier's
        `input_sizes`.

    Returns
    -------
    list of Prediction
        One prediction per image, in the order of the images.
    """
    [timed] = classify_with_each([classifier], images)
    return timed.predictions


def classify_with_each(
    classifiers: Sequence[Classifier], images: Sequence[Prepared]
) -> list[TimedPredictions]:
    """Classify images with several classifiers. Networks that classifiers share run only once.

    Parameters
    ----------
    classifiers : sequence of Classifier
    images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
        Images scaled to the `input_sizes` of all classifiers; see `classify_prepared`.

    Returns
    -------
    list of TimedPredictions
        One item per classifier, in the order of the classifiers. The predictions are the same as
        those that `classify_prepared` returns.
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
        Name of an installed model; `deepsky.available_models` lists them.
    precision : {"auto", "f32", "bf16"}
        Numerical precision of the networks; ``auto`` selects the fastest one that the CPU supports.

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
    """Load several installed models. Networks that models share are loaded only once.

    Parameters
    ----------
    names : iterable of str
        Names of installed models; `deepsky.available_models` lists them.
    precision : {"auto", "f32", "bf16"}
        Numerical precision of the networks; see `load_classifier`.

    Returns
    -------
    list of Classifier
        One classifier per name, in the order of the names.

    Raises
    ------
    ModelNotFoundError
        If a model is not installed.
    ModelCorruptError
        If the files of a model are missing, damaged or inconsistent.
    """
    load_member = cache(Member)
    return [Classifier(find_bundle(name), precision, load_member) for name in names]
