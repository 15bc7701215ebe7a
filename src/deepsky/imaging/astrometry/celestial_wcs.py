"""World coordinate systems with two ICRS axes: change their pixels, and write them as a header."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["CelestialWcs"]

_CARD: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class CelestialWcs:
    """World coordinate system of an image, with ICRS right ascension and declination.

    Attributes
    ----------
    projection : str
        Code of the projection, such as ``"TAN"``.
    crpix : ndarray, shape (2,)
        FITS pixel coordinates (x, y) of the reference point; (1, 1) is the centre of the first
        pixel.
    crval : ndarray, shape (2,)
        Right ascension and declination of the reference point, in degrees.
    matrix : ndarray, shape (2, 2)
        CD matrix: rows for right ascension and declination, columns for x and y, in degrees per
        pixel.
    lonpole, latpole : float
        Native longitude of the celestial pole, and celestial latitude of the native pole, in
        degrees.
    pv : mapping of str to float
        Parameters of the projection, by FITS keyword.
    sip : mapping of str to ndarray
        Coefficients of the distortion polynomials A, B, and optionally AP and BP; empty if there
        is no distortion. The element [i, j] belongs to the powers i of x and j of y.

    References
    ----------
    Greisen & Calabretta (2002), A&A 395, 1061; Calabretta & Greisen (2002), A&A 395, 1077.
    Distortion: Shupe et al. (2005), ASP Conference Series 347, 491.
    """

    projection: str
    crpix: NDArray[Any]
    crval: NDArray[Any]
    matrix: NDArray[Any]
    lonpole: float
    latpole: float
    pv: Mapping[str, float] = field(default_factory=dict)
    sip: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def oriented(self, orientation: int, width: int, height: int) -> Self:
        """Return the WCS after an orientation is applied to the image.

        Parameters
        ----------
        orientation : int
            Exif or TIFF orientation; see
            `deepsky.imaging.display.orientation.apply_orientation`.
        width, height : int
            Size of the image before the orientation is applied, in pixels.

        Returns
        -------
        CelestialWcs
        """
        wcs = self
        if orientation in (2, 3, 7, 8):
            wcs = wcs._flipped(0, width)
        if orientation in (3, 4, 6, 7):
            wcs = wcs._flipped(1, height)
        return wcs._swapped() if orientation in (5, 6, 7, 8) else wcs

    def scaled(self, factor: float) -> Self:
        """Return the WCS after the image is enlarged.

        Parameters
        ----------
        factor : float
            New width divided by old width.

        Returns
        -------
        CelestialWcs
        """
        sip = {
            name: values * float(factor) ** (1 - np.add.outer(*map(np.arange, values.shape)))
            for name, values in self.sip.items()
        }
        crpix = (self.crpix - 0.5) * factor + 0.5
        return replace(self, crpix=crpix, matrix=self.matrix / factor, sip=sip)

    def header(self) -> str:
        """Return the cards of the WCS as the text of a FITS header.

        Returns
        -------
        str
            Cards of 80 characters.
        """
        suffix = "-SIP" if self.sip else ""
        cards: dict[str, str | int | float] = {
            "WCSAXES": 2,
            "CTYPE1": f"RA---{self.projection}{suffix}",
            "CTYPE2": f"DEC--{self.projection}{suffix}",
            "RADESYS": "ICRS",
            "LONPOLE": self.lonpole,
            "LATPOLE": self.latpole,
        }
        for axis in range(2):
            cards[f"CRPIX{axis + 1}"] = self.crpix[axis]
            cards[f"CRVAL{axis + 1}"] = self.crval[axis]
            for pixel in range(2):
                cards[f"CD{axis + 1}_{pixel + 1}"] = self.matrix[axis, pixel]
        cards.update(self.pv)
        for name, values in self.sip.items():
            cards[f"{name}_ORDER"] = len(values) - 1
            for i, j in np.argwhere(values):
                cards[f"{name}_{i}_{j}"] = values[i, j]
        return "".join(f"{key:8}= {_written(value)}".ljust(_CARD) for key, value in cards.items())

    def _flipped(self, axis: int, length: int) -> Self:
        crpix, matrix = self.crpix.copy(), self.matrix.copy()
        crpix[axis] = length + 1 - crpix[axis]
        matrix[:, axis] *= -1
        sip = {}
        for name, values in self.sip.items():
            signs = (-1.0) ** np.arange(len(values))
            flipped = values * (signs[:, np.newaxis] if axis == 0 else signs)
            sip[name] = -flipped if name.startswith("AB"[axis]) else flipped
        return replace(self, crpix=crpix, matrix=matrix, sip=sip)

    def _swapped(self) -> Self:
        names = {"A": "B", "B": "A", "AP": "BP", "BP": "AP"}
        sip = {names[name]: values.T for name, values in self.sip.items()}
        return replace(self, crpix=self.crpix[::-1], matrix=self.matrix[:, ::-1], sip=sip)


def _written(value: str | float) -> str:
    if isinstance(value, str):
        return f"'{value:8}'"
    if isinstance(value, int):
        return f"{value:20}"
    return f"{float(value)!r:>20}".upper()
