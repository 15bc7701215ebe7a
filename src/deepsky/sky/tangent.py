"""Approximate a WCS by a gnomonic (tangent plane) projection without distortion."""

from typing import Any, Final

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from deepsky.imaging.astrometry.celestial_wcs import CelestialWcs

__all__ = ["fit_tangent"]

_SAMPLES: Final = 11
_MAX_ERROR: Final = 0.01  # of the longer side
_GNOMONIC: Final = ("TAN", "TPV")


def fit_tangent(wcs: CelestialWcs, width: int, height: int) -> CelestialWcs | None:
    """Approximate a WCS by a gnomonic projection, by the method of least squares.

    Parameters
    ----------
    wcs : CelestialWcs
    width, height : int
        Size of the image in pixels.

    Returns
    -------
    CelestialWcs or None
        The projection ``TAN`` without distortion, which is exact if that is what `wcs` is. None if
        the field is too wide or the distortion too large: the error exceeds 1 % of the longer side.
    """
    exact = WCS(fits.Header.fromstring(wcs.header()), fix=False)
    x, y = np.meshgrid(np.linspace(0, width - 1, _SAMPLES), np.linspace(0, height - 1, _SAMPLES))
    pixels = np.stack([x.ravel(), y.ravel()], -1)
    world = np.asarray(exact.all_pix2world(pixels, 0))
    centre = np.asarray(exact.all_pix2world([[(width - 1) / 2, (height - 1) / 2]], 0))[0]
    tangent = np.asarray(wcs.crval) if wcs.projection in _GNOMONIC else centre
    plane = _project(world, tangent)
    if not np.isfinite(plane).all():
        return None
    terms = np.column_stack([pixels + 1, np.ones(len(pixels))])
    solution = np.linalg.lstsq(terms, plane, rcond=None)[0]
    matrix = solution[:2].T
    if not np.linalg.det(matrix):
        return None
    inverse = np.linalg.inv(matrix)
    errors = (terms @ solution - plane) @ inverse.T
    if np.abs(errors).max() > _MAX_ERROR * max(width, height):
        return None
    return CelestialWcs(
        projection="TAN",
        crpix=-inverse @ solution[2],
        crval=tangent,
        matrix=matrix,
        lonpole=180.0,
        latpole=float(tangent[1]),
    )


def _project(world: NDArray[Any], tangent: NDArray[Any]) -> NDArray[Any]:
    """Return standard coordinates in degrees; NaN on the far side of the sky."""
    (ra, dec), (ra_0, dec_0) = np.radians(world).T, np.radians(tangent)
    cosine = np.sin(dec_0) * np.sin(dec) + np.cos(dec_0) * np.cos(dec) * np.cos(ra - ra_0)
    cosine = np.where(cosine > 0, cosine, np.nan)
    xi = np.cos(dec) * np.sin(ra - ra_0) / cosine
    eta = (np.cos(dec_0) * np.sin(dec) - np.sin(dec_0) * np.cos(dec) * np.cos(ra - ra_0)) / cosine
    return np.asarray(np.degrees(np.stack([xi, eta], -1)))
