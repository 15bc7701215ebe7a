"""Evaluates models on a split, as users run them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, Final

import numpy as np

from deepsky.classifier import Classifier
from deepsky.dataset.batches import batches
from deepsky.dataset.manifest import Example, Split
from deepsky.dataset.splits import members, sky_fields
from deepsky.dataset.synthetic_skies import SKY_KINDS
from deepsky.dataset.targets import label_indices, second_label_indices
from deepsky.evaluation.comparison import compare
from deepsky.evaluation.metrics import measure
from deepsky.evaluation.out_of_distribution import (
    DRAWN,
    draw_empty_skies,
    draw_out_of_distribution,
    measure_rejection,
    rejected,
)
from deepsky.evaluation.predictions import Predictions, predict, read_pixels
from deepsky.models.metrics import Metrics
from deepsky.models.runtime import Precision
from deepsky.taxonomy import LABELS

__all__ = ["PRECISION", "Evaluation", "evaluate", "evaluate_all"]

PRECISION: Final[Precision] = "f32"
"""What models are calibrated and measured in, so that every processor gives the same figures: bf16
adds up in another order, and to other answers, from one kind of processor to the next."""

WORST = 20


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a model does on a split.

    Attributes
    ----------
    metrics : Metrics
    answers : Predictions
    """

    metrics: Metrics
    answers: Predictions


def evaluate(classifier: Classifier, examples: Sequence[Example], split: Split) -> Evaluation:
    """Evaluate one model on a split.

    With the test split come the foreign images, on which nothing may be chosen either.

    Parameters
    ----------
    classifier : Classifier
    examples : sequence of Example
        The whole manifest, each example with its split.
    split : {"train", "validation", "test"}
    """
    chosen = members(examples, split)
    fields = [f for f, e in zip(sky_fields(examples), examples, strict=True) if e.split == split]
    parts = batches(chosen, f"Asking {classifier.bundle.name}")
    answers = predict(classifier, read_pixels(chain.from_iterable(parts)))
    metrics = measure(answers, chosen, fields)
    if split == "test":
        foreign = _ask_foreign(classifier, members(examples, "out_of_distribution"))
        metrics = metrics.model_copy(
            update={
                "out_of_distribution": measure_rejection(answers, chosen, foreign),
                "empty_skies": {
                    kind: rejected(predict(classifier, draw_empty_skies(kind)))
                    for kind in SKY_KINDS
                },
            }
        )
    return Evaluation(metrics, answers)


def evaluate_all(
    classifiers: Sequence[Classifier], examples: Sequence[Example], split: Split
) -> dict[str, Any]:
    """Evaluate models on a split, and compare them.

    Parameters
    ----------
    classifiers : sequence of Classifier
    examples : sequence of Example
        The whole manifest, each example with its split.
    split : {"train", "validation", "test"}

    Returns
    -------
    dict
        ``models``: for each, its version, hash, metrics and worst mistakes. ``comparisons``:
        each pair of models, by their first labels (see `compare`).
    """
    chosen = members(examples, split)
    evaluations = {c.bundle.name: evaluate(c, examples, split) for c in classifiers}
    correct = {name: e.answers.labels == label_indices(chosen) for name, e in evaluations.items()}
    return {
        "split": split,
        "images": len(chosen),
        "models": {
            c.bundle.name: {
                "title": c.bundle.card.title,
                "version": c.bundle.version,
                "sha256": c.bundle.sha256,
                "metrics": evaluations[c.bundle.name].metrics.as_dict(),
                "mistakes": _mistakes(evaluations[c.bundle.name].answers, chosen),
            }
            for c in classifiers
        },
        "comparisons": [
            {"first": first, "second": second, **compare(correct[first], correct[second])}
            for first, second in combinations(evaluations, 2)
        ],
    }


def _mistakes(answers: Predictions, examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Give the images whose truth got the least probability, the worst first."""
    right, second = label_indices(examples), second_label_indices(examples)
    own = answers.probabilities[np.arange(len(right)), right]
    wrong = [k for k in np.argsort(own) if answers.labels[k] != right[k]]
    return [
        {
            "path": examples[k].path.as_posix(),
            "label": examples[k].label,
            "second_label": examples[k].second_label,
            "kind": examples[k].kind,
            "answer": LABELS[answers.labels[k]],
            "probability": float(own[k]),
            "fair": bool(answers.labels[k] == second[k]),
        }
        for k in wrong[:WORST]
    ]


def _ask_foreign(classifier: Classifier, examples: Sequence[Example]) -> dict[str, Predictions]:
    collected = {
        kind: predict(classifier, read_pixels([e for e in examples if e.kind == kind]))
        for kind in sorted({e.kind for e in examples})
    }
    return collected | {kind: predict(classifier, draw_out_of_distribution(kind)) for kind in DRAWN}
