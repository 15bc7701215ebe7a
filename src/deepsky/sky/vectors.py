"""Directions on the sky as unit vectors."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["unit_vectors"]


def unit_vectors(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the unit vectors of directions on a sphere.

    Parameters
    ----------
    longitude, latitude : ndarray of float64, any shape
        Spherical coordinates in degrees.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        The unit vectors.

    Examples
    --------
    >>> import numpy as np
    >>> unit_vectors(np.array([0.0]), np.array([90.0])).round(9)
    array([[0., 0., 1.]])
    """
    lon, lat = np.radians(longitude), np.radians(latitude)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)
