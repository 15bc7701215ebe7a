"""Test the division of images into folds for cross-validation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deepsky.dataset.folds import divide, folds_by_source
from deepsky.dataset.manifest import Example
from deepsky.dataset.splits import sky_fields
from deepsky.errors import DatasetError


def test_images_of_a_field_are_in_one_fold(examples: list[Example], manifest: Path) -> None:
    folds = divide(examples, manifest.parent, "field", 5)
    assert set(folds.numbers) == set(range(5))
    folds_of_field: dict[int, set[int]] = {}
    for field, fold in zip(sky_fields(examples), folds.numbers, strict=True):
        folds_of_field.setdefault(field, set()).add(int(fold))
    assert all(len(own) == 1 for own in folds_of_field.values())


def test_images_of_a_source_are_in_one_fold_and_folds_are_of_similar_size(
    examples: list[Example],
) -> None:
    sources = ["large"] * 40 + ["middle"] * 30 + ["small"] * 22 + ["tiny"] * 20
    chosen = [replace(e, source=s) for e, s in zip(examples, sources, strict=True)]
    folds = folds_by_source(chosen, 3)
    assert len({(s, int(f)) for s, f in zip(sources, folds, strict=True)}) == 4
    assert sorted(np.bincount(folds)) == [30, 40, 42]


def test_fewer_sources_than_folds_are_refused(examples: list[Example], manifest: Path) -> None:
    with pytest.raises(DatasetError, match=r"at least 2 sources, but .* names only 1"):
        divide(examples, manifest.parent, "source", 2)


def test_fewer_fields_than_folds_are_refused(examples: list[Example], manifest: Path) -> None:
    few = [e for e in examples if e.group.endswith(" 1")]
    with pytest.raises(DatasetError, match="4 fields of sky, and its most frequent label has 2"):
        divide(few, manifest.parent, "field", 5)


def test_class_with_images_in_one_fold_only_is_refused(
    examples: list[Example], manifest: Path
) -> None:
    chosen = [e for e in examples if e.label != "nebula" or e.group == "nebula 3"]
    with pytest.raises(DatasetError, match=r"training without fold \d: 0 of nebula"):
        divide(chosen, manifest.parent, "field", 5)
