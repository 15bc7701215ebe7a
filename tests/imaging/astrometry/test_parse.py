"""Parsed WCS must assign the same places to pixels as astropy does."""

import contextlib
import warnings
from typing import Any

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS, FITSFixedWarning
from astropy.wcs.utils import wcs_to_celestial_frame

from deepsky.imaging.astrometry.parse import parse_wcs
from deepsky.imaging.display.orientation import apply_orientation

PIXELS = np.array([(1.0, 1), (600, 1), (1, 400), (600, 400), (300, 200), (150.25, 333)])
TAN: dict[str, Any] = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRVAL1": 83.8,
    "CRVAL2": -5.4,
    "CRPIX1": 250.0,
    "CRPIX2": 120.5,
}
CD: dict[str, Any] = {"CD1_1": -4e-4, "CD1_2": 1e-4, "CD2_1": 1.1e-4, "CD2_2": 4.1e-4}
SIP: dict[str, Any] = {
    "CTYPE1": "RA---TAN-SIP",
    "CTYPE2": "DEC--TAN-SIP",
    "A_ORDER": 3,
    "A_2_0": 2e-6,
    "A_1_1": -3e-6,
    "A_0_3": 4e-9,
    "B_ORDER": 2,
    "B_2_0": 1e-6,
    "B_1_1": 2e-6,
    "B_0_2": -5e-6,
}
GALACTIC: dict[str, Any] = {
    "CTYPE1": "GLON-CAR",
    "CTYPE2": "GLAT-CAR",
    "CRVAL1": 18.1,
    "CRVAL2": 0.3,
}
HEADERS: dict[str, dict[str, Any]] = {
    "CD": TAN | CD,
    "PC": TAN | {"CDELT1": -4e-4, "CDELT2": 4e-4, "PC1_1": 0.8, "PC1_2": 0.6, "PC2_1": -0.6},
    "old PC": TAN
    | {"CDELT1": -4e-4, "CDELT2": 4e-4, "PC001001": 0.8, "PC001002": 0.6, "PC002001": -0.6},
    "CROTA": TAN | {"CDELT1": -4e-4, "CDELT2": 5e-4, "CROTA2": 33.0},
    "SIP": TAN | CD | SIP,
    "TPV": TAN
    | CD
    | {"CTYPE1": "RA---TPV", "CTYPE2": "DEC--TPV", "PV1_1": 1.01, "PV1_4": 0.03}
    | {"PV2_1": 0.99, "PV2_5": -0.04},
    "SCAMP": TAN | CD | {"PV1_1": 1.01, "PV1_5": 0.03, "PV2_1": 0.99, "PV2_5": -0.04},
    "ZPN": TAN | CD | {"CTYPE1": "RA---ZPN", "CTYPE2": "DEC--ZPN", "PV2_1": 1.0, "PV2_3": 40.0},
    "latitude first": {
        "CTYPE1": "DEC--TAN",
        "CTYPE2": "RA---TAN",
        "CRVAL1": 40.0,
        "CRVAL2": 10.0,
        "CRPIX1": 3,
        "CRPIX2": 5,
        "CDELT1": 4e-4,
        "CDELT2": 4e-4,
        "CROTA1": 20,
    },
    "arcseconds": TAN
    | {"CDELT1": -1.5, "CDELT2": 1.5, "CUNIT1": "arcsec", "CUNIT2": "arcsec"}
    | {"CRVAL1": 83.8 * 3600, "CRVAL2": -5.4 * 3600},
    "B1950": TAN | CD | {"RADESYS": "FK4", "EQUINOX": 1950.0},
    "EPOCH": TAN | CD | {"EPOCH": 1950.0},
    "equinox of date": TAN | CD | {"RADESYS": "FK5", "EQUINOX": 2025.3},
    "FK5 at the pole": TAN | CD | {"CRVAL2": 89.95, "RADESYS": "FK5", "EQUINOX": 1975.0},
    "galactic": GALACTIC | {"CRPIX1": 20, "CRPIX2": 500, "CDELT1": -4e-4, "CDELT2": 4e-4},
    "galactic TAN": GALACTIC
    | {"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN", "CRPIX1": 20, "CRPIX2": 500}
    | {"CDELT1": -4e-4, "CDELT2": 4e-4, "CROTA2": 12},
    "LONPOLE": TAN | CD | {"LONPOLE": 150.0, "EQUINOX": 1975.0},
    "quoted numbers": TAN | CD | {"CRVAL1": "83.8"},
}


@pytest.mark.parametrize("name", HEADERS)
def test_places_of_pixels_are_those_of_astropy(name: str) -> None:
    cards = HEADERS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FITSFixedWarning)
        expected = WCS(fits.Header(list({**cards, "CRVAL1": float(cards["CRVAL1"])}.items())))
    places = expected.all_pix2world(PIXELS, 1)
    lng = expected.wcs.lng
    frame = wcs_to_celestial_frame(expected)
    parsed = parse_wcs(cards)

    assert parsed is not None
    found = WCS(fits.Header.fromstring(parsed.header()), fix=False)
    wanted = SkyCoord(places[:, lng], places[:, 1 - lng], unit="deg", frame=frame).icrs
    got = SkyCoord(found.all_pix2world(PIXELS, 1), unit="deg", frame="icrs")
    limit = 0.05 if name in ("B1950", "EPOCH") else 0.03  # arcseconds; see `to_icrs`
    assert wanted.separation(got).arcsec.max() < limit


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["CD", "SIP", "TPV", "galactic"])
def test_orientation_moves_places_with_pixels(name: str, orientation: int) -> None:
    width, height = 60, 40
    parsed = parse_wcs(HEADERS[name])
    assert parsed is not None
    rows, columns = np.mgrid[1 : height + 1, 1 : width + 1]
    stored = _places(parsed, columns, rows)
    turned = parsed.oriented(orientation, width, height)
    shown = apply_orientation(stored, orientation)
    rows, columns = np.mgrid[1 : shown.shape[0] + 1, 1 : shown.shape[1] + 1]
    np.testing.assert_allclose(_places(turned, columns, rows), shown, rtol=0, atol=1e-9)


def test_scaling_keeps_the_places_of_the_edges() -> None:
    parsed = parse_wcs(HEADERS["SIP"])
    assert parsed is not None
    scaled = parsed.scaled(2.5)
    x, y = np.array([0.5, 600.5, 300.5]), np.array([0.5, 400.5, 7.5])
    np.testing.assert_allclose(
        _places(scaled, (x - 0.5) * 2.5 + 0.5, (y - 0.5) * 2.5 + 0.5), _places(parsed, x, y)
    )


def _places(wcs: Any, x: Any, y: Any) -> Any:
    astropy = WCS(fits.Header.fromstring(wcs.header()), fix=False)
    world = astropy.all_pix2world(np.stack([x.ravel(), y.ravel()], axis=-1), 1)
    return world.reshape(*x.shape, 2)


@pytest.mark.parametrize(
    "changed",
    [
        {"CRVAL1": 0.0, "CRVAL2": 0.0, "CDELT1": 1.0, "CDELT2": 1.0},
        {"CDELT1": 0.0, "CDELT2": 4e-4},
        {"CDELT1": "nan", "CDELT2": 4e-4},
        {"CTYPE1": "RA---TAB", "CTYPE2": "DEC--TAB", "CDELT1": 1e-4, "CDELT2": 4e-4},
        {"CTYPE1": "LINEAR", "CDELT1": 1e-4, "CDELT2": 4e-4},
        {"CTYPE2": "DEC--SIN", "CDELT1": 1e-4, "CDELT2": 4e-4},
        {},
    ],
)
def test_header_without_valid_wcs_gives_none_or_value_error(changed: dict[str, Any]) -> None:
    with contextlib.suppress(ValueError):
        assert parse_wcs(TAN | changed) is None


def test_huge_distortion_order_is_ignored() -> None:
    parsed = parse_wcs(TAN | CD | {"A_ORDER": 10**6, "B_ORDER": 10**6})
    assert parsed is not None
    assert not parsed.sip


def test_cd_matrix_takes_precedence_over_other_forms() -> None:
    others = {"PC001001": 0.9, "PC1_2": 0.1, "CROTA2": 5.0, "CDELT1": 1.0, "CDELT2": 1.0}
    parsed, plain = parse_wcs(TAN | CD | others), parse_wcs(TAN | CD)
    assert parsed is not None
    assert plain is not None
    assert parsed.header() == plain.header()


def test_lookup_tables_are_not_read() -> None:
    lookup = {"CPDIS1": "LOOKUP", "DP1": "EXTVER: 1", "D2IMDIS1": "LOOKUP", "PS1_0": "/etc/passwd"}
    parsed, plain = parse_wcs(TAN | CD | lookup), parse_wcs(TAN | CD)
    assert parsed is not None
    assert plain is not None
    assert parsed.header() == plain.header()


@pytest.mark.parametrize("form", ["CD", "PC"])
def test_matrix_of_zeros_is_ignored(form: str) -> None:
    cards = TAN | {"CDELT1": -4e-4, "CDELT2": 5e-4, "CROTA2": 33.0}
    zeros = {f"{form}{i}_{j}": 0.0 for i in (1, 2) for j in (1, 2)}
    parsed, plain = parse_wcs(cards | zeros), parse_wcs(cards)
    assert parsed is not None
    assert plain is not None
    assert parsed.header() == plain.header()
