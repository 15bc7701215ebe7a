"""Interpret Astronomy Visualization Metadata (AVM) and other properties in XMP."""

from collections.abc import Mapping
from typing import Final

from deepsky.imaging.astrometry.celestial_wcs import CelestialWcs
from deepsky.imaging.astrometry.numbers import to_number
from deepsky.imaging.astrometry.xmp import AVM, DUBLIN_CORE, EXIF
from deepsky.imaging.fits.cards import Cards, Value

__all__ = ["find_avm_wcs", "find_texts", "to_cards"]

Properties = Mapping[str, list[str]]

_NAMES: Final = (f"{AVM}Subject.Name", f"{DUBLIN_CORE}title", f"{DUBLIN_CORE}subject")
_OWN_KEYWORD: Final = "deepsky:"
_FRAMES: Final = {"FK4": "FK4", "FK5": "FK5", "ICRS": "ICRS"}
_EQUINOXES: Final = {"J2000": 2000.0, "B1950": 1950.0}
_MAX_STRETCH: Final = 0.02  # difference of the horizontal and vertical scale


def find_texts(properties: Properties) -> list[str]:
    """Return the texts that may name the object.

    Parameters
    ----------
    properties : mapping
        Properties, as returned by `deepsky.imaging.astrometry.xmp.read_properties`.

    Returns
    -------
    list of str
        Subject names of AVM, the title, and keywords, except those that deepsky writes.
    """
    texts = [text for name in _NAMES for text in properties.get(name, ())]
    # Some programs write a list in one string.
    parts = [part for text in texts for part in text.split(";")]
    return [part for part in parts if not part.strip().startswith(_OWN_KEYWORD)]


def to_cards(properties: Properties) -> dict[str, Value]:
    """Return the WCS and the hints in XMP as cards of a FITS header.

    Parameters
    ----------
    properties : mapping
        Properties, as returned by `deepsky.imaging.astrometry.xmp.read_properties`.

    Returns
    -------
    dict
        Cards, in which rows are counted from the bottom.

    References
    ----------
    Hurt et al., *Astronomy Visualization Metadata (AVM) Standard*, version 1.2 (2011),
    section 3.4 (coordinates).
    """
    cards: dict[str, Value] = {}
    focal_length = _ratio(_text(properties, f"{EXIF}FocalLength"))
    if focal_length is not None:
        cards["FOCALLEN"] = focal_length
    place = _numbers(properties, "ReferenceValue", 2)
    if place is None:
        return cards
    frame = _text(properties, f"{AVM}Spatial.CoordinateFrame").upper()
    if frame == "ECL":
        return cards
    if frame != "GAL":
        cards |= {"RA": place[0], "DEC": place[1]}
    return cards | _wcs_cards(properties, place, frame)


def find_avm_wcs(
    properties: Properties, cards: Cards, width: int, height: int
) -> CelestialWcs | None:
    """Return the WCS in AVM for an image, with rows counted from the bottom.

    Parameters
    ----------
    properties : mapping
        Properties, as returned by `deepsky.imaging.astrometry.xmp.read_properties`.
    cards : mapping
        Cards, as returned by `to_cards`.
    width, height : int
        Size of the image in pixels.

    Returns
    -------
    CelestialWcs or None
        The WCS, scaled if AVM describes a version of the image with another size. None if there is
        no WCS or the image has been cropped since.

    Raises
    ------
    ValueError
        If the WCS is invalid. Other built-in exceptions are also possible.
    """
    if _text(properties, f"{AVM}Spatial.Quality").lower() == "position":
        return None
    # Importing astropy takes longer than reading most images.
    from deepsky.imaging.astrometry.parse import parse_wcs

    wcs = parse_wcs(cards)
    size = _numbers(properties, "ReferenceDimension", 2)
    if wcs is None or size is None or min(size) < 1:
        return wcs
    factor = width / size[0]
    rounding = 1 / min(height, size[1])
    if abs(height / size[1] / factor - 1) > _MAX_STRETCH + rounding:
        return None
    return wcs if factor == 1 else wcs.scaled(factor)


def _wcs_cards(properties: Properties, place: list[float], frame: str) -> dict[str, Value]:
    pixel = _numbers(properties, "ReferencePixel", 2)
    matrix = _numbers(properties, "CDMatrix", 4)
    scale = _numbers(properties, "Scale", 2) or _numbers(properties, "Scale", 1)
    if pixel is None or (matrix is None and scale is None):
        return {}
    projection = _text(properties, f"{AVM}Spatial.CoordsystemProjection").upper() or "TAN"
    axes = ("GLON-", "GLAT-") if frame == "GAL" else ("RA---", "DEC--")
    cards: dict[str, Value] = {
        "CTYPE1": axes[0] + projection[:3],
        "CTYPE2": axes[1] + projection[:3],
        "CRVAL1": place[0],
        "CRVAL2": place[1],
        "CRPIX1": pixel[0],
        "CRPIX2": pixel[1],
    }
    if frame in _FRAMES:
        cards["RADESYS"] = _FRAMES[frame]
    equinox = _text(properties, f"{AVM}Spatial.Equinox").upper()
    number = _EQUINOXES.get(equinox) or to_number(equinox)
    if number is not None:
        cards["EQUINOX"] = number
    if scale is not None:
        # The signs of the scale follow from the convention that images are not mirrored.
        cards |= {"CDELT1": -abs(scale[0]), "CDELT2": abs(scale[-1])}
        cards["CROTA2"] = to_number(_text(properties, f"{AVM}Spatial.Rotation")) or 0.0
    elif matrix is not None:
        names = ("CD1_1", "CD1_2", "CD2_1", "CD2_2")
        cards |= dict(zip(names, matrix, strict=True))
    return cards


def _text(properties: Properties, name: str) -> str:
    return next(iter(properties.get(name, ())), "").strip()


def _numbers(properties: Properties, name: str, count: int) -> list[float] | None:
    """Return the numbers of a spatial property, in a list or in one string."""
    texts = " ".join(properties.get(f"{AVM}Spatial.{name}", ())).replace(";", " ")
    numbers = [to_number(text) for text in texts.replace(",", " ").split()]
    found = [number for number in numbers if number is not None]
    return found if len(found) == count == len(numbers) else None


def _ratio(text: str) -> float | None:
    numerator, _, denominator = text.partition("/")
    first, second = to_number(numerator), to_number(denominator or "1")
    return first / second if first is not None and second else None
