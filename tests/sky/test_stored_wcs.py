"""Tests for the WCS of pixels as stored, and for its approximation by a gnomonic projection."""

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from deepsky.imaging.astrometry.celestial_wcs import CelestialWcs
from deepsky.imaging.display.orientation import apply_orientation
from deepsky.imaging.image_data import ImageInfo
from deepsky.sky.position import SkyPosition
from deepsky.sky.stored_wcs import read_header, stored_size, stored_wcs
from deepsky.sky.tangent import fit_tangent
from tests.catalogue.sky_fields import field_around

SIZE = (600, 400)


def to_astropy(wcs: CelestialWcs) -> WCS:
    return WCS(fits.Header.fromstring(wcs.header()), fix=False)


def describe(orientation: int) -> ImageInfo:
    width, height = SIZE
    return ImageInfo(
        width=width,
        height=height,
        format="JPEG",
        stretch=None,
        sha256="b",
        orientation=orientation,
    )


@pytest.mark.parametrize("distortion", [0.0, 8.0])
def test_header_of_a_position_describes_the_same_wcs(distortion: float) -> None:
    field = field_around(83.8, -5.4, scale=2, rotation=30, size=SIZE, distortion=distortion)
    position = SkyPosition.from_wcs(field.wcs, *SIZE, "header")
    assert position

    wcs = to_astropy(read_header(position.header))

    pixels = np.random.default_rng(1).uniform(0, 400, (50, 2))
    expected = field.wcs.all_pix2world(pixels, 0)
    np.testing.assert_allclose(wcs.all_pix2world(pixels, 0), expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_stored_wcs_gives_each_stored_pixel_the_place_of_the_displayed_one(
    orientation: int,
) -> None:
    field = field_around(83.8, -5.4, scale=2, rotation=30, size=SIZE, distortion=5)
    position = SkyPosition.from_wcs(field.wcs, *SIZE, "header")
    assert position
    image = describe(orientation)

    wcs = to_astropy(stored_wcs(read_header(position.header), image))

    width, height = stored_size(image)
    y, x = np.indices((height, width))
    shown = apply_orientation(np.stack([x, y], -1), orientation)
    assert shown.shape == (400, 600, 2)
    for column, row in ((0, 0), (599, 0), (123, 321)):
        stored = wcs.all_pix2world([shown[row, column]], 0)
        displayed = field.wcs.all_pix2world([[column, row]], 0)
        np.testing.assert_allclose(stored, displayed, rtol=0, atol=1e-9)


@pytest.mark.parametrize("mirrored", [False, True])
def test_gnomonic_wcs_is_approximated_exactly(mirrored: bool) -> None:
    field = field_around(
        10, 88, scale=30, rotation=100, size=SIZE, mirrored=mirrored, offset=(900, -300)
    )
    position = SkyPosition.from_wcs(field.wcs, *SIZE, "header")
    assert position

    tangent = fit_tangent(read_header(position.header), *SIZE)

    assert tangent
    world = field.wcs.all_pix2world([[0, 0], [599, 399], [0, 399]], 0)
    pixels = to_astropy(tangent).all_world2pix(world, 0)
    np.testing.assert_allclose(pixels, [[0, 0], [599, 399], [0, 399]], atol=1e-5)


def test_distorted_wcs_is_approximated_within_the_distortion() -> None:
    field = field_around(10, 40, scale=30, size=SIZE, distortion=5)
    position = SkyPosition.from_wcs(field.wcs, *SIZE, "header")
    assert position

    tangent = fit_tangent(read_header(position.header), *SIZE)

    assert tangent
    assert not tangent.sip
    corners = np.array([[0, 0], [599, 399], [0, 399], [599, 0]])
    pixels = to_astropy(tangent).all_world2pix(field.wcs.all_pix2world(corners, 0), 0)
    assert 0.1 < np.abs(pixels - corners).max() < 5


def test_strong_distortion_and_wide_fields_are_not_approximated() -> None:
    distorted = field_around(10, 40, scale=30, size=SIZE, distortion=40)
    wide = WCS(naxis=2)
    wide.wcs.ctype = ["RA---CAR", "DEC--CAR"]
    wide.wcs.crpix, wide.wcs.cdelt = [300, 200], [-0.25, -0.25]
    for wcs in (distorted.wcs, wide):
        position = SkyPosition.from_wcs(wcs, *SIZE, "header")
        assert position
        assert fit_tangent(read_header(position.header), *SIZE) is None
