import numpy as np
import pytest

from deepsky.sky.solvers.stars import find_stars
from tests.sky.drawn_field import draw_stars

pytest.importorskip("sep", reason="sep is not installed")


def test_stars_are_found_where_they_are_the_brightest_first() -> None:
    places = np.array([(100.3, 50.0), (200.0, 150.6), (40.0, 180.0)])
    image = draw_stars(places, 240, 320, np.array([60.0, 200.0, 120.0]))
    stars = find_stars(image[..., 0].astype(np.float32))
    np.testing.assert_allclose(stars[:3, :2], places[[1, 2, 0]], atol=0.3)


def test_nebulosity_and_trails_are_no_stars() -> None:
    image = draw_stars(np.array([(100.0, 50.0)]), 240, 320)[..., 0].astype(np.float32)
    y, x = np.mgrid[:240, :320]
    image += 80 * np.exp(-((x - 220) ** 2 + (y - 120) ** 2) / 2 / 40**2)
    image[200, 20:300] = 255
    stars = find_stars(image)
    assert len(stars) == 1
    np.testing.assert_allclose(stars[0, :2], (100, 50), atol=0.3)


@pytest.mark.parametrize("shape", [(1, 1), (40, 40)])
def test_image_without_stars_has_none(shape: tuple[int, int]) -> None:
    assert len(find_stars(np.zeros(shape, np.float32))) == 0
