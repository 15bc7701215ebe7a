"""Predict the kind of an image, such as *spiral galaxy* or *planet*, from its embedding."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from deepsky.models.calibration import softmax
from deepsky.prediction import Subtype
from deepsky.taxonomy import Label

if TYPE_CHECKING:
    from deepsky.models.card import Kinds

__all__ = ["KindHead", "LinearHead"]


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Multinomial logistic regression of the kinds of one label.

    Attributes
    ----------
    weights : ndarray of float32, shape (d, k)
    bias : ndarray of float32, shape (k,)
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def probabilities(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the probabilities of the kinds of images with this label.

        Parameters
        ----------
        embeddings : ndarray of float, shape (n, d)

        Returns
        -------
        ndarray of float64, shape (n, k)
        """
        return softmax(embeddings @ self.weights + self.bias)


@dataclass(frozen=True, slots=True)
class KindHead:
    """Predicts the kind of images, or nothing if it is not sure.

    Attributes
    ----------
    heads : mapping of label to LinearHead
        Calibrated regression for each label that has kinds.
    thresholds : mapping of label to mapping of str to float or None
        For each label, the minimum probability at which each of its kinds is asserted, in the order
        of the regression's outputs. None if the kind is never asserted.
    """

    heads: Mapping[Label, LinearHead]
    thresholds: Mapping[Label, Mapping[str, float | None]]

    @classmethod
    def parse(cls, content: bytes, facts: "Kinds") -> Self:
        """Return the head in an NPZ file.

        Parameters
        ----------
        content : bytes
            Content of a file written by `save`.
        facts : deepsky.models.card.Kinds
            Section of the model card.

        Returns
        -------
        KindHead

        Raises
        ------
        ValueError
            If the content is damaged or does not fit the card.
        """
        try:
            with np.load(io.BytesIO(content)) as arrays:
                heads = {
                    label: LinearHead(
                        arrays[f"{label}.weights"].astype(np.float32),
                        arrays[f"{label}.bias"].astype(np.float32),
                    )
                    for label in facts.by_label
                }
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            msg = f"not an NPZ file with weights for {', '.join(facts.by_label)} ({error})"
            raise ValueError(msg) from error
        for label, head in heads.items():
            count = len(facts.by_label[label])
            if head.weights.ndim != 2 or head.weights.shape[1:] != (count,) != head.bias.shape:
                msg = f"the arrays of {label} have the wrong shapes"
                raise ValueError(msg)
            if not (np.isfinite(head.weights).all() and np.isfinite(head.bias).all()):
                msg = "a number is infinite or undefined"
                raise ValueError(msg)
        thresholds = {
            label: {kind: one.threshold for kind, one in kinds.items()}
            for label, kinds in facts.by_label.items()
        }
        return cls(heads, thresholds)

    def save(self, path: Path) -> None:
        """Write the weights to an NPZ file, in half precision.

        Parameters
        ----------
        path : Path
            File to write. An existing file is replaced.
        """
        arrays = {
            f"{label}.{name}": getattr(head, name).astype(np.float16)
            for label, head in self.heads.items()
            for name in ("weights", "bias")
        }
        np.savez_compressed(path, allow_pickle=False, **arrays)

    @property
    def embedding_size(self) -> int:
        """Length of the embeddings."""
        return next((len(head.weights) for head in self.heads.values()), 0)

    def probabilities(self, embeddings: NDArray[np.floating]) -> dict[Label, NDArray[np.float64]]:
        """Return the probabilities of the kinds of each label.

        Parameters
        ----------
        embeddings : ndarray of float, shape (n, d)

        Returns
        -------
        dict of label to ndarray of float64, shape (n, k)
            Probabilities of the kinds, if the label is right.
        """
        return {label: head.probabilities(embeddings) for label, head in self.heads.items()}

    def assert_kind(
        self, label: Label, probability: float, kinds: Mapping[Label, NDArray[np.float64]]
    ) -> Subtype | None:
        """Return the most probable kind, if it is probable enough.

        Parameters
        ----------
        label : str
            Predicted label.
        probability : float
            Calibrated probability of the label.
        kinds : mapping of label to ndarray of float64, shape (k,)
            Probabilities of one image; see `probabilities`.

        Returns
        -------
        Subtype or None
            None if the label has no kinds, or if the kind is unsure.
        """
        if label not in kinds:
            return None
        best = int(kinds[label].argmax())
        name, threshold = list(self.thresholds[label].items())[best]
        certainty = probability * float(kinds[label][best])
        if threshold is None or certainty < threshold:
            return None
        return Subtype(name, certainty, "network")
