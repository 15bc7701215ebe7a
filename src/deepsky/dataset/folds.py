"""Divide images into folds for cross-validation, by field of sky or by source."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.requirements import require_images, require_training_images
from deepsky.dataset.splits import folds_by_field, sky_fields
from deepsky.dataset.targets import dataset_labels
from deepsky.errors import DatasetError
from deepsky.taxonomy import Label

__all__ = ["Folds", "HeldOut", "divide", "folds_by_source"]

HeldOut = Literal["field", "source"]
"""Whether images of the same field of sky, or images from the same source, are assigned to the same
fold."""

SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Folds:
    """A division of n images into folds.

    Attributes
    ----------
    examples : tuple of Example
        The n images.
    names : tuple of str
        Paths of the images, as in the manifest.
    groups : tuple of int
        Number that identifies the field of sky or the source of each image.
    numbers : ndarray of int, shape (n,)
        Fold index of each image, starting at 0.
    count : int
        Number of folds.
    """

    examples: tuple[Example, ...]
    names: tuple[str, ...]
    groups: tuple[int, ...]
    numbers: NDArray[np.intp]
    count: int

    @property
    def labels(self) -> tuple[Label, ...]:
        """Labels of the images, in the order of a network's outputs."""
        return dataset_labels(self.examples)

    def inside(self, fold: int) -> list[Example]:
        """Return the images in a fold.

        Parameters
        ----------
        fold : int
            Index of the fold, starting at 0.

        Returns
        -------
        list of Example
        """
        return [e for e, own in zip(self.examples, self.numbers, strict=True) if own == fold]

    def outside(self, fold: int) -> list[Example]:
        """Return the images of all folds except one.

        Parameters
        ----------
        fold : int
            Index of the excluded fold, starting at 0.

        Returns
        -------
        list of Example
        """
        return [e for e, own in zip(self.examples, self.numbers, strict=True) if own != fold]

    def names_inside(self, fold: int) -> tuple[str, ...]:
        """Return the names of the images in a fold.

        Parameters
        ----------
        fold : int
            Index of the fold, starting at 0.

        Returns
        -------
        tuple of str
        """
        return tuple(n for n, own in zip(self.names, self.numbers, strict=True) if own == fold)


def divide(examples: Sequence[Example], images: Path, by: HeldOut, count: int) -> Folds:
    """Divide images into folds.

    Parameters
    ----------
    examples : sequence of Example
        Images to divide, without out-of-distribution images.
    images : Path
        Folder to which the paths in the manifest are relative.
    by : {"field", "source"}
        Whether images of the same field of sky, or images from the same source, are assigned to the
        same fold.
    count : int
        Number of folds, at least 2.

    Returns
    -------
    Folds

    Raises
    ------
    DatasetError
        If there are too few images, fields of sky or sources for the number of folds.
    """
    if by == "field":
        groups = sky_fields(examples)
        numbers = folds_by_field(examples, count, SEED)
    else:
        sources = [example.source for example in examples]
        groups = [sources.index(source) for source in sources]
        numbers = folds_by_source(examples, count)
    names = tuple(example.path.relative_to(images).as_posix() for example in examples)
    folds = Folds(tuple(examples), names, tuple(groups), numbers, count)
    for number in range(count):
        require_images(folds.inside(number), f"fold {number}")
        purpose = f"training without fold {number}"
        require_training_images(folds.outside(number), purpose, labels=folds.labels)
    return folds


def folds_by_source(examples: Sequence[Example], count: int) -> NDArray[np.intp]:
    """Divide images into folds of similar size, with all images from a source in the same fold.

    Parameters
    ----------
    examples : sequence of Example
    count : int
        Number of folds.

    Returns
    -------
    ndarray of int, shape (n,)
        Fold index of each image, starting at 0.

    Raises
    ------
    DatasetError
        If there are fewer sources than folds.
    """
    by_source = Counter(example.source for example in examples)
    if len(by_source) < count:
        msg = (
            f"{count} folds need images from at least {count} sources, but the 'source' column of "
            f"the manifest names only {len(by_source)}. Choose fewer folds, or divide by field."
        )
        raise DatasetError(msg)
    sizes = [0] * count
    fold_of_source: dict[str, int] = {}
    for source, images in sorted(by_source.items(), key=lambda item: -item[1]):
        smallest = sizes.index(min(sizes))
        fold_of_source[source] = smallest
        sizes[smallest] += images
    return np.array([fold_of_source[example.source] for example in examples])
