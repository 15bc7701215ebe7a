import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.scaling import restore_header

HEADER = {
    "CTYPE1": "RA---TAN-SIP",
    "CTYPE2": "DEC--TAN-SIP",
    "CRVAL1": 83.8,
    "CRVAL2": -5.4,
    "CRPIX1": 400.5,
    "CRPIX2": 300.5,
    "CD1_1": -1e-3,
    "CD1_2": 2e-4,
    "CD2_1": 2e-4,
    "CD2_2": 1e-3,
    "A_ORDER": 2,
    "A_2_0": 2e-6,
    "A_1_1": -1e-6,
    "B_ORDER": 2,
    "B_0_2": 3e-6,
}


def describe(factor: int) -> ReducedImage:
    return ReducedImage(np.zeros((600, 800), np.float32), factor, 800 * factor, 600 * factor)


@pytest.mark.parametrize("factor", [1, 2, 5])
def test_restored_wcs_gives_the_same_places(factor: int) -> None:
    reduced = WCS(fits.Header(HEADER.items()))
    text = restore_header(fits.Header(HEADER.items()), describe(factor))
    full = WCS(fits.Header.fromstring(text))
    points = np.array([(0.0, 0.0), (799.0, 0.0), (123.0, 456.0), (799.0, 599.0)])
    same = full.all_pix2world((points + 0.5) * factor - 0.5, 0)
    np.testing.assert_allclose(same, reduced.all_pix2world(points, 0), atol=1e-9)


def test_header_contains_only_the_wcs() -> None:
    header = fits.Header([*HEADER.items(), ("OBJECT", "M 42"), ("COMMENT", "index file")])
    text = restore_header(header, describe(1))
    assert "OBJECT" not in text
    assert "COMMENT" not in text


def test_absurd_distortion_is_removed() -> None:
    text = restore_header(fits.Header((HEADER | {"A_2_0": 5e-3}).items()), describe(1))
    full = WCS(fits.Header.fromstring(text))
    assert full.sip is None
    np.testing.assert_allclose(full.all_pix2world([(399.5, 299.5)], 0), [(83.8, -5.4)])
