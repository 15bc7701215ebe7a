"""Lets trained models answer together."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsky.classifier import Classifier
from deepsky.dataset.batches import batches
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.errors import DatasetError
from deepsky.evaluation.evaluate import PRECISION, evaluate
from deepsky.evaluation.predictions import read_pixels
from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration
from deepsky.models.card import Head, ModelCard, Network, NoveltyFacts
from deepsky.models.card import Member as CardMember
from deepsky.models.member import Member, Scores, combine
from deepsky.models.novelty import threshold
from deepsky.models.preparation import prepare
from deepsky.taxonomy import LABELS
from deepsky.training.calibration import held_out_logits
from deepsky.training.card import (
    describe_data,
    describe_held_out,
    describe_identity,
    write_card,
)
from deepsky.training.outputs import CrossValidationLogits, load_cross_validation

__all__ = ["ENSEMBLE", "assemble"]

ENSEMBLE = "ensemble"


def assemble(
    models: Sequence[str],
    manifest: Path,
    output: Path,
    images: Path | None = None,
    cross_validated: Path | None = None,
) -> Path:
    """Make an ensemble of trained models: calibrate their average, and evaluate it.

    Parameters
    ----------
    models : sequence of str
        Names of models that `train` made in ``output``.
    manifest, output, images, cross_validated : Path
        As for `train`.

    Returns
    -------
    Path
        The ensemble's folder in ``output``.

    Raises
    ------
    DatasetError
        If the manifest is not as it should be, or a training image has no cross-validated
        answer.
    ModelCorruptError
        If one of the models is missing or damaged.
    """
    bundles = [ModelBundle(output / name) for name in models]
    cards = [bundle.card for bundle in bundles]
    examples = with_splits(read_manifest(manifest, images), _seed(bundles[0]))
    learn, held_out = (members(examples, split) for split in ("train", "validation"))
    right = label_indices(held_out)
    scales = [1 / (len(cards) * card.calibration.temperature) for card in cards]
    asked = [
        load_cross_validation(cross_validated, name, learn, images or manifest.parent)
        for name in models
    ]
    parts = _score(bundles, scales, held_out)
    logits = np.concatenate([part.logits for part in parts])
    calibration = Calibration.fit(
        *held_out_logits(logits, held_out, _average(asked, bundles, scales), learn)
    )
    novelty = np.concatenate([part.novelty for part in parts])
    bias = sum(np.multiply(k, card.head.bias) for k, card in zip(scales, cards, strict=True))
    digest = hashlib.sha256("".join(bundle.sha256 for bundle in bundles).encode())
    folder = output / ENSEMBLE
    folder.mkdir(exist_ok=True)
    card = ModelCard(
        **describe_identity(ENSEMBLE, "Ensemble"),
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
        calibration=calibration.facts(describe_held_out(held_out, asked[0])),
        novelty=NoveltyFacts(threshold=threshold(novelty[right != LABELS.index("other")])),
        data=describe_data(examples),
        metrics={},
    )
    write_card(folder, card)
    classifier = Classifier(ModelBundle(folder), PRECISION)
    metrics = {
        split: evaluate(classifier, examples, split).metrics for split in ("validation", "test")
    }
    write_card(folder, card.model_copy(update={"metrics": metrics}))
    return folder


def _seed(bundle: ModelBundle) -> int:
    """Return the seed of the split that a model was trained with."""
    if bundle.card.training is None:
        msg = f"{bundle.directory} is not a trained network. Name models that `train` made."
        raise DatasetError(msg)
    return bundle.card.training.recipe.seed


def _average(
    asked: Sequence[CrossValidationLogits | None],
    bundles: Sequence[ModelBundle],
    scales: Sequence[float],
) -> NDArray[np.float64] | None:
    """Average what cross-validated networks answered, each asked at the size of its model."""
    weighed = [
        scale * answers.logits[bundle.input_size]
        for answers, bundle, scale in zip(asked, bundles, scales, strict=True)
        if answers is not None
    ]
    return np.sum(weighed, axis=0) if weighed else None


def _score(
    bundles: Sequence[ModelBundle], scales: Sequence[float], examples: Sequence[Example]
) -> list[Scores]:
    loaded = [Member(bundle, PRECISION) for bundle in bundles]
    sizes = {member.input_size for member in loaded}
    parts = []
    for chunk in batches(examples, "Calibrating the average"):
        images = [prepare(pixels, sizes) for pixels in read_pixels(chunk)]
        parts.append(combine([member.score(images) for member in loaded], scales))
    return parts
