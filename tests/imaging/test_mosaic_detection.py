from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.display.mosaic_detection import confirm_pattern, detect_pattern
from deepsky.imaging.display.mosaic_pattern import BAYER, X_TRANS, flip_pattern, shift_pattern
from tests.imaging.mosaic_maker import make_mosaic

Grey = NDArray[np.float64]

PATTERNS = ["RGGB", "BGGR", "GRBG", "GBRG", X_TRANS, shift_pattern(X_TRANS, 2, 5)]


@pytest.fixture
def grey_sky(linear_sky: NDArray[np.float64]) -> Grey:
    noise = np.random.default_rng(4).normal(0, 0.001, linear_sky.shape[:2])
    return linear_sky[..., 1] + noise


def scaled(pixels: Grey, factor: int, method: Image.Resampling) -> Grey:
    image = Image.fromarray(pixels.astype(np.float32))
    return np.asarray(image.resize((320 * factor, 240 * factor), method), np.float64)


def with_lines(pixels: Grey, axis: int) -> Grey:
    pixels = np.array(pixels)
    np.moveaxis(pixels, axis, 0)[::2] += 0.005
    return pixels


def with_hot_columns(pixels: Grey) -> Grey:
    pixels = np.array(pixels)
    pixels[:, 10:200:10] += 0.1
    return pixels


def with_jpeg_blocks(pixels: Grey) -> Grey:
    rows, columns = np.mgrid[:240, :320]
    return np.asarray(pixels + 0.01 * ((rows // 8 + columns // 8) % 2))


def with_drizzle_pattern(pixels: Grey) -> Grey:
    rows, columns = np.mgrid[:240, :320]
    return np.asarray(pixels + 0.003 * np.sin(rows * 2.2) * np.sin(columns * 2.3))


def with_row_and_column_gain(pixels: Grey) -> Grey:
    pixels = with_lines(pixels, 0)
    return with_lines(pixels, 1)


NOT_MOSAICS: dict[str, Callable[[Grey], NDArray[Any]]] = {
    "grey": lambda grey: grey,
    "16 bit": lambda grey: (grey.clip(0, 1) * 65535).astype(np.uint16),
    "8 bit": lambda grey: (grey.clip(0, 0.1) * 2550).astype(np.uint8),
    "zeros": np.zeros_like,
    "NaN": lambda grey: np.full_like(grey, np.nan),
    "NaN border": lambda grey: np.pad(grey, 20, constant_values=np.nan),
    "zero border": lambda grey: np.pad(grey, 80),
    "saturated": lambda grey: grey.clip(0, 0.015),
    "nearest": lambda grey: scaled(grey, 2, Image.Resampling.NEAREST),
    "nearest 3": lambda grey: scaled(grey, 3, Image.Resampling.NEAREST),
    "bicubic": lambda grey: scaled(grey, 2, Image.Resampling.BICUBIC),
    "rows": lambda grey: with_lines(grey, 0),
    "columns": lambda grey: with_lines(grey, 1),
    "rows and columns": with_row_and_column_gain,
    "hot columns": with_hot_columns,
    "JPEG blocks": with_jpeg_blocks,
    "drizzle": with_drizzle_pattern,
    "gradient": lambda grey: grey + np.add.outer(np.arange(240), np.arange(320)) / 2000,
    "small": lambda grey: grey[:30, :30],
}


@pytest.mark.parametrize("change", NOT_MOSAICS.values(), ids=list(NOT_MOSAICS))
def test_image_that_is_not_a_mosaic_is_recognized(
    grey_sky: Grey, change: Callable[[Grey], NDArray[Any]]
) -> None:
    values = change(grey_sky)

    assert detect_pattern(values) is None


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("gains", [(0.5, 1, 0.6), (0.9, 0.3, 0.3), (0.7, 1, 0.9)])
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_places_of_green_are_detected(
    linear_sky: NDArray[np.float64], pattern: str, gains: tuple[float, ...], dtype: Any
) -> None:
    values = (make_mosaic(linear_sky, pattern, gains) * 60_000).astype(dtype)

    detected = detect_pattern(values)

    assert detected is not None
    assert detected.replace("B", "R") == pattern.replace("B", "R")


def test_mosaic_of_a_planet_on_black_sky_is_detected() -> None:
    rows, columns = np.mgrid[:240, :320]
    planet = np.hypot(rows - 120, columns - 160) < 45
    colours = np.random.default_rng(1).normal(0.05, 0.001, (240, 320, 3))
    colours[planet] += (0.3, 0.27, 0.2)

    assert detect_pattern(make_mosaic(colours, "RGGB", (1, 1, 1))) is not None


@pytest.mark.parametrize("pattern", PATTERNS)
def test_stated_pattern_is_confirmed(linear_sky: NDArray[np.float64], pattern: str) -> None:
    assert confirm_pattern(make_mosaic(linear_sky, pattern), pattern) == pattern


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_stated_for_the_last_row_is_flipped(
    linear_sky: NDArray[np.float64], pattern: str
) -> None:
    mosaic = make_mosaic(linear_sky, flip_pattern(pattern))

    confirmed = confirm_pattern(mosaic, pattern)

    assert confirmed == flip_pattern(pattern)


@pytest.mark.parametrize("pattern", [BAYER, X_TRANS])
@pytest.mark.parametrize("name", ["grey", "16 bit", "zero border", "bicubic", "JPEG blocks"])
def test_pattern_is_not_confirmed_for_other_images(grey_sky: Grey, pattern: str, name: str) -> None:
    assert confirm_pattern(NOT_MOSAICS[name](grey_sky), pattern) is None


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("pattern", [BAYER, X_TRANS])
def test_pattern_is_not_confirmed_in_noise(seed: int, pattern: str) -> None:
    noise = np.random.default_rng(seed).normal(1000, 20, (120, 160))

    assert confirm_pattern(noise, pattern) is None
    assert detect_pattern(noise) is None


def test_pattern_of_a_binned_mosaic_is_not_confirmed(linear_sky: NDArray[np.float64]) -> None:
    mosaic = make_mosaic(linear_sky, "RGGB")
    binned = mosaic.reshape(120, 2, 160, 2).mean(axis=(1, 3))

    assert confirm_pattern(binned, "RGGB") is None
