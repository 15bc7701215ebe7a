"""The place of an image on the sky."""

from dataclasses import dataclass, field
from math import atan2, degrees, hypot, isfinite, radians, sqrt
from typing import Any, Final, Self

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from deepsky.imaging.astrometry.parse import from_astropy, parse_wcs
from deepsky.imaging.fits.cards import parse_cards
from deepsky.imaging.image_data import ImageInfo
from deepsky.sky.vectors import unit_vectors

__all__ = ["SkyPosition", "read_position"]

_MAX_FIELD: Final = 180.0  # degrees
_MIN_PIXEL: Final = 1e-3 / 3600  # degrees; the sharpest telescopes have pixels of a few mas
_STEP: Final = 0.5  # pixels from the centre at which directions are measured


@dataclass(frozen=True, slots=True, kw_only=True)
class SkyPosition:
    """The place of an image on the sky.

    Attributes
    ----------
    wcs : astropy.wcs.WCS
        World coordinate system with two ICRS axes, right ascension and declination in degrees, for
        the pixels of `deepsky.read_image` at full size. For astropy's functions, the centre of the
        top left pixel is (0, 0).
    ra, dec : float
        ICRS right ascension (0 to 360) and declination (-90 to 90) of the image's centre, in
        degrees.
    width, height : float
        Size of the field of sky along the middle row and column, in degrees.
    pixel_scale : float
        Side of a square with the area of the pixel in the centre, in arcseconds.
    orientation : float
        Position angle of the image's up direction in the centre, from north through east, in
        degrees (0 to 360).
    mirrored : bool
        Whether east is to the right of north, unlike on the sky seen from Earth.
    source : str
        How the place was found: ``"header"``, ``"avm"``, or the name of a plate solver.
    """

    wcs: WCS = field(compare=False)
    ra: float
    dec: float
    width: float
    height: float
    pixel_scale: float
    orientation: float
    mirrored: bool
    source: str

    @classmethod
    def from_header(cls, header: str, width: int, height: int, source: str) -> Self | None:
        """Compute the place of an image from a FITS header.

        Parameters
        ----------
        header : str
            Cards of 80 characters of a FITS header, as in
            `deepsky.imaging.metadata.ImageMetadata.wcs_header` or from a plate solver. Other
            reference systems than ICRS are converted.
        width, height : int
            Full size of the image in pixels.
        source : str
            See `SkyPosition`.

        Returns
        -------
        SkyPosition or None
            None if the header contains no WCS, or a WCS that cannot be right; see `from_wcs`.
        """
        try:
            parsed = parse_wcs(parse_cards(header.encode("latin-1", "replace")))
            if parsed is None:
                return None
            wcs = WCS(fits.Header.fromstring(parsed.header()), fix=False)
        except (ValueError, RuntimeError, ArithmeticError, MemoryError):
            return None
        return cls.from_wcs(wcs, width, height, source)

    @classmethod
    def from_wcs(cls, wcs: WCS, width: int, height: int, source: str) -> Self | None:
        """Compute the place of an image from its WCS.

        Parameters
        ----------
        wcs : astropy.wcs.WCS
            WCS with two ICRS axes, right ascension and declination in degrees.
        width, height : int
            Full size of the image in pixels.
        source : str
            See `SkyPosition`.

        Returns
        -------
        SkyPosition or None
            None if the WCS is not celestial, is the default that programs write when they know
            nothing, assigns no coordinates to a corner of the image, or has a field of more than
            180 degrees.
        """
        if not _is_plausible(wcs):
            return None
        x, y = (width - 1) / 2, (height - 1) / 2
        points = [(x, y), (-0.5, y), (width - 0.5, y), (x, -0.5), (x, height - 0.5)]
        points += [(x + _STEP, y), (x - _STEP, y), (x, y - _STEP), (x, y + _STEP)]
        points += [(i, j) for i in (-0.5, width - 0.5) for j in (-0.5, height - 0.5)]
        try:
            world = np.array(wcs.all_pix2world(np.array(points), 0))
        except (ValueError, RuntimeError, MemoryError):
            return None
        if not np.isfinite(world).all():
            return None
        sky = unit_vectors(*world.T)
        right, up = (_offset(sky[0], a, b) for a, b in ((sky[5], sky[6]), (sky[7], sky[8])))
        area = right[0] * up[1] - right[1] * up[0]
        scale = sqrt(abs(area))
        nominal = sqrt(abs(float(np.linalg.det(wcs.pixel_scale_matrix))))
        if not (scale > _MIN_PIXEL and max(scale, nominal) * max(width, height) < _MAX_FIELD):
            return None
        sizes = [_angle(sky[0], sky[i]) + _angle(sky[0], sky[i + 1]) for i in (1, 3)]
        if not all(0 < size < _MAX_FIELD for size in sizes):
            return None
        return cls(
            wcs=wcs,
            ra=float(world[0, 0] % 360),
            dec=float(world[0, 1]),
            width=sizes[0],
            height=sizes[1],
            pixel_scale=scale * 3600,
            orientation=degrees(atan2(*up)) % 360,
            mirrored=area > 0,
            source=source,
        )

    @property
    def header(self) -> str:
        """The WCS as cards of 80 characters of a FITS header."""
        return from_astropy(self.wcs).header()


def read_position(image: ImageInfo) -> SkyPosition | None:
    """Return the place of an image on the sky according to its metadata.

    Parameters
    ----------
    image : ImageInfo

    Returns
    -------
    SkyPosition or None
        None if the metadata contain no WCS, or one that cannot be right.
    """
    header, source = image.metadata.wcs_header, image.metadata.wcs_source
    if header is None:
        return None
    return SkyPosition.from_header(header, image.width, image.height, source)


def _is_plausible(wcs: WCS) -> bool:
    if wcs.naxis != 2 or not wcs.has_celestial:
        return False
    matrix = wcs.pixel_scale_matrix
    is_default = not np.any(wcs.wcs.crval) and np.array_equal(np.abs(matrix), np.eye(2))
    determinant = float(np.linalg.det(matrix))
    return not is_default and isfinite(determinant) and determinant != 0


def _offset(centre: NDArray[Any], end: NDArray[Any], start: NDArray[Any]) -> tuple[float, float]:
    """Return how far `end` is east and north of `start`, in degrees in the plane of the sky."""
    length = hypot(centre[0], centre[1])
    # At a pole, the meridian of the centre defines north; a tiny length still has a direction.
    cos, sin = (centre[0] / length, centre[1] / length) if length else (1.0, 0.0)
    east = np.array([-sin, cos, 0.0])
    north = np.cross(centre, east)
    difference = (end - start) / radians(1)
    return float(difference @ east), float(difference @ north)


def _angle(first: NDArray[Any], second: NDArray[Any]) -> float:
    return degrees(atan2(float(np.linalg.norm(np.cross(first, second))), float(first @ second)))
