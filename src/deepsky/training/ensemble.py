"""Combine trained models into an ensemble."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

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
from deepsky.models.member import Member, Scores
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
from deepsky.training.outputs import load_cross_validation
from deepsky.training.pipeline import require_splits, write_evaluated_card

__all__ = ["ENSEMBLE", "assemble", "fit_scales"]

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

    The logits of the models are combined by the weighted sum that predicts the labels of the
    held-out images best; see `fit_scales`.

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
    cross = [
        load_cross_validation(cross_validated, name, training, dataset.images) for name in models
    ]
    logits, novelty = _run(bundles, validation)
    held_out = [
        held_out_logits(
            own,
            validation,
            results.logits[bundle.input_size] if results else None,
            training,
            labels,
        )
        for own, results, bundle in zip(logits, cross, bundles, strict=True)
    ]
    truth = held_out[0][1]
    stacked = np.stack([own for own, _ in held_out])
    weights = calibration_weights(validation, len(truth) - len(validation))
    scales = fit_scales(stacked, truth, weights)
    calibration = Calibration.fit(
        np.tensordot(scales, stacked, axes=1), truth, labels, weights=weights
    )
    novelty = novelty.mean(axis=0)[[example.label != OTHER for example in validation]]
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


def fit_scales(
    logits: NDArray[np.floating],
    truth: NDArray[np.integer],
    weights: NDArray[np.floating],
) -> NDArray[np.float64]:
    """Fit the factors by which the logits of models are multiplied before they are summed.

    The factors are not negative and minimize the cross-entropy of the sum. The problem is convex,
    so there is a single minimum. A model that makes more mistakes than the others, or the same
    mistakes as another one, has a smaller factor.

    Parameters
    ----------
    logits : ndarray of float, shape (m, n, k)
        Logits of m models for n images that no model was trained on.
    truth : ndarray of int, shape (n,)
        Index of each image's true label.
    weights : ndarray of float, shape (n,)
        Positive weight of each image.

    Returns
    -------
    ndarray of float64, shape (m,)

    References
    ----------
    L. Breiman, "Stacked regressions", Machine Learning 24, 1996.
    """
    exact = logits.astype(np.float64)
    one_hot = np.eye(exact.shape[2])[truth]
    share = weights / weights.sum()

    def loss(scales: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logarithms = log_softmax(np.tensordot(scales, exact, axes=1), axis=1)
        excess = (np.exp(logarithms) - one_hot) * share[:, None]
        return -(share @ (logarithms * one_hot).sum(axis=1)), np.einsum("mnk,nk->m", exact, excess)

    start = np.full(len(exact), 1 / len(exact))
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(exact))
    return np.asarray(fitted.x)


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


def _run(
    bundles: Sequence[ModelBundle], examples: Sequence[Example]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return the logits (m, n, k) and the novelty (m, n) that m models compute for n images."""
    loaded = [Member(bundle, PRECISION) for bundle in bundles]
    sizes = {member.input_size for member in loaded}
    scores: list[list[Scores]] = [[] for _ in loaded]
    for batch in batches(examples, "Calibrating the ensemble"):
        images = [prepare(pixels, sizes) for pixels in read_pixels(batch)]
        for member, own in zip(loaded, scores, strict=True):
            own.append(member.score(images))
    return (
        np.stack([np.concatenate([batch.logits for batch in own]) for own in scores]),
        np.stack([np.concatenate([batch.novelty for batch in own]) for own in scores]),
    )
