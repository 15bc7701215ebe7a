import numpy as np
import pytest

from deepsky.sky.reduction import reduce_image


def test_reduced_image_is_the_mean_of_blocks() -> None:
    pixels = np.zeros((3, 3205, 3), np.uint8)
    pixels[0, 3:6] = 90
    reduced = reduce_image(pixels)
    assert (reduced.factor, reduced.luminance.shape) == (3, (1, 1068))
    assert reduced.luminance[0, :3] == pytest.approx([0, 30, 0])
    assert (reduced.width, reduced.height) == (3205, 3)


def test_small_image_keeps_its_size() -> None:
    reduced = reduce_image(np.full((2, 1600, 3), 7, np.uint8))
    assert (reduced.factor, reduced.luminance.shape) == (1, (2, 1600))


def test_factor_of_an_image_read_at_reduced_size_refers_to_the_full_size() -> None:
    reduced = reduce_image(np.zeros((1001, 2001, 3), np.uint8), 8003, 4003)
    assert (reduced.factor, reduced.luminance.shape) == (8, (500, 1000))
    assert (reduced.width, reduced.height) == (8003, 4003)
