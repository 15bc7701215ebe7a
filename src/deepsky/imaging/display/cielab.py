"""Convert CIE L*a*b* colours to sRGB."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["lab_to_srgb"]

_D50: Final = np.array([0.9642, 1.0, 0.8249])
_XYZ_TO_RGB: Final = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
"""XYZ with the white point D50 to linear sRGB, with Bradford adaptation to D65."""
_EPSILON: Final = 6 / 29
_BAND_PIXELS: Final = 100_000


def lab_to_srgb(lab: NDArray[Any]) -> NDArray[np.uint16]:
    """Convert CIE L*a*b* colours with the white point D50 to sRGB.

    Parameters
    ----------
    lab : ndarray, shape (height, width, 3)
        L* from 0 to 100, a* and b* from about -128 to 127.

    Returns
    -------
    ndarray of uint16, shape (height, width, 3)
        sRGB values from 0 to 65535. Colours outside sRGB are clipped.

    References
    ----------
    CIE 15:2004, section 8.2.1; IEC 61966-2-1 (sRGB); B. Lindbloom, *RGB/XYZ Matrices*.
    """
    height, width, _ = lab.shape
    pixels = np.empty(lab.shape, np.uint16)
    rows = max(1, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        pixels[top : top + rows] = _convert(lab[top : top + rows].astype(np.float64))
    return pixels


def _convert(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    lightness = (lab[..., 0] + 16) / 116
    cubes = np.stack(
        [lightness + lab[..., 1] / 500, lightness, lightness - lab[..., 2] / 200], axis=-1
    )
    ratios = np.where(cubes > _EPSILON, cubes**3, 3 * _EPSILON**2 * (cubes - 4 / 29))
    linear = np.clip((ratios * _D50) @ _XYZ_TO_RGB.T, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    levels: NDArray[np.float64] = np.rint(np.nan_to_num(encoded) * 65535)
    return levels
