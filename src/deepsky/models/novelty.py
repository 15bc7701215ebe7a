"""How far an image is from the deep-sky images that a model was trained on.

The Mahalanobis distance of the image's embedding to the nearest class mean, with one
covariance for all classes: K. Lee et al., "A Simple Unified Framework for Detecting
Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018, eq. 1 and 2.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import ModelCorruptError

__all__ = ["NoveltyReference", "threshold"]

KEPT = 0.97
"""Share of known deep-sky images that must not be called unfamiliar."""

SHRINKAGE = 0.05
"""Weight of a round covariance beside the measured one, which keeps it invertible."""

QUANTILES = np.linspace(0.0, 1.0, 201)


@dataclass(frozen=True, slots=True)
class NoveltyReference:
    """What a model knows, as embeddings.

    Attributes
    ----------
    means : ndarray of float32, shape (3, d)
        Mean embedding of each deep-sky class of the training images, whitened.
    whitening : ndarray of float32, shape (d, d)
        Turns embeddings so that the pooled covariance becomes the identity.
    distances : ndarray of float32, shape (201,)
        Quantiles of the distance over images of known kinds that the network was not
        trained on: the scale on which novelty is told.
    """

    means: NDArray[np.float32]
    whitening: NDArray[np.float32]
    distances: NDArray[np.float32]

    @classmethod
    def fit(
        cls,
        embeddings: NDArray[np.floating],
        truth: NDArray[np.integer],
        held_out: NDArray[np.floating],
    ) -> Self:
        """Fit to the training images, and scale on held-out images of the same kinds.

        Parameters
        ----------
        embeddings : ndarray of float, shape (n, d)
        truth : ndarray of int, shape (n,)
            Index of each image's label.
        held_out : ndarray of float, shape (m, d)
        """
        embeddings = embeddings.astype(np.float64)
        means = np.stack([embeddings[truth == k].mean(axis=0) for k in np.unique(truth)])
        centred = embeddings - means[truth]
        covariance = centred.T @ centred / len(centred)
        round_covariance = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
        covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * round_covariance
        whitening = np.linalg.cholesky(np.linalg.inv(covariance))
        unscaled = cls(
            means=(means @ whitening).astype(np.float32),
            whitening=whitening.astype(np.float32),
            distances=np.zeros(len(QUANTILES), dtype=np.float32),
        )
        distances = np.quantile(unscaled.distance(held_out), QUANTILES)
        return cls(unscaled.means, unscaled.whitening, distances.astype(np.float32))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load what `save` wrote.

        Raises
        ------
        ModelCorruptError
            If the file is missing or damaged.
        """
        try:
            with np.load(path) as arrays:
                parts = {name: arrays[name].astype(np.float32) for name in cls.__slots__}
        except (OSError, ValueError, KeyError) as error:
            msg = f"The novelty reference {path} cannot be read: {error}. Install the model again."
            raise ModelCorruptError(msg) from error
        return cls(**parts)

    def save(self, path: Path) -> None:
        """Write to an NPZ file, in half precision."""
        np.savez_compressed(
            path,
            allow_pickle=False,
            **{name: getattr(self, name).astype(np.float16) for name in self.__slots__},
        )

    def distance(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Mahalanobis distance to the nearest class, of shape (n,), for embeddings (n, d)."""
        whitened = embeddings @ self.whitening
        offsets = whitened[:, None, :] - self.means[None, :, :]
        return np.asarray(np.sqrt((offsets.astype(np.float64) ** 2).sum(axis=-1)).min(axis=-1))

    def novelty(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Share of images of known kinds that are nearer to what was trained on.

        Parameters
        ----------
        embeddings : ndarray of float, shape (n, d)

        Returns
        -------
        ndarray of float, shape (n,)
            0 (as familiar as can be) to 1 (farther than every known image).
        """
        return np.interp(self.distance(embeddings), self.distances, QUANTILES)


def threshold(known: NDArray[np.floating]) -> float:
    """Give the novelty that all but 3 % of known deep-sky images stay below.

    Parameters
    ----------
    known : ndarray of float, shape (n,)
        Novelty of deep-sky images that the network was not trained on.
    """
    return float(np.quantile(known, KEPT))
