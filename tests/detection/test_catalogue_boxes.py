from dataclasses import replace

import pytest

from deepsky.catalogue import load_catalogue
from deepsky.catalogue.objects import FieldObject
from deepsky.detection.boxes import Box
from deepsky.detection.catalogue_boxes import ellipse_box, is_bright, visible_objects

FIELD = FieldObject(
    object=load_catalogue().find("M 31"),  # type: ignore[arg-type]
    x=99.5,
    y=49.5,
    semi_major=40,
    semi_minor=10,
    angle=0,
    inside=True,
)


@pytest.mark.parametrize(
    ("angle", "size"), [(0, (80, 20)), (90, (20, 80)), (45, (58.3, 58.3)), (135, (58.3, 58.3))]
)
def test_box_encloses_the_rotated_ellipse(angle: float, size: tuple[float, float]) -> None:
    box = ellipse_box(replace(FIELD, angle=angle))

    assert box is not None
    assert (box.width, box.height) == pytest.approx(size, abs=0.1)
    assert (box.left + box.right, box.top + box.bottom) == pytest.approx((200, 100))


def test_box_is_clipped_to_the_image() -> None:
    [(_, box)] = visible_objects([replace(FIELD, x=10)], 200, 100)

    assert box == Box(0, 40, 50.5, 60)


def test_objects_outside_too_small_or_of_unknown_size_are_not_visible() -> None:
    hidden = [
        replace(FIELD, inside=False),
        replace(FIELD, semi_major=7, semi_minor=7),
        replace(FIELD, semi_major=None, semi_minor=None),
    ]

    assert visible_objects(hidden, 200, 100) == []
    assert visible_objects([FIELD], 200, 100, min_fraction=0.9) == []


@pytest.mark.parametrize("name", ["M 31", "NGC 7000", "B 33", "NGC 869", "NGC 891", "IC 1396"])
def test_well_known_objects_are_bright(name: str) -> None:
    found = load_catalogue().find(name)
    assert found is not None
    assert is_bright(found)


@pytest.mark.parametrize("name", ["PGC 1", "IC 1", "NGC 4", "M 40", "LDN 1"])
def test_faint_objects_and_double_stars_are_not_bright(name: str) -> None:
    found = load_catalogue().find(name)
    assert found is None or not is_bright(found)
