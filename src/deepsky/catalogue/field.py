"""Find the objects in the field of an image, and their places in it."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.sky.vectors import unit_vectors

from .ellipses import EllipseArrays, pixel_ellipses, reach_into
from .objects import CatalogueObject, FieldObject
from .projection import Projection

if TYPE_CHECKING:
    from astropy.wcs import WCS

__all__ = ["FieldSearch"]

# Samples along each side of the image for the cone that contains its field.
_SAMPLES: Final = 17


class FieldSearch:
    """Searches for the objects in a field.

    Parameters
    ----------
    objects : sequence of CatalogueObject
        The objects to search.
    """

    def __init__(self, objects: Sequence[CatalogueObject]) -> None:
        self._objects = objects
        self._vectors = unit_vectors(
            np.array([entry.ra for entry in objects]), np.array([entry.dec for entry in objects])
        )
        axes = np.array([_axes(entry) for entry in objects]).reshape(-1, 3)
        self._semi_major, self._semi_minor, self._position_angle = np.radians(axes.T)

    def objects_in(self, wcs: "WCS", width: int, height: int) -> list[FieldObject]:
        """Return the objects in the field of an image.

        Parameters
        ----------
        wcs : astropy.wcs.WCS
            World coordinate system of the image.
        width, height : int
            Size of the image in pixels.

        Returns
        -------
        list of FieldObject
            The objects, the largest first.

        Raises
        ------
        ValueError
            If `wcs` has no celestial axes, or if the width or height is not positive.
        """
        if width < 1 or height < 1:
            message = f"The width and height must be positive, not {width} x {height}."
            raise ValueError(message)
        projection = Projection(wcs, width, height)
        near = self._in_cone(projection)
        x, y = projection.pixels(self._vectors[near])
        known = np.isfinite(x) & np.isfinite(y)
        near, x, y = near[known], x[known], y[known]
        ellipses = pixel_ellipses(
            projection.jacobians(x, y, self._vectors[near]),
            self._semi_major[near],
            self._semi_minor[near],
            self._position_angle[near],
        )
        inside = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
        shown = inside | reach_into(ellipses, x, y, width, height)
        found = [
            _field_object(self._objects[near[i]], x[i], y[i], ellipses, int(i), bool(inside[i]))
            for i in np.flatnonzero(shown)
        ]
        return sorted(found, key=lambda item: (-(item.semi_major or 0), item.object.name))

    def _in_cone(self, projection: Projection) -> NDArray[np.intp]:
        """Return the indices of the objects that reach into a cone around the field."""
        corners = projection.sample(_SAMPLES)
        if corners is None:
            return np.arange(len(self._objects))
        centre = corners.mean(axis=0)
        length = float(np.linalg.norm(centre))
        if length < 0.1:  # more than a hemisphere
            return np.arange(len(self._objects))
        centre /= length
        radius = math.acos(np.clip((corners @ centre).min(), -1, 1))
        reach = np.minimum(1.1 * radius + np.nan_to_num(self._semi_major), math.pi)
        near: NDArray[np.intp] = np.flatnonzero(self._vectors @ centre >= np.cos(reach) - 1e-12)
        return near


def _axes(entry: CatalogueObject) -> tuple[float, float, float]:
    """Return the semi-axes and the position angle in degrees.

    An ellipse whose position angle is not known is replaced with a circle of the same area.
    """
    if entry.major_axis is None:
        return math.nan, math.nan, math.nan
    major = entry.major_axis / 120
    minor = major if entry.minor_axis is None else entry.minor_axis / 120
    if entry.position_angle is None:
        mean = math.sqrt(major * minor)
        return mean, mean, math.nan
    return major, minor, entry.position_angle


def _field_object(
    entry: CatalogueObject, x: float, y: float, ellipses: EllipseArrays, i: int, inside: bool
) -> FieldObject:
    has_size = bool(np.isfinite(ellipses.semi_major[i]))
    return FieldObject(
        object=entry,
        x=float(x),
        y=float(y),
        semi_major=float(ellipses.semi_major[i]) if has_size else None,
        semi_minor=float(ellipses.semi_minor[i]) if has_size else None,
        angle=float(ellipses.angle[i]) if has_size else 0.0,
        inside=inside,
    )
