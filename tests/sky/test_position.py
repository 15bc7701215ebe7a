import numpy as np
import pytest
from astropy import units
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS

from deepsky.sky.position import SkyPosition


def _wcs(ra: float, dec: float, scale: float, angle: float, mirrored: bool) -> WCS:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.radesys = "ICRS"
    wcs.wcs.crval = [ra, dec]
    wcs.wcs.crpix = [300.0, -20.0]
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turned = np.array([[cos, -sin], [sin, cos]])
    wcs.wcs.cd = scale * np.diag([1 if mirrored else -1, -1]) @ turned
    return wcs


@pytest.mark.parametrize("seed", range(40))
def test_position_agrees_with_astropy(seed: int) -> None:
    chance = np.random.default_rng(seed)
    ra = chance.choice([0.0, 359.999, chance.uniform(0, 360)])
    dec = chance.choice([90.0, -90.0, 89.9, chance.uniform(-90, 90)])
    wcs = _wcs(ra, dec, 10 ** chance.uniform(-5, -2), chance.uniform(0, 360), seed % 2 == 0)
    header = wcs.to_header().tostring()

    position = SkyPosition.from_header(header, 600, 400, "header")

    assert position is not None
    centre, up, right = (
        wcs.pixel_to_world(x, y) for x, y in ((299.5, 199.5), (299.5, 199.49), (299.51, 199.5))
    )
    found = SkyCoord(position.ra, position.dec, unit="deg")
    assert found.separation(centre).arcsec < 1e-3
    angle = centre.position_angle(up)
    turned = (angle.deg - position.orientation + 180) % 360 - 180
    assert abs(turned) < 0.01
    clockwise = (centre.position_angle(right) - angle).wrap_at(180 * units.deg).deg > 0
    assert position.mirrored == clockwise == (seed % 2 == 0)
    left, top = wcs.pixel_to_world(-0.5, 199.5), wcs.pixel_to_world(299.5, -0.5)
    assert position.width == pytest.approx(2 * centre.separation(left).deg, rel=0.02)
    assert position.height == pytest.approx(2 * centre.separation(top).deg, rel=0.02)
    nominal = np.sqrt(abs(np.linalg.det(wcs.pixel_scale_matrix))) * 3600
    assert position.pixel_scale == pytest.approx(nominal, rel=0.15)


def test_north_up_and_east_left_has_orientation_zero() -> None:
    position = SkyPosition.from_wcs(_wcs(10, 40, 0.001, 0, mirrored=False), 600, 400, "header")
    assert position is not None
    assert min(position.orientation, 360 - position.orientation) < 1
    assert not position.mirrored


def test_implausible_wcs_gives_no_position() -> None:
    identity = WCS(naxis=2)
    identity.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    huge, tiny, nan, flat = (_wcs(10, 40, scale, 0, False) for scale in (1, 1e-9, np.nan, 1))
    flat.wcs.cd = [[1e-4, 1e-4], [1e-4, 1e-4]]
    pixels = WCS(naxis=2)
    for wcs in (identity, huge, tiny, nan, flat, pixels, WCS(naxis=3)):
        assert SkyPosition.from_wcs(wcs, 600, 400, "header") is None


@pytest.mark.parametrize("header", ["", "nonsense", "CTYPE1  = 'RA---TAN'", "\x00" * 80])
def test_nonsense_header_gives_no_position(header: str) -> None:
    assert SkyPosition.from_header(header, 600, 400, "header") is None
