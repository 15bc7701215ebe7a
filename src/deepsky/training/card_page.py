"""Render model cards as Markdown."""

from collections.abc import Sequence
from typing import Final

from deepsky.intervals import Estimate, Proportion
from deepsky.models.card import ModelCard
from deepsky.models.metrics import Metrics
from deepsky.taxonomy import LABELS

__all__ = ["render_card"]

FEWEST: Final = 10
"""Smallest number of images for which the accuracy of a kind is reported."""


def render_card(card: ModelCard) -> str:
    """Render a card as Markdown.

    Parameters
    ----------
    card : ModelCard
        With metrics of the validation and test splits.

    Returns
    -------
    str
    """
    test, validation = card.metrics["test"], card.metrics["validation"]
    sections = [
        f"# {card.title} ({card.name} {card.version})",
        "Classifies images as galaxy, nebula, star cluster or not a deep-sky object.\n"
        "This page is generated from `card.json`.",
        "## Performance",
        f"Measured on {test.images} test images of {test.fields} fields of sky that the model was "
        "not trained on. Intervals are 95 % confidence intervals: of accuracy and F1 by resampling "
        "fields of sky, of other proportions by Wilson's method, which treats images of one field "
        "as independent. *Fair* figures also accept the second label of an image that shows two "
        "classes.",
        _headline(test),
        _classes(test),
        "Confusion matrix (rows: label; columns: answer):",
        _table(("", *LABELS), [(k, *row) for k, row in zip(LABELS, test.confusion, strict=True)]),
        f"Such figures depend on the choice of objects: on the {validation.images} validation "
        f"images, of {validation.fields} other fields, macro-F1 is "
        f"{' ('.join(_interval(validation.macro_f1))}). {_held_out(card)}",
        "## Out-of-distribution images",
        _out_of_distribution(test),
        "## Intended use",
        card.use.intended,
        "## Limits",
        card.use.limits,
        _failures(test),
        "## Training",
        _training(card),
        "## Data",
        "No field of sky is in two splits. The `out_of_distribution` images, which are of kinds "
        "that no other split has, serve only to measure novelty.",
        _table(
            ("split", "images", "fields", *LABELS),
            [
                (split, v.images, v.fields, *v.labels.values())
                for split, v in card.data.splits.items()
            ],
        ),
        _table(
            ("source", "images", "licence as stated there"),
            [(v.source, v.images, v.licence) for v in card.data.sources],
        ),
        "## Licence",
        f"{card.licence} for the network; the images are their owners'.",
    ]
    return "\n\n".join(sections) + "\n"


def _headline(test: Metrics) -> str:
    return _table(
        ("figure", "value", "95 % interval"),
        [
            ("accuracy", *_interval(test.accuracy)),
            ("macro-F1", *_interval(test.macro_f1)),
            ("accuracy, fair", *_interval(test.fair.accuracy)),
            ("macro-F1, fair", *_interval(test.fair.macro_f1)),
            ("accuracy, mean over fields of sky", f"{test.accuracy_by_field:.3f}", ""),
            ("expected calibration error", f"{test.expected_calibration_error:.3f}", ""),
            (
                "the same, of a perfectly calibrated model",
                *_interval(test.calibration_error_by_chance),
            ),
            ("coverage of the prediction sets", *_interval(test.coverage.overall)),
            *(
                (f"coverage, images of {label}", *_interval(own))
                for label, own in test.coverage.per_class.items()
            ),
            ("mean size of the prediction sets", f"{test.mean_set_size:.2f}", ""),
        ],
    )


def _held_out(card: ModelCard) -> str:
    """Return a sentence on the images that determined the input size and the calibration."""
    text = "The input size and the calibration were chosen on these images"
    if count := card.calibration.images.cross_validated:
        return f"{text} and on {count:,} training images, with cross-validated networks."
    return f"{text}."


def _classes(test: Metrics) -> str:
    return _table(
        ("class", "images", "precision", "recall", "F1", "95 % interval"),
        [
            (
                label,
                own.images,
                f"{own.precision.value:.3f}",
                f"{own.recall.value:.3f}",
                *_interval(own.f1),
            )
            for label, own in test.per_class.items()
        ],
    )


def _out_of_distribution(test: Metrics) -> str:
    if (found := test.out_of_distribution) is None:
        return "Not measured."
    kinds = found.rejected_by_kind | (test.empty_skies or {})
    familiar, rejected = found.deep_sky_familiar, found.rejected
    return (
        "Images of kinds that no training image shows. The area under the ROC curve of novelty, "
        f"for {rejected.images} such images against the deep-sky test images, is "
        f"{found.auroc:.3f}. At the model's threshold, {familiar.value:.1%} of the "
        f"{familiar.images} deep-sky test images are familiar, and {rejected.value:.1%} of the "
        "out-of-distribution images are rejected: unfamiliar, or classified as `other`. The table "
        "ends with drawn skies without an object; the training images contain other drawings of "
        "these kinds.\n\n"
    ) + _table(
        ("kind", "images", "rejected", "95 % interval"),
        [(kind, own.images, *_interval(own)) for kind, own in kinds.items()],
    )


def _failures(test: Metrics) -> str:
    """Return the kinds with the lowest accuracy."""
    kinds = {k: v for k, v in test.by_kind.items() if v.images >= FEWEST}
    worst = sorted(kinds.items(), key=lambda item: item[1].value or 0)[:5]
    table = _table(
        ("kind", "images", "accuracy", "95 % interval"),
        [(kind, own.images, *_interval(own)) for kind, own in worst],
    )
    return f"Lowest accuracies by kind, of kinds with at least {FEWEST} test images:\n\n{table}"


def _training(card: ModelCard) -> str:
    if card.training is None or card.input is None:
        names = ", ".join(member.name for member in card.members)
        return f"The calibrated logits of {names} are averaged, and the average is calibrated."
    recipe, network = card.training.recipe, card.network
    text = (
        f"From ImageNet weights: {recipe.head_epochs} epochs of the head and {recipe.epochs} of "
        f"fine-tuning with the first {recipe.frozen_stages} stages of the backbone frozen, "
        f"seed {recipe.seed}. The network has {network.parameters:,} parameters and takes images "
        f"of {card.input.size} pixels. On a sample of validation images, the probabilities of "
        f"the network exported in float32 differ from Keras's by at most "
        f"{network.largest_difference_from_keras:.1g}. The learning curves are in `card.json`."
    )
    if (quantization := network.quantization) is None:
        return text
    rounded = quantization.validation_in_eight_orientations
    return (
        f"{text}\n\nThe backbone was then quantized to int{quantization.bits}, with value "
        f"ranges measured on {quantization.calibration_images} training images of "
        f"{quantization.size} pixels; the head computes in float32. On the validation images, "
        f"each in eight orientations, quantization changed macro-F1 from "
        f"{rounded.macro_f1_before:.4f} to {rounded.macro_f1_after:.4f} and "
        f"{1 - rounded.same_label:.1%} of the labels. All figures above are of the quantized "
        "network."
    )


def _interval(estimate: Estimate | Proportion) -> tuple[str, str]:
    return f"{estimate.value:.3f}", f"{estimate.low:.3f} to {estimate.high:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
