"""Compare McNemar's test with probabilities computed by hand."""

import numpy as np
import pytest

from deepsky.evaluation.comparison import compare


def test_only_images_that_one_model_classifies_correctly_affect_the_p_value() -> None:
    first = np.array([True] * 50 + [True] * 1 + [False] * 8 + [False] * 5)
    second = np.array([True] * 50 + [False] * 1 + [True] * 8 + [False] * 5)
    found = compare(first, second)
    assert (found["only_first"], found["only_second"]) == (1, 8)
    assert found["p_value"] == pytest.approx(2 * (1 + 9) / 2**9)


def test_equal_models_do_not_differ() -> None:
    assert compare(np.array([True, False]), np.array([True, False]))["p_value"] == 1
