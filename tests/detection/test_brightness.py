import numpy as np

from deepsky.detection.boxes import Box
from deepsky.detection.brightness import bright_boxes
from tests.detection.drawn_sky import GALAXY, draw_sky


def test_bright_disc_has_a_box() -> None:
    pixels = draw_sky(480, 320, (300, 100, 50, GALAXY))

    boxes = bright_boxes(pixels, 32, 48)

    assert max(box.iou(Box(250, 50, 350, 150)) for box in boxes) > 0.8


def test_group_of_stars_has_a_box_although_the_sky_between_them_is_dark() -> None:
    pixels = draw_sky(480, 320)
    rng = np.random.default_rng(0)
    for x, y in rng.normal((120, 200), 15, (150, 2)).astype(int):
        pixels[y, x] = 255

    boxes = bright_boxes(pixels, 32, 48)

    assert max(box.iou(Box(90, 170, 150, 230)) for box in boxes) > 0.4


def test_neighbours_have_separate_boxes() -> None:
    pixels = draw_sky(480, 320, (120, 160, 30, GALAXY), (240, 160, 30, GALAXY))

    boxes = bright_boxes(pixels, 32, 48)

    for x in (120, 240):
        assert max(box.iou(Box.around(x, 160, 60, 60)) for box in boxes) > 0.7


def test_tiny_image_has_boxes_without_error() -> None:
    assert all(box.area > 0 for box in bright_boxes(draw_sky(2, 1), 32, 64))
