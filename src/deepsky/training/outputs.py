"""Outputs of networks for the images of a manifest, computed or read from cross-validation."""

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
    """Logits and embeddings of n images.

    Attributes
    ----------
    logits : ndarray of float32, shape (n, 4)
    embeddings : ndarray of float32, shape (n, d)
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
            Side of its input, in pixels.
        examples : sequence of Example
            The images, at least one.

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
    """Logits of n images from networks that were not trained on them, at several input sizes.

    Attributes
    ----------
    names : tuple of str
        Paths of the images as in the manifest, of length n.
    logits : mapping of int to ndarray of float32, shape (n, 4)
        Keyed by the side of the network's input, in pixels.
    """

    names: tuple[str, ...]
    logits: Mapping[int, NDArray[np.float32]]

    def save(self, path: Path) -> None:
        """Write an ``.npz`` file atomically, with logits in half precision.

        Parameters
        ----------
        path : Path
        """
        arrays: dict[str, Any] = {str(k): v.astype(np.float16) for k, v in self.logits.items()}
        with atomic_write(path) as file:
            np.savez_compressed(file, names=np.array(self.names), **arrays)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that `save` wrote.

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
        """Read the logits of all folds, the files ``fold-*.npz`` of a folder.

        Parameters
        ----------
        folder : Path

        Returns
        -------
        CrossValidationLogits

        Raises
        ------
        DatasetError
            If the folder contains no such file.
        """
        folds = [cls.load(path) for path in sorted(folder.glob("fold-*.npz"))]
        if not folds:
            msg = (
                f"{folder} contains no cross-validation results (fold-*.npz). "
                "Create them with deepsky cross-validate."
            )
            raise DatasetError(msg)
        names = tuple(name for fold in folds for name in fold.names)
        sizes = folds[0].logits
        return cls(names, {s: np.concatenate([fold.logits[s] for fold in folds]) for s in sizes})

    def select(self, names: Sequence[str]) -> Self:
        """Return the logits of the named images, in the order of the names.

        Parameters
        ----------
        names : sequence of str

        Returns
        -------
        CrossValidationLogits

        Raises
        ------
        DatasetError
            If there are no logits of one of the images.
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
    """Read the cross-validation logits of a model for some images.

    Parameters
    ----------
    folder : Path or None
        Folder that contains ``MODEL/fold-*.npz``, if there is one.
    model : str
        Name of the model.
    examples : sequence of Example
    images : Path
        Folder that the manifest's paths are relative to.

    Returns
    -------
    CrossValidationLogits or None
        None without a folder.

    Raises
    ------
    DatasetError
        If the folder contains no logits of the model, or lacks those of an image.
    """
    if folder is None:
        return None
    names = [example.path.relative_to(images).as_posix() for example in examples]
    return CrossValidationLogits.load_folds(folder / model).select(names)
