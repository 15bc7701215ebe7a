"""What cross-validated networks answered about images that they did not learn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from deepsky.atomic_file import atomic_write
from deepsky.dataset.manifest import Example
from deepsky.errors import DatasetError

__all__ = ["CrossAnswers", "cross_answers"]


@dataclass(frozen=True, slots=True)
class CrossAnswers:
    """Logits of n images, each at several input sizes.

    Attributes
    ----------
    names : tuple of str
        Paths of the images, as the manifest names them.
    logits : mapping of int to ndarray of float32
        Of shape (n, 4), by the side of the network's input, in pixels.
    """

    names: tuple[str, ...]
    logits: Mapping[int, NDArray[np.float32]]

    def save(self, path: Path) -> None:
        """Write a ``.npz`` file, with logits in half precision; whole or not at all."""
        arrays: dict[str, Any] = {str(k): v.astype(np.float16) for k, v in self.logits.items()}
        with atomic_write(path) as file:
            np.savez_compressed(file, names=np.array(self.names), **arrays)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(path) as arrays:
            logits = {int(key): arrays[key].astype("f4") for key in arrays if key != "names"}
            return cls(tuple(map(str, arrays["names"])), logits)

    @classmethod
    def of_folds(cls, folder: Path) -> Self:
        """Read the answers of all folds, the files ``fold-*.npz``.

        Raises
        ------
        DatasetError
            If there are none.
        """
        folds = [cls.load(path) for path in sorted(folder.glob("fold-*.npz"))]
        if not folds:
            msg = f"There are no answers of cross-validated networks (fold-*.npz) in {folder}."
            raise DatasetError(msg)
        names = tuple(name for fold in folds for name in fold.names)
        sizes = folds[0].logits
        return cls(names, {s: np.concatenate([fold.logits[s] for fold in folds]) for s in sizes})

    def about(self, names: Sequence[str]) -> Self:
        """Give the answers about some images alone, in their order.

        Raises
        ------
        DatasetError
            If one of the images was not asked about.
        """
        rows = {name: row for row, name in enumerate(self.names)}
        if missing := [name for name in names if name not in rows]:
            msg = f"No cross-validated network was asked about {missing[0]}. Validate anew."
            raise DatasetError(msg)
        chosen = [rows[name] for name in names]
        return type(self)(tuple(names), {s: logits[chosen] for s, logits in self.logits.items()})


def cross_answers(
    folder: Path | None, model: str, examples: Sequence[Example], images: Path
) -> CrossAnswers | None:
    """Find what cross-validated networks of a kind answered about some images.

    Parameters
    ----------
    folder : Path or None
        Holds ``MODEL/fold-*.npz``; without it, there are no answers.
    model : str
    examples : sequence of Example
    images : Path
        The folder that the manifest's paths begin in.

    Raises
    ------
    DatasetError
        If the folder has no answers, or none about one of the images.
    """
    if folder is None:
        return None
    names = [example.path.relative_to(images).as_posix() for example in examples]
    return CrossAnswers.of_folds(folder / model).about(names)
