import pytest

from deepsky.classifier import Classifier
from deepsky.detection.boxes import Box
from deepsky.detection.candidates import Candidate, find_candidates, suppress
from tests.detection.drawn_sky import GALAXY, NEBULA, draw_sky


def test_each_disc_is_a_candidate_of_its_class(tiny_classifier: Classifier) -> None:
    pixels = draw_sky(480, 320, (120, 160, 40, GALAXY), (350, 140, 60, GALAXY))

    larger, smaller = suppress(find_candidates(tiny_classifier, pixels))[:2]

    assert (larger.label, smaller.label) == ("galaxy", "galaxy")
    assert larger.box.iou(Box(290, 80, 410, 200)) > 0.6
    assert smaller.box.iou(Box(80, 120, 160, 200)) > 0.6


def test_label_is_the_one_with_most_evidence(tiny_classifier: Classifier) -> None:
    [found, *_] = suppress(
        find_candidates(tiny_classifier, draw_sky(480, 320, (200, 160, 140, NEBULA)))
    )

    assert found.label == "nebula"


def test_less_probable_candidate_that_overlaps_is_left_out() -> None:
    strong = Candidate(Box(0, 0, 10, 10), "galaxy", 8.0, -1.0)
    weak = Candidate(Box(2, 0, 12, 10), "nebula", 2.0, -1.0)
    elsewhere = Candidate(Box(20, 20, 30, 30), "galaxy", 1.0, -1.0)

    assert suppress([weak, elsewhere, strong]) == [strong, elsewhere]


def test_probability_increases_with_contrast_and_size() -> None:
    box = Box(0, 0, 10, 10)
    values = [Candidate(box, "galaxy", c, s).probability for c, s in ((1, -2), (4, -2), (4, -1))]

    assert values == sorted(values)
    assert 0 < values[0] < values[2] < 1


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (40, 30)])
def test_small_images_are_accepted(tiny_classifier: Classifier, size: tuple[int, int]) -> None:
    for one in find_candidates(tiny_classifier, draw_sky(*size)):
        assert one.box.clipped(*size) == one.box
