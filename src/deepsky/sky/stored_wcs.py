"""The WCS of an image for the pixels as stored in its file."""

from typing import Final

from deepsky.imaging.astrometry.celestial_wcs import CelestialWcs
from deepsky.imaging.astrometry.parse import parse_wcs
from deepsky.imaging.display.orientation import swaps_axes
from deepsky.imaging.fits.cards import parse_cards
from deepsky.imaging.image_data import ImageInfo

__all__ = ["read_header", "stored_size", "stored_wcs"]

_INVERSES: Final = {6: 8, 8: 6}
"""Orientations that are not their own inverse."""


def read_header(header: str) -> CelestialWcs:
    """Return the WCS in a header that deepsky has written.

    Parameters
    ----------
    header : str
        Cards of 80 characters, as in `deepsky.sky.position.SkyPosition.header`.

    Returns
    -------
    CelestialWcs

    Raises
    ------
    ValueError
        If the header contains no celestial WCS.
    """
    wcs = parse_wcs(parse_cards(header.encode("ascii", "replace")))
    if wcs is None:
        msg = "The header contains no celestial WCS."
        raise ValueError(msg)
    return wcs


def stored_wcs(wcs: CelestialWcs, image: ImageInfo) -> CelestialWcs:
    """Return the WCS for the pixels of an image as they are stored in the file.

    Parameters
    ----------
    wcs : CelestialWcs
        WCS of the image as displayed, at full size.
    image : ImageInfo

    Returns
    -------
    CelestialWcs
        FITS pixel (1, 1) is the first pixel in the file.
    """
    inverse = _INVERSES.get(image.orientation, image.orientation)
    return wcs.oriented(inverse, image.width, image.height)


def stored_size(image: ImageInfo) -> tuple[int, int]:
    """Return the width and the height of an image as stored in its file, in pixels.

    Parameters
    ----------
    image : ImageInfo
    """
    width, height = image.width, image.height
    return (height, width) if swaps_axes(image.orientation) else (width, height)
