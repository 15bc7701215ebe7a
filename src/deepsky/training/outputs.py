"""Logits and embeddings of images, computed by a network or read from cross-validation results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from deepsky.atomic_file import atomic_write
from deepsky.dataset.batches import batches
from deepsky.dataset.manifest import Example
from deepsky.errors import DatasetError
from deepsky.evaluation.evaluate import PRECISION
from deepsky.evaluation.predictions import read_pixels
from deepsky.models.preparation import fit_to_input
from deepsky.models.runtime import Runtime

__all__ = ["CrossValidationLogits", "NetworkOutputs", "load_cross_validation"]


@dataclass(frozen=True, slots=True)
class NetworkOutputs:
    """Logits and embeddings of n images, computed by a network.

    Attributes
    ----------
    logits : ndarray of float32, shape (n, k)
        Logits in the order of the model's labels.
    embeddings : ndarray of float32, shape (n, d)
        Embeddings with d components.
    """

    logits: NDArray[np.float32]
    embeddings: NDArray[np.float32]

    @classmethod
    def compute(cls, network: bytes, size: int, examples: Sequence[Example]) -> Self:
        """Run a network on images.

        Parameters
        ----------
        network : bytes
            The network (ONNX).
        size : int
            Side of the network's input, in pixels.
        examples : sequence of Example
            One or more images.

        Returns
        -------
        NetworkOutputs
        """
        runtime = Runtime(network, size, PRECISION)
        outputs = [
            runtime.run(np.stack([fit_to_input(pixels, size) for pixels in read_pixels(batch)]))
            for batch in batches(examples, f"Running the network at {size} pixels")
        ]
        return cls(
            np.concatenate([output.logits for output in outputs]),
            np.concatenate([output.embedding for output in outputs]),
        )


@dataclass(frozen=True, slots=True)
class CrossValidationLogits:
    """Logits of n images by input size, predicted by networks not trained on these images.

    Attributes
    ----------
    names : tuple of str
        Paths of the n images, as in the manifest.
    logits : mapping of int to ndarray of float32, shape (n, k)
        Logits for each input size (side of the network's input, in pixels).
    """

    names: tuple[str, ...]
    logits: Mapping[int, NDArray[np.float32]]

    def save(self, path: Path) -> None:
        """Write the names and the logits, converted to float16, to an ``.npz`` file atomically.

        Parameters
        ----------
        path : Path
        """
        arrays: dict[str, Any] = {str(k): v.astype(np.float16) for k, v in self.logits.items()}
        with atomic_write(path) as file:
            np.savez_compressed(file, names=np.array(self.names), **arrays)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read names and logits from a file that was written by `save`.

        Parameters
        ----------
        path : Path

        Returns
        -------
        CrossValidationLogits
        """
        with np.load(path) as arrays:
            logits = {int(key): arrays[key].astype("f4") for key in arrays if key != "names"}
            return cls(tuple(map(str, arrays["names"])), logits)

    @classmethod
    def load_folds(cls, folder: Path) -> Self:
        """Read and concatenate the logits of all folds in a folder.

        Parameters
        ----------
        folder : Path
            Folder that contains a file ``fold-N.npz`` for each fold N.

        Returns
        -------
        CrossValidationLogits

        Raises
        ------
        DatasetError
            If the folder contains no file ``fold-*.npz``.
        """
        folds = [cls.load(path) for path in sorted(folder.glob("fold-*.npz"))]
        if not folds:
            msg = (
                f"{folder} contains no cross-validation results (fold-*.npz). "
                "Create these files with deepsky cross-validate."
            )
            raise DatasetError(msg)
        names = tuple(name for fold in folds for name in fold.names)
        sizes = folds[0].logits
        return cls(names, {s: np.concatenate([fold.logits[s] for fold in folds]) for s in sizes})

    def select(self, names: Sequence[str]) -> Self:
        """Return the logits of the named images.

        Parameters
        ----------
        names : sequence of str
            Paths of the images, as in the manifest.

        Returns
        -------
        CrossValidationLogits
            The logits of these images, in the order of ``names``.

        Raises
        ------
        DatasetError
            If the logits of an image are missing.
        """
        rows = {name: row for row, name in enumerate(self.names)}
        if missing := [name for name in names if name not in rows]:
            msg = (
                f"The cross-validation results lack {missing[0]} ({len(missing)} of {len(names)} "
                "images are missing). Run deepsky cross-validate again with this manifest."
            )
            raise DatasetError(msg)
        chosen = [rows[name] for name in names]
        return type(self)(tuple(names), {s: logits[chosen] for s, logits in self.logits.items()})


def load_cross_validation(
    folder: Path | None, model: str, examples: Sequence[Example], images: Path
) -> CrossValidationLogits | None:
    """Read the logits that were predicted for the given images in cross-validation.

    Parameters
    ----------
    folder : Path or None
        Folder that contains the files ``MODEL/fold-*.npz``.
    model : str
        Name of the model.
    examples : sequence of Example
        The images whose logits are returned.
    images : Path
        Folder to which the paths in the manifest are relative.

    Returns
    -------
    CrossValidationLogits or None
        Logits in the order of ``examples``, or None if ``folder`` is None.

    Raises
    ------
    DatasetError
        If the folder contains no logits of the model, or if the logits of an image are missing.
    """
    if folder is None:
        return None
    names = [example.path.relative_to(images).as_posix() for example in examples]
    return CrossValidationLogits.load_folds(folder / model).select(names)
