from functools import partial
from pathlib import Path

from PIL import Image

from deepsky.detection.reading import MAX_PIXELS, SHORTER_SIDE, read_for_finding
from deepsky.imaging import read_image
from tests.detection.drawn_sky import GALAXY, draw_sky


def test_large_image_is_reduced_and_keeps_its_size_on_record(tmp_path: Path) -> None:
    Image.fromarray(draw_sky(3300, 2200, (900, 800, 300, GALAXY))).save(tmp_path / "a.png")

    image, reduced = read_for_finding(partial(read_image, tmp_path / "a.png"))

    assert (image.width, image.height) == (3300, 2200)
    assert image.pixels.shape == (SHORTER_SIDE, 3072, 3)
    assert tuple(image.pixels[round(800 * 2048 / 2200), round(900 * 2048 / 2200)]) == GALAXY
    assert reduced is None


def test_long_image_is_reduced_to_the_maximum_number_of_pixels(tmp_path: Path) -> None:
    Image.fromarray(draw_sky(16_000, 1_000, (400, 400, 50, GALAXY))).save(tmp_path / "a.png")

    image, _ = read_for_finding(partial(read_image, tmp_path / "a.png"))

    assert image.pixels.shape[0] * image.pixels.shape[1] <= 1.01 * MAX_PIXELS


def test_small_image_is_not_changed(tmp_path: Path) -> None:
    pixels = draw_sky(300, 200, (100, 80, 30, GALAXY))
    Image.fromarray(pixels).save(tmp_path / "a.png")

    image, reduced = read_for_finding(partial(read_image, tmp_path / "a.png"), solve=True)

    assert (image.pixels == pixels).all()
    assert reduced is not None
