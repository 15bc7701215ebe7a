import pytest

from deepsky.detection.boxes import Box


def test_iou_is_the_shared_part_of_the_union() -> None:
    box = Box(0, 0, 4, 2)

    assert box.iou(box) == 1
    assert box.iou(Box(2, 0, 6, 2)) == pytest.approx(1 / 3)
    assert box.iou(Box(4, 0, 8, 2)) == 0
    assert Box(1, 1, 1, 1).iou(Box(1, 1, 1, 1)) == 0


def test_clipped_box_is_inside_the_image() -> None:
    assert Box(-5, 3, 20, 30).clipped(10, 8) == Box(0, 3, 10, 8)
    assert Box(50, 3, 60, 30).clipped(10, 8).area == 0


def test_enlarged_box_keeps_its_centre() -> None:
    assert Box(2, 4, 4, 8).enlarged(2) == Box(1, 2, 5, 10)


def test_scaled_box_covers_the_same_part_of_the_image() -> None:
    assert Box(1, 2, 3, 4).scaled(2, 10) == Box(2, 20, 6, 40)
