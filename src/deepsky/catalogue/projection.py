"""Convert directions on the sky to pixels of an image, and back."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.sky.vectors import unit_vectors

if TYPE_CHECKING:
    from astropy.wcs import WCS

__all__ = ["Projection"]

_Floats = NDArray[np.float64]

# How far outside the image distortions are inverted, as a fraction of its size. They are
# polynomials that are fitted inside the image, and meaningless far outside.
_MARGIN: Final = 0.25


class Projection:
    """Projection of the sky, as unit vectors in ICRS, to the pixels of an image.

    Parameters
    ----------
    wcs : astropy.wcs.WCS
        World coordinate system of the image.
    width, height : int
        Size of the image in pixels.

    Raises
    ------
    ValueError
        If `wcs` has no celestial axes.
    """

    def __init__(self, wcs: "WCS", width: int, height: int) -> None:
        if not wcs.has_celestial:
            message = "The world coordinate system has no celestial axes."
            raise ValueError(message)
        self._wcs = wcs if wcs.naxis == 2 else wcs.celestial
        self._width, self._height = width, height
        self._rotation = _rotation_to_icrs(self._wcs)

    def sample(self, count: int) -> _Floats | None:
        """Return directions of pixels on a grid that includes the image's border.

        Parameters
        ----------
        count : int
            Number of pixels along each side of the image.

        Returns
        -------
        ndarray of float64, shape (count ** 2, 3), or None
            Unit vectors. None if some of the pixels are not on the sky, as in images of the whole
            sky.
        """
        x, y = np.meshgrid(
            np.linspace(-0.5, self._width - 0.5, count),
            np.linspace(-0.5, self._height - 0.5, count),
        )
        vectors = self._directions(x.ravel(), y.ravel())
        return vectors if np.isfinite(vectors).all() else None

    def pixels(self, vectors: _Floats) -> tuple[_Floats, _Floats]:
        """Return the pixels of directions on the sky.

        Parameters
        ----------
        vectors : ndarray of float64, shape (n, 3)
            Unit vectors.

        Returns
        -------
        x, y : ndarray of float64, shape (n,)
            Positions in pixels. NaN if the projection does not show the direction, such as the far
            side of the sky.
        """
        if not len(vectors):
            return np.empty(0), np.empty(0)
        world = self._world(vectors)
        pixels = np.asarray(self._wcs.wcs_world2pix(world, 0), np.float64)
        # Some projections map the far side of the sky to the same pixels as the near side.
        back = self._to_vectors(np.asarray(self._wcs.wcs_pix2world(pixels, 0), np.float64))
        pixels[~(np.linalg.norm(back - vectors, axis=1) < 1e-6)] = np.nan
        if self._wcs.has_distortion:
            self._add_distortion(pixels, world, vectors)
        return pixels[:, 0], pixels[:, 1]

    def jacobians(self, x: _Floats, y: _Floats, vectors: _Floats) -> _Floats:
        """Return the derivatives of pixels by directions on the sky, without distortions.

        Parameters
        ----------
        x, y : ndarray of float64, shape (n,)
            Positions in pixels.
        vectors : ndarray of float64, shape (n, 3)
            The unit vectors of the same positions.

        Returns
        -------
        ndarray of float64, shape (n, 2, 2)
            Derivatives of (x, y) by the directions east and north in pixels per radian. NaN where
            they do not exist.
        """
        steps = [self._linear_directions(x + dx, y + dy) for dx, dy in _STEPS]
        by_x, by_y = steps[0] - steps[1], steps[2] - steps[3]
        east = np.stack([-vectors[:, 1], vectors[:, 0], np.zeros(len(vectors))], -1)
        length = np.linalg.norm(east, axis=1)
        east = np.where(length[:, None] > 0, east / np.maximum(length, 1e-300)[:, None], [0, 1, 0])
        north = np.cross(vectors, east)
        matrices = np.stack(
            [
                np.stack([(by_x * axis).sum(-1), (by_y * axis).sum(-1)], -1)
                for axis in (east, north)
            ],
            axis=-2,
        )
        regular = np.isfinite(matrices).all(axis=(1, 2))
        regular[regular] = np.abs(np.linalg.det(matrices[regular])) > 0
        inverse = np.full_like(matrices, np.nan)
        inverse[regular] = np.linalg.inv(matrices[regular])
        return inverse

    def _add_distortion(self, pixels: _Floats, world: _Floats, vectors: _Floats) -> None:
        """Replace the pixels in and near the image with pixels that include distortions."""
        size = np.array([self._width, self._height])
        outside = np.maximum(-pixels, pixels - size) / size
        near = np.flatnonzero(outside.max(axis=1) < _MARGIN)  # False for NaN
        if not len(near):
            return
        with np.errstate(all="ignore"):
            exact = self._wcs.all_world2pix(world[near], 0, maxiter=50, quiet=True)
            exact = np.asarray(exact, np.float64)
            back = self._directions(exact[:, 0], exact[:, 1])
            pixel = np.linalg.norm(self._directions(exact[:, 0] + 1, exact[:, 1]) - back, axis=1)
            converged = np.linalg.norm(back - vectors[near], axis=1) < 0.1 * pixel
        is_inside = outside[near].max(axis=1) <= 0
        pixels[near[converged]] = exact[converged]
        pixels[near[~converged & is_inside]] = np.nan

    def _directions(self, x: _Floats, y: _Floats) -> _Floats:
        world = self._wcs.all_pix2world(np.stack([x, y], -1), 0)
        return self._to_vectors(np.asarray(world, np.float64))

    def _linear_directions(self, x: _Floats, y: _Floats) -> _Floats:
        if not len(x):
            return np.empty((0, 3))
        world = self._wcs.wcs_pix2world(np.stack([x, y], -1), 0)
        return self._to_vectors(np.asarray(world, np.float64))

    def _to_vectors(self, world: _Floats) -> _Floats:
        lng, lat = world[:, self._wcs.wcs.lng], world[:, self._wcs.wcs.lat]
        return unit_vectors(lng, lat) @ self._rotation.T

    def _world(self, vectors: _Floats) -> _Floats:
        native = vectors @ self._rotation
        world = np.empty((len(vectors), 2))
        world[:, self._wcs.wcs.lng] = np.degrees(np.arctan2(native[:, 1], native[:, 0])) % 360
        world[:, self._wcs.wcs.lat] = np.degrees(np.arcsin(np.clip(native[:, 2], -1, 1)))
        return world


# Centred differences of one pixel along x and along y.
_STEPS: Final = ((0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5))


def _rotation_to_icrs(wcs: "WCS") -> _Floats:
    """Return the matrix that rotates vectors in the coordinate frame of a WCS to ICRS."""
    from astropy.coordinates import ICRS, UnitSphericalRepresentation
    from astropy.units import deg
    from astropy.wcs.utils import wcs_to_celestial_frame

    frame = wcs_to_celestial_frame(wcs)
    if isinstance(frame, ICRS):
        return np.eye(3)
    axes = UnitSphericalRepresentation([0, 90, 0] * deg, [0, 0, 90] * deg)
    icrs = frame.realize_frame(axes).transform_to(ICRS())
    return unit_vectors(np.asarray(icrs.ra.deg), np.asarray(icrs.dec.deg)).T
