"""Convert world coordinate systems to ICRS."""

from dataclasses import replace
from typing import Any

import numpy as np
from astropy import units
from astropy.coordinates import FK4, FK5, ICRS, FK4NoETerms, SkyCoord
from astropy.wcs import WCS
from astropy.wcs.utils import wcs_to_celestial_frame

from deepsky.imaging.astrometry.celestial_wcs import CelestialWcs

__all__ = ["to_icrs"]


def to_icrs(celestial: CelestialWcs, wcs: WCS) -> CelestialWcs:
    """Return a WCS with ICRS coordinates that assigns the same places to all pixels.

    All reference systems differ by a rotation of the sky, which changes only the coordinates of the
    reference point and of the pole. FK4 also differs by the terms of elliptic aberration, which are
    taken into account at the reference point; they change by less than 0.03 arcseconds within 5
    degrees. FK5 of the equinox 2000 is used as ICRS, from which it differs by 0.02 arcseconds.

    Parameters
    ----------
    celestial : CelestialWcs
        The WCS in its original reference system.
    wcs : astropy.wcs.WCS
        The same WCS, which states the reference system.

    Returns
    -------
    CelestialWcs

    Raises
    ------
    ValueError
        If the reference system is unknown.

    References
    ----------
    Calabretta & Greisen (2002), A&A 395, 1077, equation 5.
    """
    frame = wcs_to_celestial_frame(wcs)
    if isinstance(frame, ICRS) or (isinstance(frame, FK5) and frame.equinox.jyear == 2000):
        return celestial
    crval = _transform(celestial.crval, frame, ICRS())
    if isinstance(frame, FK4):
        frame = FK4NoETerms(equinox=frame.equinox, obstime=frame.obstime)
    longitude, colatitude, lonpole = wcs.wcs.cel.euler[:3]
    native_pole = np.array([longitude, 90 - colatitude])
    pole = np.radians(_transform(np.array([0.0, 90.0]), ICRS(), frame))
    angle, latitude = pole[0] - np.radians(longitude), np.radians(native_pole[1])
    x = np.sin(pole[1]) * np.cos(latitude) - np.cos(pole[1]) * np.sin(latitude) * np.cos(angle)
    y = -np.cos(pole[1]) * np.sin(angle)
    return replace(
        celestial,
        crval=crval,
        lonpole=float(lonpole + np.degrees(np.arctan2(y, x))),
        latpole=float(_transform(native_pole, frame, ICRS())[1]),
    )


def _transform(point: Any, frame: Any, target: Any) -> Any:
    place = SkyCoord(*(point * units.deg), frame=frame).transform_to(target).spherical
    return np.array([place.lon.deg, place.lat.deg])
