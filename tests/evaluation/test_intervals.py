"""Intervals: against values worked out elsewhere."""

import numpy as np
import pytest

from deepsky.evaluation.intervals import resample_by_field, share


def test_shares_have_wilsons_interval() -> None:
    found = share(np.array([True] * 81 + [False] * 182))
    # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998: 81 of 263.
    assert (found["low"], found["high"]) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert (found["images"], found["hits"]) == (263, 81)


@pytest.mark.parametrize(("hits", "low", "high"), [(0, 0, 0.2775), (10, 0.7225, 1)])
def test_none_and_all_stay_within_bounds(hits: int, low: float, high: float) -> None:
    found = share(np.arange(10) < hits)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=5e-4)


def test_nothing_counted_is_no_share() -> None:
    assert share(np.zeros(0, dtype=bool))["value"] is None


def test_fields_are_drawn_whole() -> None:
    drawn = resample_by_field(np.ones((6, 1), dtype=np.int64), [4, 4, 4, 9, 9, 9])
    assert set(np.unique(drawn)) == {6}  # two fields of three, whichever they are
    uneven = resample_by_field(np.ones((4, 1), dtype=np.int64), [4, 4, 4, 9])
    assert set(np.unique(uneven)) == {2, 4, 6}
