import numpy as np
import pytest
from numpy.typing import NDArray

from deepsky.models.calibration import softmax
from deepsky.training.ensemble import fit_scales

TRUTH = np.random.default_rng(0).integers(4, size=2000)


def logits(signal: float, seed: int) -> NDArray[np.float64]:
    """Return logits of a model that recognizes the classes better, the larger the signal is."""
    noise = np.random.default_rng(seed).normal(size=(len(TRUTH), 4))
    return noise + signal * np.eye(4)[TRUTH]


def loss(scales: NDArray[np.float64], *models: NDArray[np.float64]) -> float:
    total = np.tensordot(scales, np.stack(models), axes=1)
    return float(-np.log(softmax(total)[np.arange(len(TRUTH)), TRUTH]).mean())


def test_scales_minimize_the_cross_entropy_of_the_sum() -> None:
    models = logits(2, 1), logits(1, 2)
    scales = fit_scales(np.stack(models), TRUTH, np.ones(len(TRUTH)))
    # For Gaussian noise of variance 1, the optimal factors are the signals.
    assert scales == pytest.approx([2, 1], abs=0.15)
    least = loss(scales, *models)
    for step in np.array([[0.1, 0], [-0.1, 0], [0, 0.1], [0, -0.1], [0.1, -0.1]]):
        assert loss(scales + step, *models) > least


def test_model_without_information_is_ignored() -> None:
    scales = fit_scales(np.stack([logits(2, 1), logits(-1, 2)]), TRUTH, np.ones(len(TRUTH)))
    assert scales[1] == 0


def test_weights_decide_which_model_is_trusted() -> None:
    half = np.arange(len(TRUTH)) < len(TRUTH) // 2
    models = np.stack(
        [np.where(half[:, None], logits(s, i), logits(3 - s, i)) for i, s in enumerate((3, 0))]
    )
    first, second = (fit_scales(models, TRUTH, np.where(part, 1.0, 1e-6)) for part in (half, ~half))
    assert first[0] > 10 * first[1]
    assert second[1] > 10 * second[0]
