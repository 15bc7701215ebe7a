import io
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, NoImageDataError
from deepsky.imaging import read_image


def pixels_of(*units: Any) -> NDArray[np.uint8]:
    return read_image(content_of(*units)).pixels


def content_of(*units: Any) -> bytes:
    stream = io.BytesIO()
    fits.HDUList(list(units)).writeto(stream)
    return stream.getvalue()


@pytest.fixture
def science(linear_sky: NDArray[np.float64]) -> NDArray[np.float32]:
    return linear_sky[..., 0].astype(np.float32)


@pytest.fixture
def other(science: NDArray[np.float32]) -> NDArray[np.float32]:
    return science[::-1, ::-1].copy()


@pytest.mark.parametrize(
    "primary",
    [
        np.zeros((1, 1)),
        np.zeros((50, 50), np.uint8),
        np.full((300, 400), 7, np.int16),
        np.full((20, 20), np.nan),
        np.full((20, 20), np.inf),
        np.arange(400.0).reshape(20, 20),
        np.arange(120.0 * 160).reshape(120, 160),
    ],
    ids=["1 x 1", "zeros", "constant", "NaN", "infinite", "thumbnail", "binned"],
)
def test_primary_image_that_shows_nothing_is_skipped(
    science: NDArray[np.float32], primary: NDArray[Any]
) -> None:
    expected = pixels_of(fits.PrimaryHDU(science))

    packed = fits.CompImageHDU(science, compression_type="GZIP_2", quantize_level=0)
    for extension in (fits.ImageHDU(science), packed):
        pixels = pixels_of(fits.PrimaryHDU(primary), extension)
        np.testing.assert_array_equal(pixels, expected)


@pytest.mark.parametrize(
    "name", ["DQ", "MASK", "WHT", "ERR", "VAR_POISSON", "THUMB", "sci_dq", "Weight1", "STAT"]
)
@pytest.mark.parametrize("science_name", ["SCI", "", "PRIMARY", "IMAGE", "DATA", "CHIP1", "sci"])
def test_auxiliary_image_is_not_read(
    science: NDArray[np.float32], other: NDArray[np.float32], name: str, science_name: str
) -> None:
    auxiliary = fits.ImageHDU(np.tile(other, (2, 2)), name=name)
    units = fits.PrimaryHDU(), auxiliary, fits.ImageHDU(science, name=science_name)

    np.testing.assert_array_equal(pixels_of(*units), pixels_of(fits.PrimaryHDU(science)))


def test_image_named_sci_is_read_before_others(
    science: NDArray[np.float32], other: NDArray[np.float32]
) -> None:
    units = fits.PrimaryHDU(other), fits.ImageHDU(other), fits.ImageHDU(science, name="SCI")

    np.testing.assert_array_equal(pixels_of(*units), pixels_of(fits.PrimaryHDU(science)))


def test_first_of_equal_images_is_read(
    science: NDArray[np.float32], other: NDArray[np.float32]
) -> None:
    units = [fits.ImageHDU(each, name="SCI", ver=n) for n, each in enumerate((science, other), 1)]

    expected = pixels_of(fits.PrimaryHDU(science))
    np.testing.assert_array_equal(pixels_of(fits.PrimaryHDU(), *units), expected)
    np.testing.assert_array_equal(
        pixels_of(fits.PrimaryHDU(science), fits.ImageHDU(other)), expected
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.int16])
def test_mask_without_a_name_is_not_read(science: NDArray[np.float32], dtype: Any) -> None:
    mask = fits.ImageHDU((science > np.quantile(science, 0.9)).astype(dtype))
    units = fits.PrimaryHDU(), mask, fits.ImageHDU(science)

    np.testing.assert_array_equal(pixels_of(*units), pixels_of(fits.PrimaryHDU(science)))


def test_mask_is_read_if_the_file_contains_nothing_else(other: NDArray[np.float32]) -> None:
    pixels = pixels_of(fits.PrimaryHDU(), fits.ImageHDU(other, name="MASK"))

    np.testing.assert_array_equal(pixels, pixels_of(fits.PrimaryHDU(other)))


def test_mask_is_not_read_instead_of_a_constant_image(other: NDArray[np.float32]) -> None:
    with pytest.raises(NoImageDataError, match="constant"):
        pixels_of(fits.PrimaryHDU(np.zeros((9, 9))), fits.ImageHDU(other, name="MASK"))


def test_thumbnail_is_not_read_instead_of_a_truncated_image(science: NDArray[np.float32]) -> None:
    thumbnail = np.arange(100.0).reshape(10, 10)
    content = content_of(fits.PrimaryHDU(thumbnail), fits.ImageHDU(science))

    with pytest.raises(CorruptImageError, match="shorter"):
        read_image(content[:-6000])


def test_error_array_with_ogip_class_is_not_read(
    science: NDArray[np.float32], other: NDArray[np.float32]
) -> None:
    error = fits.ImageHDU(other, name="A")
    error.header["HDUCLAS2"] = "ERROR"
    units = fits.PrimaryHDU(), error, fits.ImageHDU(science, name="B")

    np.testing.assert_array_equal(pixels_of(*units), pixels_of(fits.PrimaryHDU(science)))
