"""Convert the WCS of reduced images to full size."""

import re
from typing import Final

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from deepsky.sky.reduction import ReducedImage

__all__ = ["restore_header"]

_SIP: Final = re.compile(r"(?:A|B|AP|BP)_(\d)_(\d)")
_MAX_DISTORTION: Final = 0.02  # of the diagonal
_KEYWORDS: Final = re.compile(
    r"WCSAXES|(?:CTYPE|CUNIT|CRVAL|CRPIX|CD\d_|CDELT|CROTA|PC\d_)\d"
    r"|LONPOLE|LATPOLE|RADESYS|EQUINOX|(?:A|B|AP|BP)_(?:ORDER|DMAX|\d_\d)"
)


def restore_header(header: fits.Header, image: ReducedImage) -> str:
    """Convert the WCS of a reduced image into that of the image at full size.

    A distortion that moves a corner by more than 2 % of the diagonal is removed: it was fitted to
    too few stars.

    Parameters
    ----------
    header : astropy.io.fits.Header
        Header with a WCS for the reduced image.
    image : ReducedImage

    Returns
    -------
    str
        Cards of a FITS header that contains only the WCS.
    """
    factor = image.factor
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
    if _is_distorted(full, image.width, image.height):
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
