"""Training, validation and test: no field of sky on two sides."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from deepsky.dataset.manifest import Example, Split
from deepsky.errors import DatasetError

__all__ = ["members", "sky_fields", "split_by_field", "with_splits"]

FOLDS = 7
"""One fold is the test split, one the validation split, the other five train."""

NEAR_DUPLICATE_BITS = 4
"""Perceptual hashes that differ in at most so many of 64 bits may be the same image."""


def sky_fields(examples: Sequence[Example]) -> list[int]:
    """Give each image the number of its field of sky.

    Images of one ``group`` share a field. An image without a group joins the field of the
    image with the nearest perceptual hash, where that is nearly the same, since the same
    image can come from two sources. (Between two known groups a near hash is chance: small
    centred objects look alike to it.)

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    list of int
        One number an example; equal numbers must stay on the same side of a split.
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
    """Keep the splits that the manifest states, or divide the images where it states none.

    Raises
    ------
    DatasetError
        If it states the split of some images only, or puts a group in two splits.
    """
    stated = {bool(example.split) for example in examples}
    if stated == {False}:
        splits = split_by_field(examples, seed)
        return [replace(e, split=split) for e, split in zip(examples, splits, strict=True)]
    if False in stated:
        msg = "The manifest states the split of some images only: state all, or none."
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
    """Give the examples of a split."""
    return [example for example in examples if example.split == split]


def split_by_field(examples: Sequence[Example], seed: int) -> list[Split]:
    """Divide images into training, validation and test, grouped by field.

    The labels and the ambiguous images are spread evenly (stratified).

    Parameters
    ----------
    examples : sequence of Example
    seed : int
        The same seed gives the same splits.

    Returns
    -------
    list of {"train", "validation", "test"}
        One an example, about 5 : 1 : 1.
    """
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    strata = ["ambiguous" if example.ambiguous else example.label for example in examples]
    held_out = [fold for _, fold in folds.split(examples, strata, sky_fields(examples))]
    result: list[Split] = ["train"] * len(examples)
    for index in held_out[0]:
        result[index] = "test"
    for index in held_out[1]:
        result[index] = "validation"
    return result
