import numpy as np
import pytest
from numpy.typing import NDArray

from deepsky.detection.boxes import Box
from deepsky.detection.evidence_map import EvidenceMap
from deepsky.prediction import Prediction


def prediction(evidence: NDArray[np.float64], probabilities: dict[str, float]) -> Prediction:
    label = max(probabilities, key=lambda each: probabilities[each])
    return Prediction(
        label, "confident", probabilities, (label,), 0.0, evidence.astype(np.float32), "m", "1", "0"
    )


def test_mean_of_the_map_is_the_calibrated_log_odds() -> None:
    evidence = np.random.default_rng(0).normal(0, 3, (3, 8, 8))
    seen = prediction(evidence, {"galaxy": 0.7, "nebula": 0.2, "other": 0.1})

    found = EvidenceMap.average(
        [[(Box(0, 0, 320, 320), seen)]], ("galaxy", "nebula", "other"), 0.5, (320, 320)
    )

    assert found.labels == ("galaxy", "nebula")
    assert found.values.shape == (2, 32, 32)
    assert found.values.mean(axis=(1, 2)) == pytest.approx([np.log(7), np.log(2)], abs=0.4)
    assert found.best_label(Box(0, 0, 320, 320)) == "galaxy"


def test_contrast_is_high_where_the_evidence_is() -> None:
    evidence = np.zeros((2, 8, 8))
    evidence[0, 2:4, 4:6] = 10
    seen = prediction(evidence, {"galaxy": 0.5, "other": 0.5})

    found = EvidenceMap.average(
        [[(Box(0, 0, 320, 320), seen)]], ("galaxy", "other"), 1.0, (320, 320)
    )

    assert found.contrast(Box(160, 80, 240, 160), "galaxy") > 5
    assert found.contrast(Box(0, 200, 80, 280), "galaxy") == pytest.approx(0, abs=1e-3)
    assert found.contrast(Box(0, 0, 320, 320), "galaxy") == 0


def test_windows_of_a_scale_are_averaged_where_they_overlap() -> None:
    likely = prediction(np.zeros((2, 4, 4)), {"galaxy": 0.9, "other": 0.1})
    unlikely = prediction(np.zeros((2, 4, 4)), {"galaxy": 0.1, "other": 0.9})
    windows = [(Box(0, 0, 64, 64), likely), (Box(32, 0, 96, 64), unlikely)]

    values = EvidenceMap.average([windows], ("galaxy", "other"), 1.0, (96, 64)).values[0]

    assert values.shape == (32, 48)
    assert values[:, :16] == pytest.approx(np.log(9))
    assert values[:, 16:32] == pytest.approx(0, abs=1e-5)
    assert values[:, 32:] == pytest.approx(-np.log(9))


def test_model_without_other_has_evidence_relative_to_the_mean() -> None:
    evidence = np.zeros((2, 4, 4))
    seen = prediction(evidence, {"elliptical": 0.2, "spiral": 0.8})

    found = EvidenceMap.average(
        [[(Box(0, 0, 64, 64), seen)]], ("elliptical", "spiral"), 1.0, (64, 64)
    )

    assert found.labels == ("elliptical", "spiral")
    assert found.best_label(Box(0, 0, 64, 64)) == "spiral"
