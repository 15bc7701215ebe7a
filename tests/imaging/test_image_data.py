"""Grey images whose channels are views of the same plane give the same results as RGB images."""

import io

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging import read_image
from deepsky.imaging.preview import render_preview
from deepsky.models.preparation import fit_to_input


@pytest.fixture
def fits_file(linear_sky: NDArray[np.float64]) -> bytes:
    stream = io.BytesIO()
    counts = np.rint(np.tile(linear_sky[..., 0], (7, 7)) * 60_000).astype(np.uint16)
    fits.PrimaryHDU(counts).writeto(stream)
    return stream.getvalue()


def test_channels_of_grey_data_share_one_plane(fits_file: bytes) -> None:
    pixels = read_image(fits_file).pixels

    assert pixels.shape == (1680, 2240, 3)
    assert pixels.strides == (2240, 1, 0)


@pytest.mark.parametrize("size", [224, 256])
def test_grey_images_are_scaled_like_rgb(fits_file: bytes, size: int) -> None:
    pixels = read_image(fits_file).pixels

    prepared = fit_to_input(pixels, size)

    assert prepared.shape == (size, size, 3)
    np.testing.assert_array_equal(prepared, fit_to_input(pixels.copy(), size))


def test_previews_of_grey_images_equal_those_of_rgb(fits_file: bytes) -> None:
    pixels = read_image(fits_file).pixels

    one, three = (
        Image.open(io.BytesIO(render_preview(given))) for given in (pixels, pixels.copy())
    )

    assert (one.mode, three.mode) == ("L", "RGB")
    assert one.size == three.size == (1600, 1200)
    np.testing.assert_array_equal(np.asarray(one.convert("RGB")), np.asarray(three))
