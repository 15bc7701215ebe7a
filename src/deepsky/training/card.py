"""Create model cards and write them as JSON and Markdown.

Model cards were proposed by M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
"""

import csv
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from deepsky import __version__
from deepsky.dataset.manifest import SPLITS, Example
from deepsky.dataset.splits import sky_fields
from deepsky.dataset.targets import dataset_labels
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
from deepsky.taxonomy import LABELS, Label
from deepsky.training.card_page import render_card
from deepsky.training.outputs import CrossValidationLogits

__all__ = [
    "describe_calibration_images",
    "describe_data",
    "describe_identity",
    "describe_software",
    "read_history",
    "with_version",
    "write_card",
]

USE: Final = Use(
    intended="Sorting images of the sky by the class of object that they show, and learning how a "
    "neural network classifies them. A person should check uncertain classifications. The model is "
    "intended for finished photographs and survey images, and for FITS and other linear images, "
    "which deepsky stretches.",
    limits="The model is less reliable for small objects in wide-field images, for nebulosity "
    "around star clusters (either may be the main object), for faint stacked images with strong "
    "gradients, and for unresolved globular clusters, which resemble elliptical galaxies. The "
    "model predicts the class of the object that fills the image. It does not identify the object "
    "by name, and it does not detect a second object. Do not base important decisions on the model "
    "alone.",
)

OWN_USE: Final = Use(
    intended="Sorting images by the classes that the training images show. A person should check "
    "uncertain classifications.",
    limits="The metrics were measured on images of the same collection as the training images. "
    "Images by other photographers, and images of other kinds of objects, may be classified less "
    "reliably. Do not base important decisions on the model alone.",
)
"""Intended use and limits of models with other classes than the shipped ones."""

CONTENT: Final = {"members", "network", "head", "input", "calibration", "novelty"}
"""Fields of a card that affect the model's predictions."""


def describe_identity(name: str, title: str, labels: tuple[Label, ...] = LABELS) -> dict[str, Any]:
    """Return the card fields that contain the model's name, labels, intended use and licence.

    Parameters
    ----------
    name : str
        Name of the model, such as ``"efficientnet"``.
    title : str
        Name to display, such as ``"EfficientNet-B0"``.
    labels : tuple of str
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    dict
        Field values by name. The version is empty and is set by `with_version`.
    """
    return {
        "name": name,
        "title": title,
        "version": "",
        "created": dt.datetime.now(dt.UTC).date(),
        "licence": "BSD-3-Clause",
        "labels": labels,
        "use": USE if labels == LABELS else OWN_USE,
    }


def with_version(card: ModelCard, version: str | None = None) -> ModelCard:
    """Return a copy of a card with the version set.

    Parameters
    ----------
    card : ModelCard
    version : str, optional
        Version of the model. By default, the date and the first digits of a hash of all fields
        that affect the model's predictions, so that different models have different versions.

    Returns
    -------
    ModelCard
    """
    content = json.dumps(card.model_dump(mode="json", include=CONTENT), sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    derived = f"{card.created:%Y.%m.%d}+{digest[:8]}"
    return card.model_copy(update={"version": version or derived})


def describe_data(examples: Sequence[Example]) -> Data:
    """Count the images and fields of sky in each split, and the images from each source.

    Parameters
    ----------
    examples : sequence of Example
        All images of the manifest, with their splits.

    Returns
    -------
    Data
    """
    fields, classes = sky_fields(examples), dataset_labels(examples)
    members = {split: [i for i, e in enumerate(examples) if e.split == split] for split in SPLITS}
    sources = Counter((example.source, example.licence) for example in examples)
    return Data(
        splits={
            split: SplitFacts(
                images=len(indices),
                fields=len({fields[i] for i in indices}),
                labels={k: sum(examples[i].label == k for i in indices) for k in classes},
            )
            for split, indices in members.items()
        },
        sources=tuple(
            Source(source=source, licence=licence, images=count)
            for (source, licence), count in sources.most_common()
        ),
    )


def describe_calibration_images(
    validation: Sequence[Example], cross: CrossValidationLogits | None
) -> CalibrationImages:
    """Count the images that are used to calibrate a model.

    Parameters
    ----------
    validation : sequence of Example
        Validation images.
    cross : CrossValidationLogits or None
        Cross-validated logits of the training images, if they are used for calibration.

    Returns
    -------
    CalibrationImages
    """
    cross_validated = len(cross.names) if cross else 0
    return CalibrationImages(validation=len(validation), cross_validated=cross_validated)


def describe_software() -> dict[str, str]:
    """Return the installed versions of deepsky and of the packages used for training."""
    packages = ("keras", "tensorflow", "openvino")
    return {"deepsky": __version__, **{name: version(name) for name in packages}}


def read_history(path: Path) -> tuple[Epoch, ...]:
    """Read the loss and accuracy of each epoch from a training log.

    Parameters
    ----------
    path : Path
        CSV file written by Keras.

    Returns
    -------
    tuple of Epoch
    """
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(Epoch.model_validate(row) for row in csv.DictReader(file))


def write_card(bundle: Path, card: ModelCard) -> None:
    """Write a card as ``card.json`` and, if it contains metrics, also as ``CARD.md``.

    Parameters
    ----------
    bundle : Path
        Folder of the model bundle.
    card : ModelCard
    """
    card.write(bundle / CARD)
    if card.metrics:
        (bundle / "CARD.md").write_text(render_card(card), encoding="utf-8")
