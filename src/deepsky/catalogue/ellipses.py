"""Ellipses of objects in pixels."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["EllipseArrays", "pixel_ellipses", "reach_into"]

_Floats = NDArray[np.float64]


class EllipseArrays(NamedTuple):
    """Ellipses in pixels.

    Attributes
    ----------
    semi_major, semi_minor : ndarray of float64, shape (n,)
        Half lengths of the axes in pixels. NaN for objects of unknown size.
    angle : ndarray of float64, shape (n,)
        Angles of the major axes from the +x axis towards the +y axis in degrees, from 0 to 180.
        0 for circles on the sky.
    axes : ndarray of float64, shape (n, 2, 2)
        Matrices whose columns are the semi-axes as vectors.
    """

    semi_major: _Floats
    semi_minor: _Floats
    angle: _Floats
    axes: _Floats


def pixel_ellipses(
    jacobians: _Floats, semi_major: _Floats, semi_minor: _Floats, position_angle: _Floats
) -> EllipseArrays:
    """Project ellipses on the sky to pixels.

    Parameters
    ----------
    jacobians : ndarray of float64, shape (n, 2, 2)
        Derivatives of (x, y) by the directions east and north, in pixels per radian.
    semi_major, semi_minor : ndarray of float64, shape (n,)
        Half lengths of the axes in radians. NaN if not known.
    position_angle : ndarray of float64, shape (n,)
        Position angles in radians from north through east. NaN for circles.

    Returns
    -------
    EllipseArrays
        The ellipses. The projection is taken as linear over each ellipse.
    """
    angle = np.nan_to_num(position_angle)
    east, north = np.sin(angle), np.cos(angle)
    sky = np.stack(
        [
            np.stack([east, north], -1) * semi_major[:, None],
            np.stack([north, -east], -1) * semi_minor[:, None],
        ],
        axis=-1,
    )
    axes = np.full_like(jacobians, np.nan)
    known = np.isfinite(semi_major) & np.isfinite(jacobians).all(axis=(1, 2))
    left, lengths, _ = np.linalg.svd(jacobians[known] @ sky[known])
    axes[known] = left * lengths[:, None, :]
    angles = np.degrees(np.arctan2(axes[:, 1, 0], axes[:, 0, 0])) % 180
    circle = np.isnan(position_angle)
    size = np.linalg.norm(axes, axis=1)
    return EllipseArrays(size[:, 0], size[:, 1], np.where(circle, 0.0, angles), axes)


def reach_into(
    ellipses: EllipseArrays, x: _Floats, y: _Floats, width: int, height: int
) -> NDArray[np.bool_]:
    """Return which ellipses reach into an image.

    Parameters
    ----------
    ellipses : EllipseArrays
        The ellipses.
    x, y : ndarray of float64, shape (n,)
        Positions of their centres in pixels.
    width, height : int
        Size of the image in pixels.

    Returns
    -------
    ndarray of bool, shape (n,)
        True if the ellipse and the image overlap. False for objects of unknown size.
    """
    overlap = np.zeros(len(x), bool)
    known = np.flatnonzero(np.isfinite(ellipses.semi_major) & (ellipses.semi_minor > 0))
    left, right, top, bottom = -0.5, width - 0.5, -0.5, height - 0.5
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    centres = np.stack([x[known], y[known]], -1)
    within = ((centres >= [left, top]) & (centres <= [right, bottom])).all(axis=1)
    # In the coordinates in which the ellipse is the unit circle, the image is a parallelogram. It
    # overlaps the circle if one of its sides is less than 1 from the centre.
    relative = corners[None] - centres[:, None]
    scaled = np.linalg.solve(ellipses.axes[known][:, None], relative[..., None])[..., 0]
    sides = np.roll(scaled, -1, axis=1) - scaled
    along = -(scaled * sides).sum(-1) / (sides**2).sum(-1)
    closest = scaled + np.clip(along, 0, 1)[..., None] * sides
    overlap[known] = within | (np.linalg.norm(closest, axis=-1).min(axis=1) <= 1)
    return overlap
