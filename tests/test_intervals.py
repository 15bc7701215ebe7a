"""Wilson intervals match published values."""

import pytest

from deepsky.intervals import Proportion, wilson_interval


def test_interval_matches_published_example() -> None:
    found = wilson_interval(81, 263)
    # Example from R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998.
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert (found.images, found.count) == (263, 81)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0, 0.2775), (10, 0.7225, 1)])
def test_interval_for_count_0_and_for_all_images_stays_within_0_and_1(
    count: int, low: float, high: float
) -> None:
    found = wilson_interval(count, 10)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)


def test_proportion_of_no_images_has_no_value() -> None:
    assert wilson_interval(0, 0) == Proportion(images=0, count=0, value=None, low=0, high=1)
