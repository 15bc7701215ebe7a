"""Novelty: how different an image is from the deep-sky images that a model was trained on.

The novelty is computed from the Mahalanobis distance between an image's embedding and the nearest
class mean, with one covariance matrix shared by all classes: K. Lee et al., "A Simple Unified
Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018, eq. 1
and 2.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["NoveltyReference", "threshold"]

ACCEPTED = 0.97
"""Fraction of held-out deep-sky images whose novelty does not exceed the threshold."""

SHRINKAGE = 0.05
"""Weight of the identity matrix in the covariance estimate. A positive weight keeps the estimate
invertible."""

QUANTILES = np.linspace(0.0, 1.0, 201)


@dataclass(frozen=True, slots=True)
class NoveltyReference:
    """Statistics of embeddings, used to compute the novelty of images.

    Attributes
    ----------
    means : ndarray of float32, shape (k, d)
        Whitened mean embedding of the training images of each class except ``other``.
    whitening : ndarray of float32, shape (d, d)
        Matrix that whitens embeddings: it transforms their pooled covariance into the identity
        matrix.
    distances : ndarray of float32, shape (201,)
        Quantiles of the distances of held-out deep-sky images, at 201 equally spaced levels from
        0 to 1. The quantiles convert a distance into a novelty.
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
        """Fit a reference to the embeddings of images.

        Parameters
        ----------
        embeddings : ndarray of float, shape (n, d)
            Embeddings of the training images.
        truth : ndarray of int, shape (n,)
            Index of each training image's class.
        held_out : ndarray of float, shape (m, d)
            Embeddings of images of the same classes. These images were not used to train the
            network.

        Returns
        -------
        NoveltyReference
        """
        embeddings = embeddings.astype(np.float64)
        classes, numbers = np.unique(truth, return_inverse=True)
        means = np.stack([embeddings[truth == k].mean(axis=0) for k in classes])
        centred = embeddings - means[numbers]
        covariance = centred.T @ centred / len(centred)
        identity = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
        covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * identity
        whitening = np.linalg.cholesky(np.linalg.inv(covariance))
        unscaled = cls(
            means=(means @ whitening).astype(np.float32),
            whitening=whitening.astype(np.float32),
            distances=np.zeros(len(QUANTILES), dtype=np.float32),
        )
        distances = np.quantile(unscaled.distance(held_out), QUANTILES)
        return cls(unscaled.means, unscaled.whitening, distances.astype(np.float32))

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the reference that an NPZ file contains.

        Parameters
        ----------
        content : bytes
            Content of a file written by `save`.

        Returns
        -------
        NoveltyReference

        Raises
        ------
        ValueError
            If the content is damaged.
        """
        try:
            with np.load(io.BytesIO(content)) as arrays:
                reference = cls(*(arrays[name].astype(np.float32) for name in cls.__slots__))
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            msg = f"not an NPZ file with {', '.join(cls.__slots__)} ({error})"
            raise ValueError(msg) from error
        reference._check()
        return reference

    def save(self, path: Path) -> None:
        """Write the reference to an NPZ file, in half precision.

        Parameters
        ----------
        path : Path
            File to write. An existing file is replaced.
        """
        np.savez_compressed(
            path,
            allow_pickle=False,
            **{name: getattr(self, name).astype(np.float16) for name in self.__slots__},
        )

    def _check(self) -> None:
        """Raise ValueError if the arrays do not fit together or contain invalid numbers."""
        size = len(self.whitening)
        shapes = self.means.shape[1:], self.whitening.shape, self.distances.shape
        if self.means.ndim != 2 or shapes != ((size,), (size, size), QUANTILES.shape):
            msg = "the arrays have the wrong shapes"
            raise ValueError(msg)
        if not all(np.isfinite(getattr(self, name)).all() for name in self.__slots__):
            msg = "a number is infinite or undefined"
            raise ValueError(msg)
        if (np.diff(self.distances) < 0).any():
            msg = "the quantiles do not increase"
            raise ValueError(msg)

    @property
    def embedding_size(self) -> int:
        """Length of the embeddings."""
        return len(self.whitening)

    def distance(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the Mahalanobis distance from each embedding to the nearest class mean.

        Parameters
        ----------
        embeddings : ndarray of float, shape (n, d)

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        whitened = embeddings @ self.whitening
        offsets = whitened[:, None, :] - self.means[None, :, :]
        return np.asarray(np.sqrt((offsets.astype(np.float64) ** 2).sum(axis=-1)).min(axis=-1))

    def novelty(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the novelty of images: the fraction of held-out images with a smaller distance.

        Parameters
        ----------
        embeddings : ndarray of float, shape (n, d)

        Returns
        -------
        ndarray of float64, shape (n,)
            From 0 (closer to a class mean than every held-out image) to 1 (farther away than every
            held-out image).
        """
        return np.interp(self.distance(embeddings), self.distances, QUANTILES)


def threshold(known: NDArray[np.floating]) -> float:
    """Return the novelty threshold: the 97th percentile of the novelty of held-out deep-sky images.

    An image with a deep-sky label is unfamiliar if its novelty exceeds the threshold.

    Parameters
    ----------
    known : ndarray of float, shape (n,)
        Novelty of deep-sky images that the network was not trained on.

    Returns
    -------
    float
    """
    return float(np.quantile(known, ACCEPTED))
