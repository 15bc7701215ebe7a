"""Find object names and hints for plate solving in the cards of a FITS header."""

import re
from collections.abc import Iterable
from typing import Final

from deepsky.imaging.astrometry.numbers import parse_sexagesimal, to_number
from deepsky.imaging.fits.cards import Cards
from deepsky.imaging.metadata import PositionHints

__all__ = ["NAME_KEYWORDS", "clean_names", "find_hints"]

NAME_KEYWORDS: Final = ("OBJECT", "OBJNAME", "TARGNAME")
"""Keywords of cards that name the object, in order of preference."""

_MAX_NAMES: Final = 20
_MAX_LENGTH: Final = 255
_UNPRINTABLE: Final = re.compile(r"[\0-\x20\x7f-\xa0]+")
_POSITIONS: Final = (("RA", "DEC"), ("OBJCTRA", "OBJCTDEC"), ("CRVAL1", "CRVAL2"))
_SCALES: Final = ("PIXSCALE", "SCALE", "SECPIX", "SECPIX1")
_HOURS: Final = 15
_FOCAL_LENGTHS: Final = (1.0, 1e5)  # mm
_PIXEL_SIZES: Final = (0.1, 200.0)  # µm
_PIXEL_SCALES: Final = (1e-3, 3600.0)  # arcsec


def clean_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts that may name an object, without duplicates and of limited size.

    Parameters
    ----------
    texts : iterable of str
        Texts, the most specific ones first.

    Returns
    -------
    tuple of str
        At most 20 texts of at most 255 characters, without control characters.
    """
    names: dict[str, None] = {}
    for text in texts:
        name = _UNPRINTABLE.sub(" ", text[: 4 * _MAX_LENGTH]).strip()[:_MAX_LENGTH].strip()
        if name:
            names[name] = None
        if len(names) == _MAX_NAMES:
            break
    return tuple(names)


def find_hints(cards: Cards) -> PositionHints:
    """Find the approximate position and scale that a header states.

    Parameters
    ----------
    cards : mapping
        Values by keyword.

    Returns
    -------
    PositionHints
    """
    ra, dec = next(filter(None, (_position(cards, *pair) for pair in _POSITIONS)), (None, None))
    return PositionHints(
        ra=ra,
        dec=dec,
        focal_length=_in_range(cards, "FOCALLEN", _FOCAL_LENGTHS),
        pixel_size=_pixel_size(cards),
        pixel_scale=next(
            filter(None, (_in_range(cards, keyword, _PIXEL_SCALES) for keyword in _SCALES)), None
        ),
    )


def _position(cards: Cards, first: str, second: str) -> tuple[float, float] | None:
    """Return a position; numbers are degrees, and sexagesimal right ascensions are hours."""
    if first == "CRVAL1" and not str(cards.get("CTYPE1", "")).upper().startswith("RA--"):
        return None
    ra, dec = to_number(cards.get(first)), to_number(cards.get(second))
    if ra is None and (hours := parse_sexagesimal(str(cards.get(first, "")))) is not None:
        ra = hours * _HOURS
    dec = parse_sexagesimal(str(cards.get(second, ""))) if dec is None else dec
    if ra is None or dec is None or not (-360 <= ra <= 360 and -90 <= dec <= 90):
        return None
    return (ra % 360, dec) if ra or dec else None  # programs write zeros for unknown positions


def _pixel_size(cards: Cards) -> float | None:
    size = _in_range(cards, "XPIXSZ", _PIXEL_SIZES)  # includes binning
    if size is not None:
        return size
    size = _in_range(cards, "PIXSIZE1", _PIXEL_SIZES)
    return None if size is None else size * (_in_range(cards, "XBINNING", (1, 16)) or 1)


def _in_range(cards: Cards, keyword: str, limits: tuple[float, float]) -> float | None:
    number = to_number(cards.get(keyword))
    return number if number is not None and limits[0] <= number <= limits[1] else None
