"""Compute logits, evidence maps and novelty with networks and ensembles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import ModelCorruptError
from deepsky.models.bundle import ModelBundle
from deepsky.models.preparation import Prepared
from deepsky.models.runtime import Precision, Runtime
from deepsky.taxonomy import Label

__all__ = ["Member", "Scores", "Scoring", "combine"]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a network or an ensemble for n images.

    Attributes
    ----------
    logits : ndarray of float32, shape (n, k)
        Uncalibrated scores of the k classes, in the order of the labels in the card.
    evidence : ndarray of float32, shape (n, k, rows, columns)
        Evidence maps. The logit of a class is the mean of its map plus its bias.
    novelty : ndarray of float64, shape (n,)
        Novelty of each image, from 0 to 1.
    kinds : mapping of label to ndarray of float64, shape (n, kinds)
        Probabilities of the kinds of each label; see `deepsky.models.kinds.KindHead`. Empty if the
        model does not predict kinds.
    """

    logits: NDArray[np.float32]
    evidence: NDArray[np.float32]
    novelty: NDArray[np.float64]
    kinds: Mapping[Label, NDArray[np.float64]] = field(default_factory=dict)


class Member:
    """A loaded network with its novelty reference. Safe to use from several threads.

    Parameters
    ----------
    bundle : ModelBundle
        A single model, not an ensemble.
    precision : {"auto", "f32", "bf16"}
        Numerical precision of the network; see `Runtime`.
    streams : int, optional
        Number of images to process in parallel; see `Runtime`.

    Raises
    ------
    ModelCorruptError
        If the model's files are missing, damaged or inconsistent.

    Attributes
    ----------
    kind_head : KindHead or None
        Head that predicts kinds of objects, if the model has one.
    """

    def __init__(
        self, bundle: ModelBundle, precision: Precision = "auto", streams: int | None = None
    ) -> None:
        self._runtime = Runtime(bundle.read_network(), bundle.input_size, precision, streams)
        self._reference = bundle.read_novelty_reference()
        self.kind_head = bundle.read_kind_head()
        if self._runtime.embedding_size not in (None, self._reference.embedding_size):
            raise ModelCorruptError(_unfit(bundle, "novelty reference"))
        if self.kind_head and self.kind_head.embedding_size != self._reference.embedding_size:
            raise ModelCorruptError(_unfit(bundle, "head for kinds"))

    @property
    def input_size(self) -> int:
        """Side length of the network's square input, in pixels."""
        return self._runtime.input_size

    def score(self, images: Sequence[Prepared]) -> Scores:
        """Compute the scores of images.

        Parameters
        ----------
        images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
            Images scaled by `deepsky.models.preparation.prepare` to `input_size` and, optionally,
            other sizes.

        Returns
        -------
        Scores
        """
        output = self._runtime.run(np.stack([image[self.input_size] for image in images]))
        return Scores(
            logits=output.logits,
            evidence=output.evidence,
            novelty=self._reference.novelty(output.embedding),
            kinds=self.kind_head.probabilities(output.embedding) if self.kind_head else {},
        )


def _unfit(bundle: ModelBundle, what: str) -> str:
    return (
        f"The {what} of the model {bundle.directory} does not fit its network. "
        "Install the model again."
    )


class Scoring:
    """Cache of the scores of several networks for the same images. Each network runs only once.

    Parameters
    ----------
    images : sequence of mapping of int to ndarray of uint8, shape (size, size, 3)
        Scaled images; see `Member.score`.
    """

    def __init__(self, images: Sequence[Prepared]) -> None:
        self._images = images
        self._runs: dict[Member, tuple[Scores, float]] = {}

    def run(self, member: Member) -> tuple[Scores, float]:
        """Return the cached scores of a network, or run the network to compute them.

        Parameters
        ----------
        member : Member

        Returns
        -------
        scores : Scores
        seconds : float
            Time that the network took to run.
        """
        if member not in self._runs:
            started = perf_counter()
            scores = member.score(self._images)
            self._runs[member] = scores, perf_counter() - started
        return self._runs[member]


def combine(parts: Sequence[Scores], scales: Sequence[float]) -> Scores:
    """Combine the scores of several networks for the same images.

    The logits are combined by a weighted sum, which corresponds to a weighted geometric mean of the
    probabilities. Unlike a mean of the probabilities, the sum keeps the evidence additive: the mean
    of a combined evidence map plus the combined bias is the combined logit. The novelty values are
    averaged.

    Parameters
    ----------
    parts : sequence of Scores
        The scores of each network, for the same images.
    scales : sequence of float
        Factor by which the logits and evidence maps of each network are multiplied.

    Returns
    -------
    Scores
        Combined scores. The evidence maps of all networks are resized to the largest map size.
        Kinds are those of a single network; they are not combined.
    """
    rows, columns = np.max([part.evidence.shape[2:] for part in parts], axis=0)
    logits = [np.float32(k) * part.logits for k, part in zip(scales, parts, strict=True)]
    evidence = [
        np.float32(k) * _resize(part.evidence, int(rows), int(columns))
        for k, part in zip(scales, parts, strict=True)
    ]
    return Scores(
        logits=np.sum(logits, axis=0),
        evidence=np.sum(evidence, axis=0),
        novelty=np.mean([part.novelty for part in parts], axis=0),
        kinds=parts[0].kinds if len(parts) == 1 else {},
    )


def _resize(evidence: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """Resize evidence maps without changing their means."""
    if evidence.shape[2:] == (rows, columns):
        return evidence
    flat = [
        np.asarray(Image.fromarray(one).resize((columns, rows), Image.Resampling.BICUBIC))
        for one in evidence.reshape(-1, *evidence.shape[2:])
    ]
    resized = np.stack(flat).reshape(*evidence.shape[:2], rows, columns)
    return np.asarray(
        resized + (evidence.mean(axis=(2, 3)) - resized.mean(axis=(2, 3)))[..., None, None]
    )
