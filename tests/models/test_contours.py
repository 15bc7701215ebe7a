"""Position and levels of the contour lines of evidence maps."""

from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

from deepsky.models.contours import LEVELS, contour_lines, contours_svg
from deepsky.models.evidence import strength_map
from deepsky.taxonomy import LABELS

SIZE = (160, 80)


def evidence_at(label: str, row: int, column: int) -> np.ndarray:
    evidence = np.zeros((4, 8, 8), dtype=np.float32)
    evidence[LABELS.index(label), row, column] = 5.0
    return evidence


def test_lines_enclose_the_strongest_evidence() -> None:
    by_level = contour_lines(evidence_at("nebula", 1, 6), "nebula", SIZE)
    spans = []
    for lines in by_level:
        [line] = lines
        assert np.array_equal(line[0], line[-1])  # closed
        (left, top), (right, bottom) = line.min(axis=0), line.max(axis=0)
        assert left < 130 < right  # the centre of column 6 of 8 in 160 pixels
        assert top < 15 < bottom  # the centre of row 1 of 8 in 80 pixels
        spans.append(right - left)
    assert spans == sorted(spans, reverse=True)  # stronger evidence is inside weaker evidence


def test_values_on_the_lines_are_the_levels() -> None:
    rng = np.random.default_rng(7)
    evidence = rng.normal(size=(4, 7, 9)).astype(np.float32)
    strength = strength_map(evidence, "galaxy", (192, 96))
    for level, lines in zip(LEVELS, contour_lines(evidence, "galaxy", (192, 96)), strict=True):
        for x, y in np.concatenate(lines):
            assert strength[int(y), int(x)] == pytest.approx(level, abs=0.12)


def test_svg_has_the_size_of_the_image_and_two_strokes_per_level() -> None:
    svg = fromstring(contours_svg(evidence_at("galaxy", 3, 3), "galaxy", SIZE))
    assert (svg.get("width"), svg.get("height")) == ("160", "80")
    strokes = [path.get("stroke") for path in svg]
    assert strokes == ["#000", "#fff"] * len(LEVELS)
    widths = [float(path.get("stroke-width") or 0) for path in svg][1::2]
    assert widths == sorted(widths)


def test_nothing_is_drawn_without_evidence() -> None:
    assert len(fromstring(contours_svg(np.zeros((4, 7, 7), np.float32), "other", SIZE))) == 0
    assert len(fromstring(contours_svg(evidence_at("galaxy", 3, 3), "nebula", SIZE))) == 0


def test_images_may_be_very_narrow() -> None:
    assert contour_lines(evidence_at("galaxy", 3, 3), "galaxy", (4000, 3))
