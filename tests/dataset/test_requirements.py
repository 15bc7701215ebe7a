"""Test the errors that are raised for datasets with too few images."""

from dataclasses import replace

import pytest

from deepsky.dataset.manifest import Example
from deepsky.dataset.requirements import require_images, require_training_images
from deepsky.dataset.splits import split_by_field
from deepsky.errors import DatasetError
from deepsky.taxonomy import LABELS


def test_message_states_the_actual_and_the_minimum_number_of_images(
    examples: list[Example],
) -> None:
    chosen = [e for e in examples if e.label in ("galaxy", "nebula")][:30]  # 28 galaxies, 2 nebulae
    with pytest.raises(DatasetError) as raised:
        require_images(chosen, "the test split", labels=LABELS, per_label=3, total=40)
    assert str(raised.value) == (
        "Too few images for the test split: 30, at least 40 needed; 2 of nebula, at least "
        "3 needed; 0 of star_cluster, at least 3 needed; 0 of other, at least 3 needed."
    )


def test_enough_images_raise_no_error(examples: list[Example]) -> None:
    require_images(examples, "the test split", labels=LABELS, per_label=28, total=112)


def test_training_needs_two_images_of_each_class(examples: list[Example]) -> None:
    one_nebula = [e for e in examples if e.label != "nebula"]
    one_nebula.append(next(e for e in examples if e.label == "nebula"))
    with pytest.raises(DatasetError, match="1 of nebula, at least 2 needed"):
        require_training_images(one_nebula, "the training split")


@pytest.mark.parametrize("count", [0, 1, 6])
def test_fewer_fields_than_needed_for_splits_are_refused(
    examples: list[Example], count: int
) -> None:
    few = [replace(e, label="galaxy") for e in examples if e.label == "galaxy"][: 2 * count]
    with pytest.raises(DatasetError, match=f"{count} fields of sky, and its most"):
        split_by_field(few, seed=0)


def test_fewer_images_per_label_than_needed_for_splits_are_refused(examples: list[Example]) -> None:
    few = [e for e in examples if e.group.split()[1] in ("1", "2", "3")]  # 6 images of each label
    with pytest.raises(DatasetError, match="12 fields of sky, and its most frequent label has 6"):
        split_by_field(few, seed=0)


def test_rare_label_is_divided_without_a_warning(examples: list[Example]) -> None:
    chosen = [e for e in examples if e.label != "nebula" or e.group == "nebula 3"]
    splits = split_by_field(chosen, seed=0)
    assert {"train", "validation", "test"} == set(splits)
