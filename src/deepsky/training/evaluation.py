"""How good a classifier is, with the doubt that a finite test leaves.

Pictures of one object are not independent: the intervals come from drawing fields of sky, not
pictures, with replacement (cluster bootstrap: C. Field and A. Welsh, "Bootstrapping clustered
data", JRSS B 69, 2007).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsky.classifier import Classifier
from deepsky.imaging import read_image
from deepsky.taxonomy import LABELS
from deepsky.training.manifest import Example
from deepsky.training.progress import chunks
from deepsky.training.truth import second_truth, truth

__all__ = ["Answers", "ask", "evaluate"]

RESAMPLES = 2000
CALIBRATION_BINS = 15

Statistic = Callable[[NDArray[np.integer]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a classifier answers to n pictures.

    Attributes
    ----------
    probabilities : ndarray of float, shape (n, 4)
    sets : ndarray of bool, shape (n, 4)
        Whether each label is in the prediction set.
    unfamiliar : ndarray of bool, shape (n,)
    """

    probabilities: NDArray[np.float64]
    sets: NDArray[np.bool_]
    unfamiliar: NDArray[np.bool_]


def ask(classifier: Classifier, examples: Sequence[Example]) -> Answers:
    """Let a classifier answer, from the files, as every user does."""
    predictions = [
        prediction
        for chunk in chunks(examples, "Evaluating")
        for prediction in classifier.classify_batch([read_image(e.path).pixels for e in chunk])
    ]
    return Answers(
        probabilities=np.array([list(p.probabilities.values()) for p in predictions]),
        sets=np.array([[label in p.prediction_set for label in LABELS] for p in predictions]),
        unfamiliar=np.array([p.verdict == "unfamiliar" for p in predictions]),
    )


def evaluate(
    answers: Answers, examples: Sequence[Example], fields: Sequence[int]
) -> dict[str, Any]:
    """Measure answers against the truth.

    Parameters
    ----------
    answers : Answers
    examples : sequence of Example
        The same pictures, in the same order.
    fields : sequence of int
        The field of sky of each, from `sky_fields`.

    Returns
    -------
    dict
        ``accuracy`` and ``macro_f1`` (each with ``value``, ``low`` and ``high``, the 95 %
        interval), the same under ``fair``, where the second label of a mixed picture counts
        as right, the accuracy that weighs each object alike, figures for each class,
        the confusion matrix (rows: truth), calibration, coverage and rejection.
    """
    right, second = truth(examples), second_truth(examples)
    answer = answers.probabilities.argmax(axis=1)
    fair = np.where(answer == second, second, right)
    _, field = np.unique(fields, return_inverse=True)
    deep_sky = right != LABELS.index("other")
    return {
        "pictures": len(examples),
        "objects": int(field.max()) + 1,
        **_headline(right, answer, field),
        "fair": _headline(fair, answer, field),
        "accuracy_by_object": _by_object(answer == right, field),
        "per_class": _per_class(right, answer, field),
        "confusion": _confusion(right, answer).tolist(),
        "expected_calibration_error": _calibration_error(answers.probabilities, right),
        "coverage": _coverage(answers.sets, right),
        "mean_set_size": float(answers.sets.sum(axis=1).mean()),
        "unfamiliar": {
            "deep_sky": _share(answers.unfamiliar[deep_sky]),
            "other": _share(answers.unfamiliar[~deep_sky]),
        },
    }


def _confusion(right: NDArray[np.integer], answer: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count the pictures of each class (rows) that got each answer (columns)."""
    counts = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
    np.add.at(counts, (right, answer), 1)
    return counts


def _accuracy(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """Share of right answers, over the last two axes."""
    return np.asarray(np.trace(confusion, axis1=-2, axis2=-1) / confusion.sum(axis=(-2, -1)))


def _f1(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    """F1 of each class, over the last two axes; 0 for a class that does not occur."""
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    total = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    return np.asarray(2 * hits / np.maximum(total, 1))


def _macro_f1(confusion: NDArray[np.integer]) -> NDArray[np.float64]:
    return np.asarray(_f1(confusion).mean(axis=-1))


def _resampled(
    right: NDArray[np.integer], answer: NDArray[np.integer], field: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Confusion matrices over fields drawn with replacement, of shape (RESAMPLES, 4, 4)."""
    fields = int(field.max()) + 1
    by_field = np.zeros((fields, len(LABELS) ** 2), dtype=np.int64)
    np.add.at(by_field, (field, right * len(LABELS) + answer), 1)
    rng = np.random.default_rng(0)
    draws = rng.multinomial(fields, np.full(fields, 1 / fields), size=RESAMPLES)
    return (draws @ by_field).reshape(RESAMPLES, len(LABELS), len(LABELS))


def _estimate(value: float, resampled: NDArray[np.floating]) -> dict[str, float]:
    low, high = np.quantile(resampled, [0.025, 0.975])
    return {"value": float(value), "low": float(low), "high": float(high)}


def _headline(
    right: NDArray[np.integer], answer: NDArray[np.integer], field: NDArray[np.integer]
) -> dict[str, dict[str, float]]:
    confusion, resampled = _confusion(right, answer), _resampled(right, answer, field)
    statistics: dict[str, Statistic] = {"accuracy": _accuracy, "macro_f1": _macro_f1}
    return {
        name: _estimate(float(statistic(confusion)), statistic(resampled))
        for name, statistic in statistics.items()
    }


def _by_object(correct: NDArray[np.bool_], field: NDArray[np.integer]) -> float:
    return float((np.bincount(field, correct) / np.bincount(field)).mean())


def _per_class(
    right: NDArray[np.integer], answer: NDArray[np.integer], field: NDArray[np.integer]
) -> dict[str, dict[str, Any]]:
    confusion = _confusion(right, answer)
    f1, resampled = _f1(confusion), _f1(_resampled(right, answer, field))
    return {
        label: {
            "pictures": int(confusion[k].sum()),
            "precision": float(confusion[k, k] / max(confusion[:, k].sum(), 1)),
            "recall": float(confusion[k, k] / max(confusion[k].sum(), 1)),
            "f1": _estimate(f1[k], resampled[:, k]),
        }
        for k, label in enumerate(LABELS)
    }


def _calibration_error(probabilities: NDArray[np.floating], right: NDArray[np.integer]) -> float:
    """Give the expected calibration error (C. Guo et al., ICML 2017, eq. 3)."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == right
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, correct - confidence, minlength=CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(right))


def _coverage(sets: NDArray[np.bool_], right: NDArray[np.integer]) -> dict[str, Any]:
    """Share of pictures whose prediction set holds the right label."""
    covered = sets[np.arange(len(right)), right]
    return {
        "overall": _share(covered),
        "per_class": {k: _share(covered[right == i]) for i, k in enumerate(LABELS)},
    }


def _share(flags: NDArray[np.bool_]) -> float | None:
    """Share of true flags; None where there are none to count."""
    return float(flags.mean()) if len(flags) else None
