"""A picture as the classifier sees it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Picture"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, read, turned upright and brought to 8 bits.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB, first row at the top, 0 to 255.
    width, height : int
        Size in pixels, the same as that of ``pixels``.
    format : str
        Format by content, such as ``"JPEG"``, ``"TIFF"`` or ``"FITS"``.
    stretch : str or None
        Name of the stretch that brought high-dynamic-range data to 8 bits;
        None where the file's values were used as they are.
    sha256 : str
        SHA-256 of the file's bytes, in hexadecimal.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    format: str
    stretch: str | None
    sha256: str
