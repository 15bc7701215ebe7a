"""Divide images into splits and folds by field of sky."""

import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from deepsky.dataset.manifest import HELD_OUT_SOURCES, Example, Split
from deepsky.errors import DatasetError

__all__ = [
    "folds_by_field",
    "members",
    "sky_fields",
    "split_by_field",
    "with_splits",
]

FOLDS: Final = 7
"""Number of folds into which a dataset is divided. One fold is the test split, one is the
validation split, and the remaining five are the training split."""

NEAR_DUPLICATE_BITS: Final = 4
"""Maximum number of differing bits (of 64) between two perceptual hashes that are considered nearly
equal."""


def sky_fields(examples: Sequence[Example]) -> list[int]:
    """Assign each image to a field of sky.

    All images with the same ``group`` belong to one field. Several sources may publish the
    same image. Therefore, an image without a group is assigned to the field of the image with the
    most similar perceptual hash if the two hashes are nearly equal. Images of different groups are
    never assigned to the same field, even if their hashes are nearly equal, because images of
    small, centred objects may have nearly equal hashes by chance.

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    list of int
        Number that identifies the field of sky of each image. Images with the same number must be
        in the same split.
    """
    parent = list(range(len(examples)))

    def root(node: int) -> int:
        while parent[node] != node:
            node = parent[node]
        return node

    first_of_group: dict[str, int] = {}
    hashes = np.array([example.phash for example in examples], dtype=np.uint64)
    for index, example in enumerate(examples):
        if example.group:
            parent[index] = first_of_group.setdefault(example.group, index)
            continue
        distances = np.bitwise_count(hashes ^ hashes[index])
        distances[index] = np.iinfo(distances.dtype).max
        nearest = int(distances.argmin())
        if distances[nearest] <= NEAR_DUPLICATE_BITS:
            parent[index] = nearest if root(nearest) != index else index
    return [root(index) for index in range(len(examples))]


def with_splits(examples: Sequence[Example], seed: int) -> list[Example]:
    """Divide images into splits or, if the images already have splits, check the splits.

    Parameters
    ----------
    examples : sequence of Example
    seed : int
        Seed for the random division.

    Returns
    -------
    list of Example
        The examples with their splits, in the same order.

    Raises
    ------
    DatasetError
        If only some images have a split in the manifest, a group is in two splits of fields of
        sky, a held-out source is in two splits, or there are too few images to divide.
    """
    stated = {bool(example.split) for example in examples}
    if stated == {False}:
        splits = split_by_field(examples, seed)
        return [replace(e, split=split) for e, split in zip(examples, splits, strict=True)]
    if False in stated:
        msg = (
            "The manifest has splits for some images only. Fill in the 'split' column for all "
            "images, or remove the column."
        )
        raise DatasetError(msg)
    within = [example for example in examples if example.split not in HELD_OUT_SOURCES]
    _require_one_split([(e.group, e.split) for e in within], "group")
    held_out = {e.source for e in examples if e.split in HELD_OUT_SOURCES}
    _require_one_split([(e.source, e.split) for e in examples if e.source in held_out], "source")
    return list(examples)


def _require_one_split(pairs: Iterable[tuple[str, Split | None]], column: str) -> None:
    """Raise an error if images with the same value in a column are in two splits."""
    splits: dict[str, Split | None] = {}
    for value, split in pairs:
        if value and splits.setdefault(value, split) != split:
            msg = (
                f"The manifest has images of the {column} {value!r} in two splits. "
                f"Assign all images of the {column} to one split."
            )
            raise DatasetError(msg)


def members(examples: Sequence[Example], *splits: Split) -> list[Example]:
    """Return the examples of one or more splits.

    Parameters
    ----------
    examples : sequence of Example
    *splits : str
        Splits from `SPLITS`.

    Returns
    -------
    list of Example
    """
    return [example for example in examples if example.split in splits]


def split_by_field(examples: Sequence[Example], seed: int) -> list[Split]:
    """Divide images into training, validation and test splits by field of sky.

    All images of a field are in the same split. The splits are stratified by label and ambiguity.

    Parameters
    ----------
    examples : sequence of Example
    seed : int
        Seed for the random division. The same seed produces the same splits.

    Returns
    -------
    list of {"train", "validation", "test"}
        Split of each image. The sizes of the splits are in the ratio of about 5 : 1 : 1.

    Raises
    ------
    DatasetError
        If there are fewer than seven fields of sky, or if every label has fewer than seven images.
    """
    splits: dict[int, Split] = {0: "test", 1: "validation"}
    return [splits.get(fold, "train") for fold in folds_by_field(examples, FOLDS, seed).tolist()]


def folds_by_field(examples: Sequence[Example], folds: int, seed: int) -> NDArray[np.intp]:
    """Divide images into folds by field of sky.

    All images of a field are in the same fold. The folds are stratified by label and ambiguity.

    Parameters
    ----------
    examples : sequence of Example
    folds : int
        Number of folds, at least 2.
    seed : int
        Seed for the random division. The same seed produces the same folds.

    Returns
    -------
    ndarray of int, shape (n,)
        Fold index of each image, starting at 0.

    Raises
    ------
    DatasetError
        If there are fewer fields of sky than folds, or if every label has fewer images than the
        number of folds.
    """
    strata = ["ambiguous" if example.ambiguous else example.label for example in examples]
    fields = sky_fields(examples)
    most = max(Counter(strata).values(), default=0)
    if len(set(fields)) < folds or most < folds:
        msg = (
            f"The dataset is too small to be divided into {folds} parts. It has "
            f"{len(set(fields))} fields of sky, and its most frequent label has {most} images. "
            f"Both numbers must be at least {folds}. Add images, or add a 'split' column to the "
            "manifest."
        )
        raise DatasetError(msg)
    divide = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    numbers = np.zeros(len(examples), dtype=np.intp)
    with warnings.catch_warnings():
        # scikit-learn warns if a label has fewer images than there are folds, which is allowed.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        for number, (_, held_out) in enumerate(divide.split(examples, strata, fields)):
            numbers[held_out] = number
    return numbers
