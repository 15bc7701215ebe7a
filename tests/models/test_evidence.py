"""Position, scale and transparency of evidence overlays."""

import numpy as np

from deepsky.models.evidence import COLOURS, overlay
from deepsky.taxonomy import LABELS


def test_overlay_is_most_opaque_at_the_strongest_evidence() -> None:
    evidence = np.zeros((4, 8, 8), dtype=np.float32)
    evidence[LABELS.index("nebula"), 1, 6] = 5.0  # evidence near the top right corner
    layer = overlay(evidence, "nebula", (160, 80))
    assert layer.shape == (80, 160, 4)
    row, column = np.unravel_index(layer[..., 3].argmax(), (80, 160))
    assert 10 <= row < 20
    assert 120 <= column < 140
    assert layer[..., 3].max() > 200
    assert layer[60:, :80, 3].max() == 0
    assert tuple(layer[0, 0, :3]) == COLOURS["nebula"]


def test_classes_share_one_scale() -> None:
    evidence = np.zeros((4, 4, 4), dtype=np.float32)
    evidence[0, 0, 0], evidence[1, 3, 3] = 8.0, 2.0
    strong, weak = (overlay(evidence, k, (40, 40))[..., 3].max() for k in ("galaxy", "nebula"))
    assert strong > 3 * weak > 0


def test_overlay_without_evidence_is_transparent() -> None:
    assert overlay(np.zeros((4, 7, 7), dtype=np.float32), "other", (20, 20))[..., 3].max() == 0
