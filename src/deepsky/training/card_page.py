"""Render model cards as Markdown."""

from collections.abc import Sequence
from typing import Final

from deepsky.intervals import Estimate, Proportion
from deepsky.models.card import KindPrecision, ModelCard, RecipeFacts
from deepsky.models.metrics import Metrics
from deepsky.taxonomy import LABELS

__all__ = ["render_card"]

FEWEST: Final = 10
"""Minimum number of test images for which the accuracy on a kind of object is reported."""


def render_card(card: ModelCard) -> str:
    """Render a card as Markdown.

    Parameters
    ----------
    card : ModelCard
        A card that contains the metrics of the validation and test splits and, optionally, of
        new sources.

    Returns
    -------
    str
        The Markdown text.
    """
    test, validation = card.metrics["test"], card.metrics["validation"]
    sections = [
        f"# {card.title} ({card.name} {card.version})",
        f"This model classifies images as {_classes_in_words(card)}.\n"
        "This page is generated from `card.json`.",
        *_new_sources(card),
        "## Performance on new objects",
        f"The model was evaluated on {test.images} test images of {test.fields} fields of sky. It "
        "was not trained on images of these fields. The intervals of accuracy and F1 are 95 % "
        "bootstrap intervals, obtained by resampling fields of sky. The intervals of other "
        "proportions are 95 % Wilson intervals, which treat images of one field as independent. "
        "In *fair* metrics, the second label of an image that shows two classes is also counted as "
        "correct.",
        _headline(test),
        _classes(test),
        "Confusion matrix (rows: label; columns: predicted label):",
        _confusion(card, test),
        "The metrics depend on which objects the images show. On the "
        f"{validation.images} validation images, which show {validation.fields} fields of sky that "
        "no test image shows, macro-F1 is "
        f"{' ('.join(_interval(validation.macro_f1))}). {_held_out(card)}",
        *_kinds(card),
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
        "In the splits `train`, `validation` and `test`, all images of a field of sky are in the "
        "same split. `source_validation` and `source_test` contain all images of photographers "
        "who do not occur in training. `out_of_distribution` contains images that do not show the "
        "sky. It is used only to evaluate novelty.",
        _table(
            ("split", "images", "fields", *card.labels),
            [
                (split, v.images, v.fields, *v.labels.values())
                for split, v in card.data.splits.items()
            ],
        ),
        _table(
            ("source", "images", "licence according to the source"),
            [(v.source, v.images, v.licence) for v in card.data.sources],
        ),
        "## Licence",
        f"The licence of the network is {card.licence}: it may be used, changed and redistributed, "
        "also commercially. It contains no images, and its licence gives no rights to the images "
        "on which it was trained: these rights remain with the owners of the images. The table of "
        "sources above states the licence of each source; some exclude commercial use, and many "
        "sources state none. Whether training on images needs the permission of their owners "
        "depends on the law of your country. To use only images with certain terms, remove the "
        "other rows from the manifest, and train a model with `deepsky train`. The backbone was "
        "pretrained by others on ImageNet.",
    ]
    return "\n\n".join(sections) + "\n"


def _new_sources(card: ModelCard) -> list[str]:
    """Render the metrics on images of sources that do not occur in training, if measured."""
    if (metrics := card.metrics.get("source_test")) is None:
        return []
    return [
        "## Performance on new sources",
        f"The model was evaluated on all {metrics.images} images of {len(metrics.by_source)} "
        "photographers who do not occur in the training images. This is what to expect for your "
        "own images. The intervals of accuracy and F1 are 95 % bootstrap intervals, obtained by "
        "resampling photographers.",
        _headline(metrics),
        _classes(metrics),
    ]


def _kinds(card: ModelCard) -> list[str]:
    """Render how reliably kinds of objects are predicted, if the model predicts any."""
    if card.kinds is None:
        return []
    rows = [
        (
            kind,
            f"{one.images} ({one.fields})",
            "never" if one.threshold is None else f"{one.threshold:.2f}",
            *(_kind_precision(part) for part in (one.validation, one.test, one.source_test)),
            f"{one.recognized.count} of {one.recognized.images}",
        )
        for kinds in card.kinds.by_label.values()
        for kind, one in kinds.items()
    ]
    return [
        "## Kinds",
        "If the object is not known by its name or its place on the sky, its kind is predicted "
        "from the pixels, or not at all: a kind is asserted only from the stated probability. The "
        "same holds for the kinds of images that do not show a deep-sky object. Training images "
        "are followed by the number of fields of sky; for deep-sky objects, only fields with a "
        "name are counted; for other images, all that do not resemble each other. For each split, "
        "the table shows how many assertions are correct, and the 95 % Wilson interval of this "
        "share, computed from fields of sky instead of images; for kinds that are never asserted, "
        "at a probability of 0.5. The last column is the share of the images of the kind in both "
        "test splits for which it is asserted. A kind is never asserted if fewer than 30 such "
        "fields were in training, if too few validation images show it, or if less than 90 % of "
        "the assertions in the test splits are correct.",
        _table(
            ("kind", "training", "asserted from", "validation", "test", "new sources", "found"),
            rows,
        ),
    ]


def _kind_precision(precision: KindPrecision) -> str:
    images, fields = precision.images, precision.fields
    if not images.images:
        return "0 of 0"
    return f"{images.count} of {images.images} ({fields.low:.2f} to {fields.high:.2f})"


def _classes_in_words(card: ModelCard) -> str:
    names = [label.replace("_", " ") for label in card.labels]
    if card.labels == LABELS:
        names[-1] = "not a deep-sky object"
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _confusion(card: ModelCard, test: Metrics) -> str:
    rows = [(label, *row) for label, row in zip(card.labels, test.confusion, strict=True)]
    return _table(("", *card.labels), rows)


def _headline(test: Metrics) -> str:
    return _table(
        ("metric", "value", "95 % interval"),
        [
            ("accuracy", *_interval(test.accuracy)),
            ("macro-F1", *_interval(test.macro_f1)),
            ("accuracy, fair", *_interval(test.fair.accuracy)),
            ("macro-F1, fair", *_interval(test.fair.macro_f1)),
            ("accuracy, averaged over fields of sky", f"{test.accuracy_by_field:.3f}", ""),
            ("expected calibration error", f"{test.expected_calibration_error:.3f}", ""),
            (
                "expected calibration error of a perfectly calibrated model",
                *_interval(test.calibration_error_by_chance),
            ),
            ("coverage of the prediction sets", *_interval(test.coverage.overall)),
            *(
                (f"coverage of the class {label}", *_interval(own))
                for label, own in test.coverage.per_class.items()
            ),
            *_confident(test),
            ("mean size of the prediction sets", f"{test.mean_set_size:.2f}", ""),
        ],
    )


def _confident(test: Metrics) -> list[tuple[str, str, str]]:
    if (confident := test.confident) is None or not confident.accuracy.images:
        return []
    return [
        ("accuracy of confident predictions", *_interval(confident.accuracy)),
        ("share of confident predictions", *_interval(confident.share)),
    ]


def _held_out(card: ModelCard) -> str:
    """Describe the images used to choose the input size and to calibrate the model."""
    text = "The input size and the calibration were determined on the validation images"
    if count := card.calibration.images.cross_validated:
        return f"{text} and on {count:,} training images, using cross-validation."
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
        f"Novelty was evaluated on {rejected.images} images that do not show the sky. "
        "The area under the ROC curve for separating these images from the deep-sky test images is "
        f"{found.auroc:.3f}. With the model's threshold, {familiar.value:.1%} of the "
        f"{familiar.images} deep-sky test images are familiar, and {rejected.value:.1%} of the "
        "out-of-distribution images are rejected. An image is rejected if it is unfamiliar or "
        "classified as `other`. The last rows of the table show synthetic skies without a deep-sky "
        "object. Synthetic skies of the same kinds are used in training.\n\n"
    ) + _table(
        ("kind", "images", "rejected", "95 % interval"),
        [(kind, own.images, *_interval(own)) for kind, own in kinds.items()],
    )


def _failures(test: Metrics) -> str:
    """Render a table of the kinds of objects with the lowest accuracy."""
    kinds = {k: v for k, v in test.by_kind.items() if v.images >= FEWEST}
    worst = sorted(kinds.items(), key=lambda item: item[1].value or 0)[:5]
    table = _table(
        ("kind", "images", "accuracy", "95 % interval"),
        [(kind, own.images, *_interval(own)) for kind, own in worst],
    )
    return (
        "Kinds of objects with the lowest accuracy, among kinds with at least "
        f"{FEWEST} test images:\n\n{table}"
    )


def _training(card: ModelCard) -> str:
    if card.training is None or card.input is None:
        factors = ", ".join(f"{member.name} {member.scale:.2f}" for member in card.members)
        return (
            "The ensemble adds the logits of its members, multiplied by factors that minimize the "
            f"cross-entropy on the images used for calibration: {factors}."
        )
    recipe, network = card.training.recipe, card.network
    text = (
        f"{_initial(recipe)} {_head(recipe)}The network was fine-tuned for {recipe.epochs} epochs, "
        f"with {recipe.frozen_stages} frozen stages of the backbone. {_repeated(recipe)}"
        f"{_averaged(recipe)}The random seed was {recipe.seed}. The network has "
        f"{network.parameters:,} parameters, and its input size is {card.input.size} pixels. On a "
        "sample of validation images, the probabilities predicted by the exported network in "
        "float32 differ from those predicted by the Keras network by at most "
        f"{network.largest_difference_from_keras:.1g}. The learning curves are in `card.json`."
    )
    if (quantization := network.quantization) is None:
        return text
    rounded = quantization.validation_in_eight_orientations
    return (
        f"{text}\n\nThe backbone was then quantized to int{quantization.bits}. The ranges of "
        f"activations were measured on {quantization.calibration_images} training images at "
        f"{quantization.size} pixels. The head remains in float32. On the validation images in "
        "eight orientations, quantization changed macro-F1 from "
        f"{rounded.macro_f1_before:.4f} to {rounded.macro_f1_after:.4f}, and the predicted label "
        f"of {1 - rounded.same_label:.1%} of the images. All metrics above were measured with the "
        "quantized network."
    )


def _initial(recipe: RecipeFacts) -> str:
    if recipe.continued_from is None:
        return "The initial weights of the backbone are ImageNet weights."
    return f"The initial weights are those of the model {recipe.continued_from}."


def _head(recipe: RecipeFacts) -> str:
    if not recipe.head_epochs:
        return ""
    return f"First, the head was trained for {recipe.head_epochs} epochs on frozen features. "


def _repeated(recipe: RecipeFacts) -> str:
    if not recipe.repeat_rare:
        return ""
    return (
        "Images of rare kinds of objects and of small sources were used several times per epoch. "
    )


def _averaged(recipe: RecipeFacts) -> str:
    if not recipe.initial_share:
        return ""
    return (
        "The weights of the network are the weighted average of the initial weights "
        f"({recipe.initial_share:.0%}) and the trained weights. "
    )


def _interval(estimate: Estimate | Proportion) -> tuple[str, str]:
    return f"{estimate.value:.3f}", f"{estimate.low:.3f} to {estimate.high:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
