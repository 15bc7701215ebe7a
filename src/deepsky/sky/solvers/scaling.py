"""Reduce images for plate solvers, and convert their WCS back to full size."""

import re
from typing import Final

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

__all__ = ["reduce_image", "restore_header"]

_MAX_SIDE: Final = 1600  # pixels; more stars than these show do not help
_LUMINANCE: Final = np.array([0.299, 0.587, 0.114], np.float32)
_SIP: Final = re.compile(r"(?:A|B|AP|BP)_(\d)_(\d)")
_MAX_DISTORTION: Final = 0.02  # of the diagonal
_KEYWORDS: Final = re.compile(
    r"WCSAXES|(?:CTYPE|CUNIT|CRVAL|CRPIX|CD\d_|CDELT|CROTA|PC\d_)\d"
    r"|LONPOLE|LATPOLE|RADESYS|EQUINOX|(?:A|B|AP|BP)_(?:ORDER|DMAX|\d_\d)"
)


def reduce_image(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], int]:
    """Average blocks of pixels so that no side exceeds 1600 pixels.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)

    Returns
    -------
    luminance : ndarray of float32, shape (height // factor, width // factor)
        From 0 to 255.
    factor : int
        Side of a block.
    """
    height, width = pixels.shape[:2]
    factor = -(-max(height, width) // _MAX_SIDE)
    rows, columns = height // factor, width // factor
    if not rows or not columns:
        return np.zeros((1, 1), np.float32), factor
    luminance = np.empty((rows, columns), np.float32)
    for row in range(rows):
        band = pixels[row * factor : (row + 1) * factor, : columns * factor]
        blocks = band.reshape(factor, columns, factor, 3).mean(axis=(0, 2), dtype=np.float32)
        luminance[row] = blocks @ _LUMINANCE
    return luminance, factor


def restore_header(header: fits.Header, factor: int, width: int, height: int) -> str:
    """Convert the WCS of a reduced image into that of the image at full size.

    A distortion that moves a corner by more than 2 % of the diagonal is removed: it was fitted to
    too few stars.

    Parameters
    ----------
    header : astropy.io.fits.Header
        Header with a WCS for the reduced image.
    factor : int
        Side of a block, as returned by `reduce_image`.
    width, height : int
        Full size of the image in pixels.

    Returns
    -------
    str
        Cards of a FITS header that contains only the WCS.
    """
    full = fits.Header()
    for name, value in header.items():
        if not _KEYWORDS.fullmatch(name):
            continue
        if name.startswith("CRPIX"):
            value = (value - 0.5) * factor + 0.5
        elif name.startswith(("CD1_", "CD2_", "CDELT")):
            value = value / factor
        elif match := _SIP.fullmatch(name):
            value = value * float(factor) ** (1 - int(match[1]) - int(match[2]))
        full[name] = value
    full.setdefault("RADESYS", "ICRS")
    if _is_distorted(full, width, height):
        full = _without_distortion(full)
    return str(full.tostring(sep="", endcard=False, padding=False))


def _is_distorted(header: fits.Header, width: int, height: int) -> bool:
    if not str(header.get("CTYPE1", "")).endswith("-SIP"):
        return False
    corners = np.array([(x, y) for x in (0.0, width - 1) for y in (0.0, height - 1)])
    moved = WCS(header, fix=False).sip_pix2foc(corners, 0) + np.array(
        [header["CRPIX1"] - 1, header["CRPIX2"] - 1]
    )
    shift = float(np.hypot(*(moved - corners).T).max())
    return not shift <= _MAX_DISTORTION * float(np.hypot(width, height))


def _without_distortion(header: fits.Header) -> fits.Header:
    plain = fits.Header()
    for name, value in header.items():
        if not name.startswith(("A_", "B_", "AP_", "BP_")):
            plain[name] = value.removesuffix("-SIP") if name.startswith("CTYPE") else value
    return plain
