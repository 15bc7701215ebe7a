"""Test bootstrap resampling of fields of sky."""

import numpy as np

from deepsky.evaluation.bootstrap import resample_clusters


def test_all_images_of_a_field_are_resampled_together() -> None:
    drawn = resample_clusters(np.ones((6, 1), dtype=np.int64), [4, 4, 4, 9, 9, 9])
    assert set(np.unique(drawn)) == {6}  # each resample contains two fields with three images each
    uneven = resample_clusters(np.ones((4, 1), dtype=np.int64), [4, 4, 4, 9])
    assert set(np.unique(uneven)) == {2, 4, 6}
