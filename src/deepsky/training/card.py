"""Writes model cards: everything there is to know of a model, generated, never typed.

After M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
"""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deepsky import __version__
from deepsky.dataset.manifest import SPLITS, Example
from deepsky.dataset.splits import sky_fields
from deepsky.intervals import Estimate, Proportion
from deepsky.models.bundle import CARD
from deepsky.models.card import (
    CalibrationImages,
    Data,
    Epoch,
    ModelCard,
    Source,
    SplitFacts,
    Use,
)
from deepsky.models.metrics import Metrics
from deepsky.taxonomy import LABELS
from deepsky.training.outputs import CrossValidationLogits

__all__ = [
    "card_text",
    "describe_data",
    "describe_held_out",
    "describe_identity",
    "describe_software",
    "read_history",
    "write_card",
]

MODEL_VERSION = "1.4.0"

USE = Use(
    intended="Sorting images of the sky by what they show, and learning how a network sees "
    "them, with a person to judge the doubtful ones. Finished photographs and survey images; "
    "FITS and other linear data after deepsky's stretch.",
    limits="Small objects in wide frames, nebulosity around clusters (which of the two is the "
    "image's subject?), faint stacks with strong gradients, and unresolved globular clusters, "
    "which look like elliptical galaxies. It names the class of what fills the image, not the "
    "object, and finds no second object. Nothing that matters should rest on it alone.",
)

FEWEST = 10
"""Images of a kind that are enough to tell how it goes."""


def describe_identity(name: str, title: str) -> dict[str, Any]:
    """Tell what a model is, may be used for, and under which licence."""
    return {
        "name": name,
        "title": title,
        "version": MODEL_VERSION,
        "created": dt.datetime.now(dt.UTC).date().isoformat(),
        "licence": "BSD-3-Clause",
        "labels": list(LABELS),
        "use": USE,
    }


def describe_data(examples: Sequence[Example]) -> Data:
    """Count images and fields of sky in each split, and the sources with their licences."""
    fields = sky_fields(examples)
    members = {split: [i for i, e in enumerate(examples) if e.split == split] for split in SPLITS}
    sources = Counter((example.source, example.licence) for example in examples)
    return Data(
        splits={
            split: SplitFacts(
                images=len(indices),
                fields=len({fields[i] for i in indices}),
                labels={k: sum(examples[i].label == k for i in indices) for k in LABELS},
            )
            for split, indices in members.items()
        },
        sources=tuple(
            Source(source=source, licence=licence, images=count)
            for (source, licence), count in sources.most_common()
        ),
    )


def describe_held_out(
    validation: Sequence[Example], cross: CrossValidationLogits | None
) -> CalibrationImages:
    """Count the images that a model is calibrated on."""
    asked = len(cross.names) if cross else 0
    return CalibrationImages(validation=len(validation), cross_validated=asked)


def describe_software() -> dict[str, str]:
    """Versions of what trained the model."""
    return {"deepsky": __version__} | {
        name: version(name) for name in ("keras", "tensorflow", "openvino")
    }


def read_history(path: Path) -> tuple[Epoch, ...]:
    """Read a training log, one entry an epoch."""
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(Epoch.model_validate(row) for row in csv.DictReader(file))


def write_card(bundle: Path, card: ModelCard) -> None:
    """Write a card for machines (``card.json``) and, once it has figures, for people."""
    card.write(bundle / CARD)
    if card.metrics:
        (bundle / "CARD.md").write_text(card_text(card), encoding="utf-8")


def card_text(card: ModelCard) -> str:
    """Tell a card as Markdown.

    Parameters
    ----------
    card : ModelCard
        With metrics of the validation and the test split.
    """
    test, validation = card.metrics["test"], card.metrics["validation"]
    sections = [
        f"# {card.title} ({card.name} {card.version})",
        "Tells whether an image shows a galaxy, a nebula, a star cluster or no deep-sky object.\n"
        "This page is generated from `card.json`.",
        "## How good it is",
        f"On {test.images} test images of {test.fields} fields of sky that it was not "
        "trained on. Intervals are 95 %: of accuracy and F1 from drawing fields with replacement, "
        "of other shares Wilson's, as if images of one field told nothing of each other.",
        _headline(test),
        _classes(test),
        "Confusion (rows: what the image shows; columns: the answer):",
        _table(("", *LABELS), [(k, *row) for k, row in zip(LABELS, test.confusion, strict=True)]),
        f"How much such a figure depends on which objects are asked for: on the "
        f"{validation.images} validation images of {validation.fields} other fields "
        f"macro-F1 is {' ('.join(_interval(validation.macro_f1))}). {_held_out(card)}",
        "## Images of kinds that it was not trained on",
        _out_of_distribution(test),
        "## What it is for",
        card.use.intended,
        "## Where it fails",
        card.use.limits,
        _failures(test),
        "## How it was made",
        _making(card),
        "## Data",
        "No field of sky stands in two splits. `out_of_distribution` images serve only to see how "
        "the model meets kinds that it does not know.",
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
            ("accuracy, either class of a mixed image right", *_interval(test.fair.accuracy)),
            ("macro-F1, either class of a mixed image right", *_interval(test.fair.macro_f1)),
            ("accuracy, each object weighing alike", f"{test.accuracy_by_field:.3f}", ""),
            ("expected calibration error", f"{test.expected_calibration_error:.3f}", ""),
            (
                "the same, if probabilities were right",
                *_interval(test.calibration_error_by_chance),
            ),
            ("right label in the prediction set", *_interval(test.coverage.overall)),
            *(
                (f"the same, {label} images", *_interval(own))
                for label, own in test.coverage.per_class.items()
            ),
            ("labels in a prediction set, mean", f"{test.mean_set_size:.2f}", ""),
        ],
    )


def _held_out(card: ModelCard) -> str:
    """Tell which images chose the input size and the calibration."""
    told = "They chose the input size and the calibration"
    if asked := card.calibration.images.cross_validated:
        return (
            f"{told}, together with {asked:,} training images, as networks answered about them "
            "that had not learned from them."
        )
    return f"{told}."


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
        f"Novelty ranks {found.auroc:.1%} of pairs of a foreign and a deep-sky test image "
        f"rightly (area under the ROC curve). At the threshold in use, {familiar.value:.1%} of the "
        f"{familiar.images} deep-sky test images are familiar, and {rejected.value:.1%} of the "
        f"{rejected.images} foreign ones are refused or called other. Skies without an object "
        "were drawn for training too; those counted here are others.\n\n"
    ) + _table(
        ("kind", "images", "refused or called other", "95 % interval"),
        [(kind, own.images, *_interval(own)) for kind, own in kinds.items()],
    )


def _failures(test: Metrics) -> str:
    """Tell the kinds of images that it is worst at, of those with enough to say so."""
    kinds = {k: v for k, v in test.by_kind.items() if v.images >= FEWEST}
    worst = sorted(kinds.items(), key=lambda item: item[1].value or 0)[:5]
    return f"Its worst kinds of test images, of those with at least {FEWEST}:\n\n" + _table(
        ("kind", "images", "right", "95 % interval"),
        [(kind, own.images, *_interval(own)) for kind, own in worst],
    )


def _making(card: ModelCard) -> str:
    if card.training is None or card.input is None:
        names = ", ".join(member.name for member in card.members)
        return f"The calibrated scores of {names} are averaged, and calibrated again."
    recipe, network = card.training.recipe, card.network
    told = (
        f"ImageNet weights, {recipe.head_epochs} epochs of the head and {recipe.epochs} of "
        f"fine-tuning with the first {recipe.frozen_stages} stages of the backbone frozen, "
        f"seed {recipe.seed}; {network.parameters:,} parameters; images are scaled "
        f"to {card.input.size} pixels. On a few validation images, the probabilities of "
        f"the network exported in floats differ from Keras's by at most "
        f"{network.largest_difference_from_keras:.1g}. The curves are in `card.json`."
    )
    if (quantization := network.quantization) is None:
        return told
    rounded = quantization.validation_in_eight_orientations
    return (
        f"{told}\n\nThe network that ships computes in whole numbers of {quantization.bits} "
        f"bits, with ranges measured on {quantization.calibration_images} training images "
        f"of {quantization.size} px; the head computes in floats. On validation, every image "
        f"turned and mirrored in eight ways, that changed macro-F1 from "
        f"{rounded.macro_f1_before:.4f} to {rounded.macro_f1_after:.4f}, and "
        f"{1 - rounded.same_label:.1%} of the labels. The figures above are those of "
        "the network that ships."
    )


def _interval(estimate: Estimate | Proportion) -> tuple[str, str]:
    return f"{estimate.value:.3f}", f"{estimate.low:.3f} to {estimate.high:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
