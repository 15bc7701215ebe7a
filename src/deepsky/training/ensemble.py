"""Combine trained models into an ensemble."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.batches import batches
from deepsky.dataset.dataset import read_dataset
from deepsky.dataset.manifest import VALIDATION, Example
from deepsky.dataset.splits import members
from deepsky.dataset.targets import dataset_labels
from deepsky.errors import DatasetError
from deepsky.evaluation.evaluate import PRECISION
from deepsky.evaluation.predictions import read_pixels
from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration
from deepsky.models.card import Head, ModelCard, Network, NoveltyFacts
from deepsky.models.card import Member as CardMember
from deepsky.models.member import Member, Scores, combine
from deepsky.models.novelty import threshold
from deepsky.models.preparation import prepare
from deepsky.taxonomy import OTHER, Label
from deepsky.training.calibration import calibration_weights, held_out_logits
from deepsky.training.card import (
    describe_calibration_images,
    describe_data,
    describe_identity,
    with_version,
)
from deepsky.training.outputs import CrossValidationLogits, load_cross_validation
from deepsky.training.pipeline import require_splits, write_evaluated_card

__all__ = ["ENSEMBLE", "assemble"]

ENSEMBLE: Final = "ensemble"


def assemble(
    models: Sequence[str],
    manifest: Path,
    output: Path,
    images: Path | None = None,
    cross_validated: Path | None = None,
    version: str | None = None,
) -> Path:
    """Combine trained models into an ensemble, and calibrate and evaluate the ensemble.

    Parameters
    ----------
    models : sequence of str
        Names of models that `train` has written to ``output``.
    manifest, output, images, cross_validated : Path
        See `train`.
    version : str, optional
        See `train`.

    Returns
    -------
    Path
        Folder of the ensemble's bundle: the subfolder ``ensemble`` of ``output``.

    Raises
    ------
    DatasetError
        If the manifest is invalid, a split has too few images, a model is not a trained network,
        or a training image is missing from the cross-validation results.
    ModelCorruptError
        If one of the models is missing or damaged.
    """
    bundles = [ModelBundle(output / name) for name in models]
    cards = [bundle.card for bundle in bundles]
    dataset = read_dataset(manifest, images).with_splits(_seed(bundles[0]))
    examples = dataset.examples
    require_splits(examples)
    labels = _common_labels(cards, examples)
    training, validation = members(examples, "train"), members(examples, *VALIDATION)
    scales = [1 / (len(cards) * card.calibration.temperature) for card in cards]
    cross = [
        load_cross_validation(cross_validated, name, training, dataset.images) for name in models
    ]
    scores = _score(bundles, scales, validation)
    logits = np.concatenate([batch.logits for batch in scores])
    average = _average(cross, bundles, scales)
    calibration = Calibration.fit(
        *held_out_logits(logits, validation, average, training, labels),
        labels,
        weights=calibration_weights(validation, 0 if average is None else len(training)),
    )
    novelty = np.concatenate([batch.novelty for batch in scores])
    novelty = novelty[[example.label != OTHER for example in validation]]
    bias = sum(np.multiply(k, card.head.bias) for k, card in zip(scales, cards, strict=True))
    digest = hashlib.sha256("".join(bundle.sha256 for bundle in bundles).encode())
    card = ModelCard(
        **describe_identity(ENSEMBLE, "Ensemble", labels),
        members=tuple(
            CardMember(name=bundle.name, sha256=bundle.sha256, scale=scale)
            for bundle, scale in zip(bundles, scales, strict=True)
        ),
        network=Network(
            sha256=digest.hexdigest(),
            bytes=sum(card.network.bytes for card in cards),
            parameters=sum(card.network.parameters for card in cards),
        ),
        head=Head(bias=tuple(np.asarray(bias).tolist())),
        calibration=calibration.facts(describe_calibration_images(validation, cross[0])),
        novelty=NoveltyFacts(threshold=threshold(novelty)),
        data=describe_data(examples),
        metrics={},
    )
    folder = output / ENSEMBLE
    folder.mkdir(exist_ok=True)
    write_evaluated_card(folder, with_version(card, version), examples)
    return folder


def _common_labels(cards: Sequence[ModelCard], examples: Sequence[Example]) -> tuple[Label, ...]:
    """Return the labels of the images, which must be the labels of each model."""
    labels = dataset_labels(examples)
    for card in cards:
        if card.labels != labels:
            msg = (
                f"The model {card.name} has the labels {', '.join(card.labels)}, but the manifest "
                f"has the labels {', '.join(labels)}. Train the models with the same manifest."
            )
            raise DatasetError(msg)
    return labels


def _seed(bundle: ModelBundle) -> int:
    """Return the seed of the splits that a model was trained on."""
    if bundle.card.training is None:
        msg = (
            f"{bundle.directory} does not contain a trained network. "
            "Choose models that were trained with deepsky train."
        )
        raise DatasetError(msg)
    return bundle.card.training.recipe.seed


def _average(
    cross: Sequence[CrossValidationLogits | None],
    bundles: Sequence[ModelBundle],
    scales: Sequence[float],
) -> NDArray[np.float64] | None:
    """Average the cross-validation logits of several models, using each model's input size."""
    weighted = [
        scale * results.logits[bundle.input_size]
        for results, bundle, scale in zip(cross, bundles, scales, strict=True)
        if results is not None
    ]
    return np.sum(weighted, axis=0) if weighted else None


def _score(
    bundles: Sequence[ModelBundle], scales: Sequence[float], examples: Sequence[Example]
) -> list[Scores]:
    loaded = [Member(bundle, PRECISION) for bundle in bundles]
    sizes = {member.input_size for member in loaded}
    scores = []
    for batch in batches(examples, "Calibrating the ensemble"):
        images = [prepare(pixels, sizes) for pixels in read_pixels(batch)]
        scores.append(combine([member.score(images) for member in loaded], scales))
    return scores
