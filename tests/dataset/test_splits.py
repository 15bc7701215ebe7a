"""Test that images are divided into splits by field of sky."""

from dataclasses import replace

import numpy as np
import pytest

from deepsky.dataset.manifest import Example
from deepsky.dataset.splits import sky_fields, split_by_field, with_splits
from deepsky.errors import DatasetError
from deepsky.taxonomy import LABELS


@pytest.fixture(scope="module")
def sky(examples: list[Example]) -> list[Example]:
    """Return 600 examples, some in groups of different sizes and some without a group."""
    rng = np.random.default_rng(3)
    sky = []
    for number in range(600):
        group = f"NGC {int(rng.geometric(0.02))}" if number % 3 else ""
        label = LABELS[(len(group) + number) % 4]
        phash = int(rng.integers(2**63))
        sky.append(replace(examples[0], label=label, group=group, phash=phash, ambiguous=False))
    return sky


def test_images_of_a_group_are_in_one_split(sky: list[Example]) -> None:
    splits_of_group: dict[str, set[str]] = {}
    for example, split in zip(sky, split_by_field(sky, seed=0), strict=True):
        if example.group:
            splits_of_group.setdefault(example.group, set()).add(split)
    assert len(splits_of_group) > 50
    assert all(len(splits) == 1 for splits in splits_of_group.values())


def test_duplicates_without_a_group_are_in_one_split(sky: list[Example]) -> None:
    twins = [replace(e, phash=e.phash ^ 0b101) for e in sky if not e.group]
    splits = split_by_field([*sky, *twins], seed=0)
    originals = [s for e, s in zip(sky, splits, strict=False) if not e.group]
    assert originals == splits[len(sky) :]
    assert len(set(originals)) == 3


def test_duplicate_without_a_group_is_in_the_field_of_the_original(sky: list[Example]) -> None:
    known = next(i for i, e in enumerate(sky) if e.group)
    duplicate = replace(sky[known], group="", phash=sky[known].phash ^ 1)
    fields = sky_fields([*sky, duplicate])
    assert fields[-1] == fields[known]


def test_similar_hashes_do_not_join_two_groups(sky: list[Example]) -> None:
    one = replace(sky[0], group="M 1", phash=0xFF)
    two = replace(sky[0], group="M 2", phash=0xFF)
    duplicate = replace(sky[0], group="", phash=0xFE)
    fields = sky_fields([one, two, duplicate])
    assert fields[0] != fields[1]
    assert fields[2] in fields[:2]


def test_seed_determines_the_splits(sky: list[Example]) -> None:
    assert split_by_field(sky, seed=4) == split_by_field(sky, seed=4)
    assert split_by_field(sky, seed=4) != split_by_field(sky, seed=5)


def test_labels_are_distributed_evenly(examples: list[Example]) -> None:
    splits = split_by_field(examples, seed=0)
    for label in LABELS:
        counts = [
            sum(e.label == label and s == split for e, s in zip(examples, splits, strict=True))
            for split in ("train", "validation", "test")
        ]
        assert sum(counts) == 28
        assert 18 <= counts[0] <= 22
        assert min(counts) >= 2


def test_splits_of_the_manifest_are_kept_and_missing_ones_assigned(examples: list[Example]) -> None:
    stated = [
        replace(e, split="out_of_distribution" if e.label == "other" else "train") for e in examples
    ]
    assert with_splits(stated, seed=0) == stated
    assigned = with_splits(examples, seed=3)
    assert [e.split for e in assigned] == split_by_field(examples, seed=3)


def test_manifest_with_splits_for_some_images_only_is_refused(examples: list[Example]) -> None:
    with pytest.raises(DatasetError, match="some images only"):
        with_splits([replace(examples[0], split="test"), *examples[1:]], seed=0)


def test_group_in_two_splits_is_refused(examples: list[Example]) -> None:
    stated = [replace(e, split="train") for e in examples]
    stated[0] = replace(stated[0], split="test")  # its group is also in the training split
    with pytest.raises(DatasetError, match=f"{examples[0].group!r} in two splits"):
        with_splits(stated, seed=0)


def test_held_out_source_may_show_fields_of_other_splits(examples: list[Example]) -> None:
    stated = [replace(e, split="train", source="a") for e in examples]
    stated[0] = replace(stated[0], split="source_test", source="b")
    assert with_splits(stated, seed=0) == stated


def test_held_out_source_in_another_split_is_refused(examples: list[Example]) -> None:
    stated = [replace(e, split="train", source="a") for e in examples]
    stated[0] = replace(stated[0], split="source_test")  # its source is also in the training split
    with pytest.raises(DatasetError, match="source 'a' in two splits"):
        with_splits(stated, seed=0)
