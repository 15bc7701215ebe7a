"""Linear and finished images are told apart in every number format and range."""

import io
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from deepsky.imaging import read_image

Encode = Callable[[NDArray[Any]], bytes]


def as_tiff(values: NDArray[Any]) -> bytes:
    return bytes(imagecodecs.tiff_encode(values, photometric="rgb"))


def as_fits(values: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    fits.PrimaryHDU(np.moveaxis(values[::-1], -1, 0)).writeto(stream)
    return stream.getvalue()


@pytest.fixture
def small_galaxy() -> NDArray[np.uint8]:
    """Return a finished image of a small galaxy: less than 2 % of the pixels are bright."""
    random = np.random.default_rng(1)
    rows, columns = np.mgrid[:256, :256] - 128
    light = 26 + 200 * np.exp(-np.hypot(rows, 2 * columns) / 9)[..., np.newaxis]
    light = light * np.array([1, 0.97, 0.92]) + random.normal(0, 2, (256, 256, 3))
    for row, column in random.integers(3, 253, (30, 2)):
        light[row - 1 : row + 2, column - 1 : column + 2] += random.uniform(60, 230)
    return np.asarray(light.clip(0, 255), np.uint8)


def spread(levels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Spread values between two levels, as in an image that was processed with 16 bits."""
    random = np.random.default_rng(2)
    return np.asarray((levels + random.uniform(-0.49, 0.49, levels.shape)).clip(0, 255))


@pytest.mark.parametrize("encode", [as_tiff, as_fits])
@pytest.mark.parametrize(
    ("scale", "dtype"),
    [
        (257, np.uint16),
        (256, np.uint16),
        (1, np.uint16),
        (257, np.uint32),
        (1, np.int16),
        (32767 / 255, np.int16),
        (1, np.int32),
        (257, np.int32),
        (1 / 255, np.float32),
        (1 / 255, np.float64),
        (1, np.float32),
        (257, np.float32),
    ],
)
def test_8_bit_levels_of_any_type_are_shown_as_they_are(
    small_galaxy: NDArray[np.uint8], encode: Encode, scale: float, dtype: type[np.number[Any]]
) -> None:
    values = small_galaxy * np.float64(scale)
    values = values if np.issubdtype(dtype, np.floating) else np.rint(values)

    image = read_image(encode(values.astype(dtype)))

    assert image.stretch is None
    np.testing.assert_array_equal(image.pixels, small_galaxy)


@pytest.mark.parametrize(
    ("scale", "dtype"),
    [
        (257, np.uint16),
        (1 / 255, np.float32),
        (1, np.float32),
        (257, np.float32),
        (32767 / 255, np.int16),
    ],
)
def test_finished_values_between_two_levels_are_shown_as_they_are(
    small_galaxy: NDArray[np.uint8], scale: float, dtype: type[np.number[Any]]
) -> None:
    image = read_image(as_fits((spread(small_galaxy) * scale).astype(dtype)))

    assert image.stretch is None
    assert np.abs(image.pixels.astype(int) - small_galaxy).max() <= 1


@pytest.mark.parametrize("outlier", [1.05, 1.3, 40.0])
def test_few_pixels_beyond_the_range_have_no_effect(
    small_galaxy: NDArray[np.uint8], outlier: float
) -> None:
    values = (spread(small_galaxy) / 255).astype(np.float32)
    values[5, 7], values[6, 9] = outlier, -0.02

    image = read_image(as_tiff(values))

    assert image.stretch is None
    assert np.abs(image.pixels[10:].astype(int) - small_galaxy[10:]).max() <= 1


def test_sharpened_image_with_bright_overshoot_is_finished(
    small_galaxy: NDArray[np.uint8],
) -> None:
    values = spread(small_galaxy) / 255
    values[values > 0.85] *= 1.2

    assert read_image(as_tiff(values.astype(np.float32))).stretch is None


def test_unexposed_border_has_no_effect_on_a_finished_image(
    small_galaxy: NDArray[np.uint8],
) -> None:
    values = np.zeros((300, 320, 3), np.uint16)
    values[20:276, 30:286] = np.rint(spread(small_galaxy) * 257)

    assert read_image(as_tiff(values)).stretch is None


def linear(
    sky: NDArray[np.float64], pedestal: float = 0.01, white: float = 0.6
) -> NDArray[np.float64]:
    return pedestal + white * (sky - np.median(sky, axis=(0, 1)))


@pytest.mark.parametrize("pedestal", [0.005, 0.02, 0.1, 0.25])
@pytest.mark.parametrize(
    ("scale", "dtype"),
    [
        (1, np.float32),
        (255, np.float32),
        (65535, np.float32),
        (65535, np.uint16),
        (16383, np.uint16),
        (4095, np.uint16),
        (4095, np.int16),
        (2**32 - 1, np.uint32),
        (1e6, np.float32),
    ],
)
def test_linear_images_are_stretched_in_any_range(
    linear_sky: NDArray[np.float64], pedestal: float, scale: float, dtype: type[np.number[Any]]
) -> None:
    values = (linear(linear_sky, pedestal) * scale).clip(0, scale).astype(dtype)

    assert read_image(as_fits(values)).stretch == "mtf"


def as_fits_with(values: NDArray[Any], **cards: Any) -> bytes:
    stream = io.BytesIO()
    fits.PrimaryHDU(values, fits.Header(cards)).writeto(stream)
    return stream.getvalue()


def test_header_of_an_exposure_or_a_history_with_a_stretch_decides(
    linear_sky: NDArray[np.float64], small_galaxy: NDArray[np.uint8]
) -> None:
    bright = (spread(small_galaxy)[..., 0] * 257).astype(np.uint16)
    exposure = as_fits_with(bright, IMAGETYP="Light Frame", EXPTIME=60.0)
    faint = linear(linear_sky)[..., 0].astype(np.float32)
    stretched = as_fits_with(faint, HISTORY="Asinh Transformation: (stretch=100.0)")

    assert read_image(as_fits_with(bright)).stretch is None
    assert read_image(exposure).stretch == "mtf"
    assert read_image(as_fits_with(faint)).stretch == "mtf"
    assert read_image(stretched).stretch is None


def test_image_with_subtracted_background_is_linear(linear_sky: NDArray[np.float64]) -> None:
    values = linear(linear_sky, pedestal=0)

    assert read_image(as_fits(values.astype(np.float32))).stretch == "mtf"
    assert read_image(as_fits((values * 9000).astype(np.int16))).stretch == "mtf"


def test_hot_and_dead_pixels_have_no_effect_on_a_linear_image(
    linear_sky: NDArray[np.float64],
) -> None:
    values = (linear(linear_sky) * 65535).astype(np.uint16)
    values[::40, ::30], values[5::40, ::30] = 65535, 0

    assert read_image(as_fits(values)).stretch == "mtf"


def test_linear_image_of_a_bright_object_that_fills_the_frame_is_stretched() -> None:
    random = np.random.default_rng(4)
    rows, columns = np.mgrid[:300, :300] - 150
    glow = 0.5 / (1 + (rows**2 + columns**2) / 900)
    light = 0.02 + glow * (0.75 + 0.25 * np.sin(rows / 9) * np.cos(columns / 13))
    noisy = light + random.normal(0, 0.002, light.shape)

    content = as_fits(np.repeat(noisy[..., np.newaxis], 3, axis=-1).astype(np.float32))

    assert read_image(content).stretch == "mtf"


@pytest.mark.parametrize("sky", [0.35, 0.6, 0.8])
@pytest.mark.parametrize("encode", [as_tiff, as_fits])
def test_exposure_under_a_bright_sky_is_linear(
    linear_sky: NDArray[np.float64], sky: float, encode: Encode
) -> None:
    light = sky + 0.5 * linear_sky + np.random.default_rng(4).normal(0, 0.005, linear_sky.shape)
    values = np.rint(light.clip(0, 1) * 65_535).astype(np.uint16)

    image = read_image(encode(values))

    assert image.stretch == "mtf"
    assert np.median(image.pixels) < 60


@pytest.mark.parametrize("level", [26, 40, 55])
def test_small_object_on_a_grey_sky_is_finished(level: int) -> None:
    random = np.random.default_rng(5)
    rows, columns = np.mgrid[:256, :256] - 128
    light = level + 180 * np.exp(-np.hypot(rows, columns) / 9) + random.normal(0, 2, (256, 256))
    values = np.repeat(light[..., np.newaxis].clip(0, 255), 3, axis=-1) / 255

    image = read_image(as_tiff(np.rint(values * 65_535).astype(np.uint16)))

    assert image.stretch is None
