import io
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging import read_image
from deepsky.imaging.display.mosaic import demosaic, remove_mosaic
from deepsky.imaging.display.mosaic_pattern import UNKNOWN_ORDER, X_TRANS, shift_pattern, side
from tests.imaging.mosaic_maker import make_mosaic

PATTERNS = ["RGGB", "GRBG", X_TRANS, shift_pattern(X_TRANS, 1, 4), "RRGGRRGGGGBBGGBB"]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("at_least", [None, 1])
@pytest.mark.parametrize("shape", [(60, 84), (61, 83), (13, 97)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_flat_colour_is_recovered_everywhere(
    pattern: str, at_least: int | None, shape: tuple[int, int], dtype: Any
) -> None:
    colours = np.broadcast_to([200.0, 100.0, 50.0], (*shape, 3))
    mosaic = make_mosaic(colours, pattern, (1, 1, 1)).astype(dtype)

    result = demosaic(mosaic, pattern, at_least)

    assert result.dtype == dtype
    np.testing.assert_allclose(result, np.broadcast_to([200, 100, 50], result.shape), rtol=1e-6)


@pytest.mark.parametrize("pattern", ["RGGB", X_TRANS])
def test_gradient_of_brightness_is_recovered(pattern: str) -> None:
    gradient = np.add.outer(np.arange(66.0), 2 * np.arange(78.0))
    colours = np.repeat(gradient[..., np.newaxis], 3, axis=-1)

    result = demosaic(make_mosaic(colours, pattern, (1, 1, 1)), pattern)

    inner = slice(6, -6)
    np.testing.assert_allclose(result[inner, inner], colours[inner, inner], atol=1)


@pytest.mark.parametrize(
    ("pattern", "at_least", "shape"),
    [
        ("RGGB", 30, (30, 50, 3)),
        ("RGGB", 31, (61, 101, 3)),
        ("RGGB", None, (61, 101, 3)),
        (X_TRANS, 20, (20, 33, 3)),
        (X_TRANS, 21, (61, 101, 3)),
        ("RRGGRRGGGGBBGGBB", 15, (15, 25, 3)),
    ],
)
def test_superpixels_are_used_if_the_shorter_side_remains_long_enough(
    pattern: str, at_least: int | None, shape: tuple[int, ...]
) -> None:
    assert demosaic(np.ones((61, 101)), pattern, at_least).shape == shape


@pytest.mark.parametrize("pattern", ["RGGB", "GBRG", X_TRANS])
@pytest.mark.parametrize("at_least", [None, 60])
def test_mosaic_of_known_order_becomes_rgb(
    linear_sky: NDArray[np.float64], pattern: str, at_least: int | None
) -> None:
    result = remove_mosaic(make_mosaic(linear_sky, pattern), pattern, at_least)

    scale = 240 // len(result)
    nebula = slice(80 // scale, 100 // scale), slice(110 // scale, 130 // scale)
    colour = result[nebula].mean(axis=(0, 1))
    expected = linear_sky[80:100, 110:130].mean(axis=(0, 1))
    np.testing.assert_allclose(colour / colour[1], expected / expected[1], rtol=0.2)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_saturated_stars_are_white(linear_sky: NDArray[np.float64], dtype: Any) -> None:
    mosaic = (make_mosaic(linear_sky, "RGGB") * 300_000).clip(0, 65_535).astype(dtype)

    result = remove_mosaic(mosaic, "RGGB")

    saturated = (result == 65_535).all(axis=-1)
    assert saturated.sum() > 20
    assert result.max() == 65_535


@pytest.mark.parametrize("pattern", ["RGGB", "GBRG", X_TRANS])
@pytest.mark.parametrize("stated", [None, UNKNOWN_ORDER])
def test_mosaic_of_unknown_order_becomes_grey_without_a_grid(
    linear_sky: NDArray[np.float64], pattern: str, stated: str | None
) -> None:
    mosaic = make_mosaic(linear_sky, pattern)

    result = remove_mosaic(mosaic, stated)

    period, sky = side(pattern), result[24:72, 252:312]
    assert result.shape == mosaic.shape
    phases = [sky[i::period, j::period].mean() for i in range(period) for j in range(period)]
    assert np.ptp(phases) < 0.05 * np.ptp(mosaic[24:72, 252:312])


@pytest.mark.parametrize("stated", [None, UNKNOWN_ORDER, "RGGB", X_TRANS])
def test_other_images_are_unchanged(linear_sky: NDArray[np.float64], stated: str | None) -> None:
    values = linear_sky[..., 0]

    assert remove_mosaic(values, stated) is values


@pytest.mark.parametrize("stated", ["GGGG", "RGGR", "BGGB"])
def test_pattern_without_one_of_the_colours_is_ignored(stated: str) -> None:
    values = np.arange(48, dtype=np.uint16).reshape(6, 8)

    np.testing.assert_array_equal(remove_mosaic(values, stated), values)


@pytest.fixture
def eight_bit_mosaic(linear_sky: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return a mosaic as planetary and live-stacking cameras record it with 8 bits."""
    return np.rint(make_mosaic(linear_sky, "RGGB") * 1000).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_eight_bit_mosaic_is_demosaicked_and_stretched(
    eight_bit_mosaic: NDArray[np.uint8], image_format: str, mode: str
) -> None:
    stream = io.BytesIO()
    Image.fromarray(eight_bit_mosaic).convert(mode).save(stream, image_format)

    image = read_image(stream.getvalue())

    sky = image.pixels[24:72, 252:312, 0].astype(float)
    assert image.stretch == "mtf"
    assert np.ptp([sky[row::2, column::2].mean() for row in (0, 1) for column in (0, 1)]) < 3


@pytest.mark.parametrize("stated", [None, "RGGB"])
def test_means_of_eight_bit_values_are_not_rounded(
    eight_bit_mosaic: NDArray[np.uint8], stated: str | None
) -> None:
    result = remove_mosaic(eight_bit_mosaic, stated)

    assert len(np.unique(result)) > 600


def test_colour_image_with_equal_channels_almost_everywhere_is_no_mosaic(
    eight_bit_mosaic: NDArray[np.uint8],
) -> None:
    colours = np.repeat(eight_bit_mosaic[..., np.newaxis], 3, axis=-1)
    colours[7:9, 7:9, 2] = 255
    stream = io.BytesIO()
    Image.fromarray(colours).save(stream, "PNG")

    np.testing.assert_array_equal(read_image(stream.getvalue()).pixels, colours)


def test_pattern_in_the_primary_header_applies_to_extensions(
    linear_sky: NDArray[np.float64],
) -> None:
    values = np.rint(make_mosaic(linear_sky, "RGGB") * 30_000).astype(np.int16)
    primary = fits.PrimaryHDU()
    primary.header["BAYERPAT"] = "RGGB"
    primary.header["ROWORDER"] = "TOP-DOWN"
    stream = io.BytesIO()
    fits.HDUList([primary, fits.ImageHDU(values)]).writeto(stream)

    red, _, blue = read_image(stream.getvalue()).pixels[80:100, 110:130].mean(axis=(0, 1))

    assert red > blue + 10


def test_sky_of_a_mosaic_is_neutral(linear_sky: NDArray[np.float64]) -> None:
    """The colours of a mosaic have different noise after the colours are balanced."""
    values = np.rint(make_mosaic(linear_sky, "RGGB", (0.3, 1, 0.4)) * 30_000).astype(np.int16)
    values += np.random.default_rng(1).normal(0, 60, values.shape).astype(np.int16)
    hdu = fits.PrimaryHDU(values)
    hdu.header["BAYERPAT"] = "RGGB"
    stream = io.BytesIO()
    hdu.writeto(stream)

    medians = np.median(read_image(stream.getvalue(), at_least=100).pixels, axis=(0, 1))

    assert np.ptp(medians) <= 1
