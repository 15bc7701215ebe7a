"""Evaluate models on a split, with the same classifier that ``deepsky classify`` uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.classifier import Classifier
from deepsky.dataset.batches import batches
from deepsky.dataset.manifest import HELD_OUT_SOURCES, Example, Split
from deepsky.dataset.splits import members, sky_fields
from deepsky.dataset.synthetic_skies import SKY_KINDS
from deepsky.dataset.targets import label_indices, second_label_indices
from deepsky.errors import DatasetError
from deepsky.evaluation.comparison import compare
from deepsky.evaluation.metrics import measure
from deepsky.evaluation.out_of_distribution import (
    DRAWN_KINDS,
    draw_empty_skies,
    draw_images,
    measure_rejection,
    rejected,
)
from deepsky.evaluation.predictions import Predictions, predict, read_pixels
from deepsky.models.metrics import Metrics
from deepsky.models.runtime import Precision
from deepsky.taxonomy import OTHER, order_labels

__all__ = ["PRECISION", "Evaluation", "evaluate", "evaluate_all", "require_evaluation_images"]

PRECISION: Final[Precision] = "f32"
"""Precision for calibration and evaluation. In float32, the metrics are the same on all CPUs. In
bf16, results differ between types of CPUs, because the CPUs add numbers in different orders."""

WORST: Final = 20
"""Maximum number of misclassified images per model in the report."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Result of evaluating a model on a split.

    Attributes
    ----------
    metrics : Metrics
    predictions : Predictions
        Predictions for the images of the split, in the order of the manifest.
    """

    metrics: Metrics
    predictions: Predictions


def evaluate(classifier: Classifier, examples: Sequence[Example], split: Split) -> Evaluation:
    """Evaluate a model on a split.

    If the split is the test split, novelty is also evaluated, on out-of-distribution images and on
    synthetic skies without a deep-sky object. Confidence intervals are computed by resampling
    fields of sky or, for splits of whole sources, sources. Results on the test splits must not be
    used to choose models or settings.

    Parameters
    ----------
    classifier : Classifier
    examples : sequence of Example
        All images of the manifest, with their splits.
    split : str
        One of `SPLITS`, except ``out_of_distribution``.

    Returns
    -------
    Evaluation

    Raises
    ------
    DatasetError
        If the split has no images, if it is the test split and has no images of deep-sky objects,
        if an image cannot be read, or if the model does not have the label of an image.
    """
    require_evaluation_images(examples, split)
    chosen = members(examples, split)
    _require_labels(classifier, chosen)
    fields = [f for f, e in zip(sky_fields(examples), examples, strict=True) if e.split == split]
    sources = [example.source for example in chosen]
    clusters = [sources.index(s) for s in sources] if split in HELD_OUT_SOURCES else fields
    parts = batches(chosen, f"Evaluating {classifier.bundle.name}")
    predictions = predict(classifier, read_pixels(chain.from_iterable(parts)))
    metrics = measure(predictions, chosen, fields, clusters)
    if split == "test":
        unknown = _predict_unknown(classifier, members(examples, "out_of_distribution"))
        metrics = metrics.model_copy(
            update={
                "out_of_distribution": measure_rejection(predictions, chosen, unknown),
                "empty_skies": {
                    kind: rejected(predict(classifier, draw_empty_skies(kind)))
                    for kind in SKY_KINDS
                },
            }
        )
    return Evaluation(metrics, predictions)


def require_evaluation_images(examples: Sequence[Example], split: Split) -> None:
    """Raise an error if a split has too few images to evaluate a model.

    Parameters
    ----------
    examples : sequence of Example
        All images of the manifest, with their splits.
    split : str
        One of `SPLITS`, except ``out_of_distribution``.

    Raises
    ------
    DatasetError
        If the split has no images, or if it is the test split and has no images of deep-sky
        objects.
    """
    chosen = members(examples, split)
    if not chosen:
        msg = (
            f"The manifest has no images in the {split} split. "
            "Add images, or evaluate on a different split."
        )
        raise DatasetError(msg)
    if split == "test" and all(example.label == OTHER for example in chosen):
        msg = (
            "The test split has no images with a label other than 'other', but the evaluation of "
            "novelty needs at least one such image. Add images, or evaluate on the validation "
            "split."
        )
        raise DatasetError(msg)


def _require_labels(classifier: Classifier, examples: Sequence[Example]) -> None:
    needed = {label for e in examples for label in (e.label, e.second_label) if label}
    if missing := order_labels(needed.difference(classifier.labels)):
        msg = (
            f"The model {classifier.bundle.name} has the labels {', '.join(classifier.labels)}, "
            f"but the manifest has images of {', '.join(missing)}. Choose another model (--model), "
            "or another manifest."
        )
        raise DatasetError(msg)


def evaluate_all(
    classifiers: Sequence[Classifier], examples: Sequence[Example], split: Split
) -> dict[str, Any]:
    """Evaluate models on a split, and compare each pair of models.

    Parameters
    ----------
    classifiers : sequence of Classifier
    examples : sequence of Example
        All images of the manifest, with their splits.
    split : str
        One of `SPLITS`, except ``out_of_distribution``.

    Returns
    -------
    dict
        A dictionary with these keys: ``split``; ``images``, the number of images; ``labels``, the
        labels of the models; ``models``, the
        title, version, hash, metrics and worst mistakes of each model, by model name; and
        ``comparisons``, the comparison of each pair of models (see `compare`).

    Raises
    ------
    DatasetError
        If the split has no images, if it is the test split and has no images of deep-sky objects,
        or if an image cannot be read.

    See Also
    --------
    deepsky.evaluation.report.write_report : Write a report of the result.
    """
    chosen = members(examples, split)
    evaluations = {c.bundle.name: evaluate(c, examples, split) for c in classifiers}
    correct = {name: _is_correct(e.predictions, chosen) for name, e in evaluations.items()}
    return {
        "split": split,
        "images": len(chosen),
        "labels": order_labels(label for c in classifiers for label in c.labels),
        "models": {
            c.bundle.name: _describe(c, evaluations[c.bundle.name], chosen) for c in classifiers
        },
        "comparisons": [
            {"first": first, "second": second, **compare(correct[first], correct[second])}
            for first, second in combinations(evaluations, 2)
        ],
    }


def _is_correct(predictions: Predictions, examples: Sequence[Example]) -> NDArray[np.bool_]:
    return np.asarray(predictions.labels == label_indices(examples, predictions.classes))


def _describe(
    classifier: Classifier, evaluation: Evaluation, examples: Sequence[Example]
) -> Mapping[str, Any]:
    return {
        "title": classifier.bundle.card.title,
        "version": classifier.bundle.version,
        "sha256": classifier.bundle.sha256,
        "labels": classifier.labels,
        "metrics": evaluation.metrics.as_dict(),
        "mistakes": _mistakes(evaluation.predictions, examples),
    }


def _mistakes(predictions: Predictions, examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Return the misclassified images in ascending order of the probability of their label."""
    classes = predictions.classes
    labels = label_indices(examples, classes)
    second = second_label_indices(examples, classes)
    probabilities = predictions.probabilities[np.arange(len(labels)), labels]
    wrong = [k for k in np.argsort(probabilities) if predictions.labels[k] != labels[k]]
    return [
        {
            "path": examples[k].path.as_posix(),
            "label": examples[k].label,
            "second_label": examples[k].second_label,
            "kind": examples[k].kind,
            "answer": classes[predictions.labels[k]],
            "probability": float(probabilities[k]),
            "fair": bool(predictions.labels[k] == second[k]),
        }
        for k in wrong[:WORST]
    ]


def _predict_unknown(classifier: Classifier, examples: Sequence[Example]) -> dict[str, Predictions]:
    """Return predictions for out-of-distribution examples and synthetic images, by kind."""
    collected = {
        kind: predict(classifier, read_pixels([e for e in examples if e.kind == kind]))
        for kind in sorted({e.kind for e in examples})
    }
    return collected | {kind: predict(classifier, draw_images(kind)) for kind in DRAWN_KINDS}
