"""Tests of labels."""

import pytest

from deepsky.taxonomy import LABELS, is_label, order_labels


@pytest.mark.parametrize("text", ["galaxy", "2mass", "type-1a", "großer_nebel", "星云", "a" * 64])
def test_letters_digits_and_hyphens_are_a_label(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize(
    "text", ["", "a b", "../x", "a/b", "-a", "_a", "=1+1", "a,b", "a:b", "a\0", "m²", "a" * 65]
)
def test_other_texts_are_not_a_label(text: str) -> None:
    assert not is_label(text)


def test_labels_are_in_the_order_of_the_outputs() -> None:
    assert order_labels(reversed(LABELS)) == LABELS
    assert order_labels(["sun", "other", "comet", "comet"]) == ("comet", "sun", "other")
