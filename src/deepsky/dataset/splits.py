"""Divide images into splits and folds, with all images of a field of sky in one of them."""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from deepsky.dataset.manifest import Example, Split
from deepsky.errors import DatasetError

__all__ = [
    "folds_by_field",
    "members",
    "sky_fields",
    "split_by_field",
    "with_splits",
]

FOLDS: Final = 7
"""One fold is the test split, one the validation split, and five are the training split."""

NEAR_DUPLICATE_BITS: Final = 4
"""Perceptual hashes that differ in at most this many of 64 bits may be of the same image."""


def sky_fields(examples: Sequence[Example]) -> list[int]:
    """Return the field of sky of each image, as a number.

    Images of one ``group`` share a field. An image without a group joins the field of the image
    with the nearest perceptual hash if the two are nearly equal, since two sources can publish
    the same image. Images of two different groups are never joined: nearly equal hashes of small
    centred objects occur by chance.

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    list of int
        One number per example; images with equal numbers must be in the same split.
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
    """Return examples with the splits of the manifest, or divide them if it states none.

    Parameters
    ----------
    examples : sequence of Example
    seed : int
        Seed of the division.

    Returns
    -------
    list of Example
        The examples in the same order, each with a split.

    Raises
    ------
    DatasetError
        If the manifest states the splits of some images only or puts a group into two splits, or
        if there are too few images to divide.
    """
    stated = {bool(example.split) for example in examples}
    if stated == {False}:
        splits = split_by_field(examples, seed)
        return [replace(e, split=split) for e, split in zip(examples, splits, strict=True)]
    if False in stated:
        msg = "The manifest states the split of some images only: state it for all or for none."
        raise DatasetError(msg)
    splits_of_group: dict[str, Split | None] = {}
    for example in examples:
        if example.group and splits_of_group.setdefault(example.group, example.split) != (
            example.split
        ):
            msg = f"The manifest puts the group {example.group!r} in two splits."
            raise DatasetError(msg)
    return list(examples)


def members(examples: Sequence[Example], split: Split) -> list[Example]:
    """Return the examples of a split.

    Parameters
    ----------
    examples : sequence of Example
    split : str
        One of `SPLITS`.

    Returns
    -------
    list of Example
    """
    return [example for example in examples if example.split == split]


def split_by_field(examples: Sequence[Example], seed: int) -> list[Split]:
    """Divide images into training, validation and test splits by field of sky.

    All images of a field are in one part. Labels and ambiguous images are distributed evenly
    (stratified).

    Parameters
    ----------
    examples : sequence of Example
    seed : int
        The same seed returns the same splits.

    Returns
    -------
    list of {"train", "validation", "test"}
        One split per example, in proportions of about 5 : 1 : 1.

    Raises
    ------
    DatasetError
        If there are fewer than seven fields of sky, or fewer than seven images of every label.
    """
    splits: dict[int, Split] = {0: "test", 1: "validation"}
    return [splits.get(fold, "train") for fold in folds_by_field(examples, FOLDS, seed).tolist()]


def folds_by_field(examples: Sequence[Example], folds: int, seed: int) -> NDArray[np.intp]:
    """Divide images into folds by field of sky.

    All images of a field are in one part. Labels and ambiguous images are distributed evenly
    (stratified).

    Parameters
    ----------
    examples : sequence of Example
    folds : int
        Number of folds, at least 2.
    seed : int
        The same seed returns the same folds.

    Returns
    -------
    ndarray of int, shape (n,)
        The number of each image's fold, from 0.

    Raises
    ------
    DatasetError
        If there are fewer fields of sky than folds, or fewer images than folds of every label.
    """
    strata = ["ambiguous" if example.ambiguous else example.label for example in examples]
    fields = sky_fields(examples)
    most = max(Counter(strata).values(), default=0)
    if len(set(fields)) < folds or most < folds:
        msg = (
            f"The images show too few fields of sky to divide into {folds} parts: "
            f"{len(set(fields))} fields, and at most {most} images of one label. Both must be at "
            f"least {folds}: add images, or state the splits in the manifest."
        )
        raise DatasetError(msg)
    divide = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    numbers = np.zeros(len(examples), dtype=np.intp)
    with warnings.catch_warnings():
        # scikit-learn warns if a label has fewer images than there are folds.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        for number, (_, held_out) in enumerate(divide.split(examples, strata, fields)):
            numbers[held_out] = number
    return numbers
