"""Parse the world coordinate system (WCS) in the cards of a FITS header."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from deepsky.imaging.astrometry.celestial_wcs import CelestialWcs
from deepsky.imaging.astrometry.icrs import to_icrs
from deepsky.imaging.astrometry.numbers import to_number
from deepsky.imaging.fits.cards import Cards

__all__ = ["from_astropy", "parse_wcs"]

_PROJECTIONS: Final = frozenset(
    {"AZP", "SZP", "TAN", "TPV", "STG", "SIN", "ARC", "ZPN", "ZEA", "AIR", "CYP", "CEA", "CAR"}
    | {"MER", "COP", "COE", "COD", "COO", "SFL", "PAR", "MOL", "AIT", "BON", "PCO"}
    | {"TSC", "CSC", "QSC"}
)
_LONGITUDE: Final = re.compile(r"(RA--|GLON)-([A-Z]{3})(-SIP)?")
_LATITUDE: Final = re.compile(r"(DEC-|GLAT)-([A-Z]{3})(-SIP)?")
_AXIS_NUMBER: Final = re.compile(
    r"(?:CRPIX|CRVAL|CDELT|CROTA)([1-9])|(?:CD|PC)([1-9])_([1-9])|PC00([1-9])00([1-9])"
    r"|PV([1-9])_[0-9]{1,2}"
)
"""Keywords of numbers, with the numbers of their axes."""
_OLD_MATRIX: Final = re.compile(r"PC00([1-9])00([1-9])")
_OTHER_NUMBER: Final = re.compile(r"LONPOLE|LATPOLE|EQUINOX|EPOCH")
_UNITS: Final = ("arcmin", "arcsec", "mas", "rad")
_SYSTEMS: Final = ("ICRS", "FK5", "FK4", "FK4-NO-E")
_EPOCHS: Final = (1950, 2000)
_EQUINOXES: Final = (1800, 2100)
_SIP: Final = ("A", "B", "AP", "BP")
_MAX_ORDER: Final = 9


def parse_wcs(cards: Cards, axes: tuple[int, int] = (1, 2)) -> CelestialWcs | None:
    """Parse the celestial WCS in the cards of a header.

    Only the cards that describe the projection, a linear transformation, and SIP or TPV distortion
    are passed on to astropy. Tables of coordinates or distortions and references to other files are
    ignored.

    Parameters
    ----------
    cards : mapping
        Values by keyword.
    axes : (int, int)
        FITS numbers of the horizontal and the vertical axis of the image.

    Returns
    -------
    CelestialWcs or None
        The WCS for the pixels in FITS order, converted to ICRS. None if the header contains no
        celestial WCS for these axes, or only the default that programs write when they know
        nothing.

    Raises
    ------
    ValueError
        If the WCS is invalid. Other built-in exceptions are also possible.

    References
    ----------
    FITS Standard 4.0 (2018), section 8.
    """
    types = {axis: str(cards.get(f"CTYPE{axis}", "")).strip().upper() for axis in axes}
    longitude = next((axis for axis, text in types.items() if _LONGITUDE.fullmatch(text)), None)
    latitude = next((axis for axis, text in types.items() if _LATITUDE.fullmatch(text)), None)
    if longitude is None or latitude is None:
        return None
    if types[longitude][5:8] != types[latitude][5:8] or types[longitude][5:8] not in _PROJECTIONS:
        return None
    kept = _numbers(cards, axes)
    if not _is_complete(kept, axes):
        return None
    sip = _sip(cards) if axes == (1, 2) else {}
    projection = _projection(types[longitude][5:8], kept, longitude, has_sip=bool(sip))
    if projection != "TPV":
        # Parameters of the longitude axis would move the reference point.
        kept = {key: value for key, value in kept.items() if not key.startswith(f"PV{longitude}_")}
    elif sip:
        sip = {}
    if projection == "TAN":
        kept = {key: value for key, value in kept.items() if not key.startswith("PV")}
    header = fits.Header(list(kept.items()))
    for axis in axes:
        header[f"CTYPE{axis}"] = types[axis][:5] + projection
        unit = str(cards.get(f"CUNIT{axis}", "")).strip().lower()
        if unit in _UNITS:
            header[f"CUNIT{axis}"] = unit
    _add_frame(header, cards)
    wcs = WCS(header, fix=False)
    wcs.wcs.set()
    return _checked(_extract(wcs, projection, axes, (longitude, latitude), kept, sip))


def from_astropy(wcs: WCS) -> CelestialWcs:
    """Convert a WCS with two ICRS axes, right ascension and declination.

    Parameters
    ----------
    wcs : astropy.wcs.WCS

    Returns
    -------
    CelestialWcs
    """
    projection = str(wcs.wcs.ctype[0])[5:8]
    pv = {} if projection == "TAN" else {f"PV{i}_{m}": v for i, m, v in wcs.wcs.get_pv()}
    sip = {}
    if wcs.sip is not None:
        found = {"A": wcs.sip.a, "B": wcs.sip.b, "AP": wcs.sip.ap, "BP": wcs.sip.bp}
        sip = {name: values for name, values in found.items() if values is not None}
    return CelestialWcs(
        projection=projection,
        crpix=wcs.wcs.crpix,
        crval=wcs.wcs.crval,
        matrix=wcs.pixel_scale_matrix,
        lonpole=float(wcs.wcs.lonpole),
        latpole=float(wcs.wcs.latpole),
        pv=pv,
        sip=sip,
    )


def _numbers(cards: Cards, axes: tuple[int, int]) -> dict[str, float]:
    kept = {}
    for key, value in cards.items():
        match = _AXIS_NUMBER.fullmatch(key)
        if match is None and not _OTHER_NUMBER.fullmatch(key):
            continue
        numbers = () if match is None else (int(text) for text in match.groups() if text)
        number = to_number(value)
        if number is not None and all(axis in axes for axis in numbers):
            kept[_OLD_MATRIX.sub(r"PC\1_\2", key)] = number
    return _with_one_matrix(kept, axes)


def _with_one_matrix(kept: dict[str, float], axes: tuple[int, int]) -> dict[str, float]:
    """Return the numbers with one form of the linear transformation; some headers have several.

    A matrix of zeros does not count: programs write it if they know only the scale.
    """
    for form in ("CD", "PC"):
        elements = [key for key in kept if key.startswith(form) and "_" in key]
        if not any(kept[key] for key in elements):
            kept = {key: value for key, value in kept.items() if key not in elements}
    if any(key.startswith("CD") and "_" in key for key in kept):
        others = {f"CD{axis}_{axis}": 1.0 for axis in range(1, max(axes)) if axis not in axes}
        unused: tuple[str, ...] = ("PC", "CDELT", "CROTA")
    else:
        others = {}
        unused = ("CROTA",) if any(key.startswith("PC") for key in kept) else ()
    return {key: value for key, value in kept.items() if not key.startswith(unused)} | others


def _is_complete(kept: Mapping[str, float], axes: tuple[int, int]) -> bool:
    """Return whether the header states a position and a scale for each axis."""
    if not all(f"CRVAL{axis}" in kept for axis in axes):
        return False
    has_matrix = any(key.startswith("CD") and "_" in key for key in kept)
    return has_matrix or all(f"CDELT{axis}" in kept for axis in axes)


def _projection(code: str, kept: Mapping[str, float], longitude: int, *, has_sip: bool) -> str:
    """Return the code; SCAMP wrote ``TAN`` for ``TPV`` before 2012."""
    is_scamp = code == "TAN" and not has_sip and f"PV{longitude}_5" in kept
    return "TPV" if is_scamp else code


def _add_frame(header: fits.Header, cards: Cards) -> None:
    """Add the reference system, and leave out invalid values and misused keywords."""
    system = str(cards.get("RADESYS", cards.get("RADECSYS", ""))).strip().upper()
    if system in _SYSTEMS:
        header["RADESYS"] = system
    equinox = header.pop("EQUINOX", None)
    epoch = header.pop("EPOCH", None)  # many programs write the date of the exposure
    equinox = epoch if equinox is None and epoch in _EPOCHS else equinox
    if equinox is not None and _EQUINOXES[0] <= equinox <= _EQUINOXES[1]:
        header["EQUINOX"] = equinox


def _sip(cards: Cards) -> dict[str, np.ndarray[Any, Any]]:
    """Return the SIP coefficients; empty if they are incomplete."""
    sip = {}
    for name in _SIP:
        order = to_number(cards.get(f"{name}_ORDER"))
        if order is None or not 1 <= order <= _MAX_ORDER or order != int(order):
            continue
        values = np.zeros((int(order) + 1,) * 2)
        for i, j in np.ndindex(values.shape):
            if i + j <= order:
                values[i, j] = to_number(cards.get(f"{name}_{i}_{j}")) or 0.0
        sip[name] = values
    if not {"A", "B"} <= sip.keys():
        return {}
    return sip if {"AP", "BP"} <= sip.keys() else {name: sip[name] for name in ("A", "B")}


def _extract(
    wcs: WCS,
    projection: str,
    axes: tuple[int, int],
    celestial: tuple[int, int],
    kept: Mapping[str, float],
    sip: Mapping[str, np.ndarray[Any, Any]],
) -> CelestialWcs:
    """Return the WCS with right ascension first and with the horizontal axis first."""
    pixels, world = np.array(axes) - 1, np.array(celestial) - 1
    pv = {
        f"PV{number}_{key.partition('_')[2]}": value
        for number, axis in enumerate(celestial, 1)
        for key, value in kept.items()
        if key.startswith(f"PV{axis}_")
    }
    return to_icrs(
        CelestialWcs(
            projection=projection,
            crpix=wcs.wcs.crpix[pixels],
            crval=wcs.wcs.crval[world],
            matrix=wcs.pixel_scale_matrix[np.ix_(world, pixels)],
            lonpole=float(wcs.wcs.lonpole),
            latpole=float(wcs.wcs.latpole),
            pv=pv,
            sip=sip,
        ),
        wcs,
    )


def _checked(wcs: CelestialWcs) -> CelestialWcs | None:
    """Return the WCS, or None if it has no scale or is the default of programs."""
    determinant = float(np.linalg.det(wcs.matrix))
    is_finite = np.isfinite([*wcs.crpix, *wcs.crval, wcs.lonpole, wcs.latpole]).all()
    is_default = not wcs.crval.any() and np.array_equal(np.abs(wcs.matrix), np.eye(2))
    if not is_finite or not isfinite(determinant) or determinant == 0 or is_default:
        return None
    return wcs
