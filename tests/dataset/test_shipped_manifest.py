"""Test the manifest and the corrections in the repository."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from deepsky.dataset.manifest import HELD_OUT_SOURCES, SPLITS, Example, read_manifest
from deepsky.dataset.splits import members, sky_fields, with_splits

DATASET = Path(__file__).parents[2] / "dataset"


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    """Return the examples of the repository's manifest, with empty files as images."""
    images = tmp_path_factory.mktemp("images")
    with (DATASET / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = images / row["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    return with_splits(read_manifest(DATASET / "manifest.csv", images), seed=0)


def test_images_of_a_field_are_in_one_split(examples: list[Example]) -> None:
    splits_of_field: dict[int, set[str | None]] = {}
    for example, field in zip(examples, sky_fields(examples), strict=True):
        if example.split not in HELD_OUT_SOURCES:
            splits_of_field.setdefault(field, set()).add(example.split)
    assert max(len(splits) for splits in splits_of_field.values()) == 1


def test_held_out_sources_are_in_one_split(examples: list[Example]) -> None:
    splits_of_source: dict[str, set[str | None]] = {}
    for example in examples:
        splits_of_source.setdefault(example.source.split("@")[0], set()).add(example.split)
    for splits in splits_of_source.values():
        assert len(splits) == 1 or not splits.intersection(HELD_OUT_SOURCES)


def test_held_out_sources_are_enough_for_a_figure(examples: list[Example]) -> None:
    for split in HELD_OUT_SOURCES:
        chosen = members(examples, split)
        assert len({e.source for e in chosen}) >= 15
        assert {e.label for e in chosen} == {"galaxy", "nebula", "star_cluster", "other"}


def test_photographs_and_drawings_are_not_used_for_training(examples: list[Example]) -> None:
    kinds = {split: {e.kind for e in members(examples, split)} for split in SPLITS}
    unknown = {"photograph", "drawing"}
    assert unknown <= kinds["out_of_distribution"]
    for split in ("train", "validation", "test"):
        assert not unknown & kinds[split]


def test_each_split_contains_every_class(examples: list[Example]) -> None:
    for split in ("train", "validation", "test"):
        counts = Counter(e.label for e in members(examples, split))
        assert min(counts.values()) > 100
        assert len(counts) == 4
