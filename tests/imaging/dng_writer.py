"""Write small camera raw files (DNG) for tests and benchmarks."""

import io
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

__all__ = ["dng", "mosaic_rggb"]

SHORT, LONG, BYTE, ASCII, RATIONAL, SRATIONAL = 3, 4, 1, 2, 5, 10
XYZ_TO_SRGB = (
    *(3.2404542, -1.5371385, -0.4985314),
    *(-0.9692660, 1.8760108, 0.0415560),
    *(0.0556434, -0.2040259, 1.0572252),
)


def mosaic_rggb(colours: NDArray[Any]) -> NDArray[Any]:
    """Return the mosaic that a sensor with RGGB filters would record of an RGB image.

    Parameters
    ----------
    colours : ndarray, shape (rows, columns, 3)
        Linear RGB. An odd last row or column is omitted.

    Returns
    -------
    ndarray, shape (rows, columns)
    """
    rows, columns = (length // 2 * 2 for length in colours.shape[:2])
    mosaic = np.array(colours[:rows, :columns, 1])
    mosaic[::2, ::2] = colours[:rows:2, :columns:2, 0]
    mosaic[1::2, 1::2] = colours[1:rows:2, 1:columns:2, 2]
    return mosaic


def dng(mosaic: NDArray[np.uint16], *, make: str = "Test", orientation: int = 1) -> bytes:
    """Return a DNG file of a camera whose colours are those of linear sRGB.

    Parameters
    ----------
    mosaic : ndarray of uint16, shape (rows, columns)
        Sensor data with RGGB filters; black is 0 and white is 65535.
    make : str
        Make of the camera.
    orientation : int
        TIFF orientation.

    Returns
    -------
    bytes

    References
    ----------
    Adobe, *Digital Negative (DNG) Specification* 1.4, chapter 4.
    """
    matrix = [number for value in XYZ_TO_SRGB for number in (round(value * 10_000), 10_000)]
    tags: list[tuple[int, int, int, Any, bool]] = [
        (271, ASCII, 0, make, True),
        (272, ASCII, 0, "Camera", True),
        (274, SHORT, 1, orientation, True),
        (33421, SHORT, 2, (2, 2), True),  # CFARepeatPatternDim
        (33422, BYTE, 4, bytes([0, 1, 1, 2]), True),  # CFAPattern
        (50706, BYTE, 4, bytes([1, 4, 0, 0]), True),  # DNGVersion
        (50708, ASCII, 0, "Test Camera", True),  # UniqueCameraModel
        (50714, SHORT, 1, 0, True),  # BlackLevel
        (50717, LONG, 1, 65535, True),  # WhiteLevel
        (50721, SRATIONAL, 9, matrix, True),  # ColorMatrix1
        (50728, RATIONAL, 3, [1, 1, 1, 1, 1, 1], True),  # AsShotNeutral
        (50778, SHORT, 1, 21, True),  # CalibrationIlluminant1: D65
    ]
    stream = io.BytesIO()
    tifffile.imwrite(stream, mosaic, photometric=32803, extratags=tags, metadata=None)
    return stream.getvalue()
