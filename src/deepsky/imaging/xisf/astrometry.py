"""Find metadata about the object and the place on the sky in the header of an XISF file."""

import base64
import binascii
import struct
from typing import BinaryIO, Final

from deepsky.imaging.astrometry.file_metadata import FileMetadata
from deepsky.imaging.astrometry.numbers import to_number
from deepsky.imaging.fits.cards import Cards, Value, parse_value
from deepsky.imaging.xisf.header import XisfImage

__all__ = ["find_metadata"]

_PREFIXES: Final = ("PCL:AstrometricSolution:", "AstrometricSolution:")
_PROJECTIONS: Final = {
    "gnomonic": "TAN",
    "stereographic": "STG",
    "orthographic": "SIN",
    "zenithalequalarea": "ZEA",
}
_PROPERTIES: Final = {
    "Observation:Object:Name": "OBJECT",
    "Observation:Center:RA": "RA",
    "Observation:Center:Dec": "DEC",
    "Instrument:Sensor:XPixelSize": "XPIXSZ",
}
_FOCAL_LENGTH: Final = "Instrument:Telescope:FocalLength"
_MILLIMETRES: Final = 1000


def find_metadata(stream: BinaryIO, image: XisfImage) -> FileMetadata:
    """Find the metadata of an image.

    Parameters
    ----------
    stream : binary file
        The complete file.
    image : XisfImage
        The image.

    Returns
    -------
    FileMetadata
        The WCS is the astrometric solution in the properties or, without one, in the FITS keywords.

    References
    ----------
    XISF 1.0 specification, sections 11.5.3 (properties) and 11.6 (FITS keywords). PixInsight's
    image coordinates count rows from the top, and the centre of the first pixel is (0.5, 0.5); the
    FITS keywords count rows from the bottom:
    https://gitlab.com/pixinsight/PCL, ``AstrometricMetadata.cpp``.
    """
    keywords = {name: parse_value(text.strip()) for name, text in image.keywords.items()}
    cards = {name: value for name, value in keywords.items() if value is not None}
    solution = _find_solution(stream, image)
    return FileMetadata(
        cards={**cards, **_find_properties(image)},
        wcs=solution or cards,
        is_bottom_up=not solution,
    )


def _find_properties(image: XisfImage) -> dict[str, Value]:
    """Return properties as cards."""
    found: dict[str, Value] = {
        keyword: image.properties[name]
        for name, keyword in _PROPERTIES.items()
        if image.properties.get(name)
    }
    focal_length = to_number(image.properties.get(_FOCAL_LENGTH))  # metres
    if focal_length is not None:
        found["FOCALLEN"] = focal_length * _MILLIMETRES
    return found


def _find_solution(stream: BinaryIO, image: XisfImage) -> Cards:
    """Return the astrometric solution as cards that count rows from the top."""
    for prefix in _PREFIXES:
        system = image.properties.get(f"{prefix}ProjectionSystem", "gnomonic")
        projection = _PROJECTIONS.get(system.lower())
        sky = _numbers(stream, image, f"{prefix}ReferenceCelestialCoordinates", 2)
        pixel = _numbers(stream, image, f"{prefix}ReferenceImageCoordinates", 2)
        matrix = _numbers(stream, image, f"{prefix}LinearTransformationMatrix", 4)
        if projection is not None and sky and pixel and matrix:
            return {
                "CTYPE1": f"RA---{projection}",
                "CTYPE2": f"DEC--{projection}",
                "CRVAL1": sky[0],
                "CRVAL2": sky[1],
                "CRPIX1": pixel[0] + 0.5,
                "CRPIX2": pixel[1] + 0.5,
                **dict(zip(("CD1_1", "CD1_2", "CD2_1", "CD2_2"), matrix, strict=True)),
                **_reference_system(image),
            }
    return {}


def _reference_system(image: XisfImage) -> dict[str, Value]:
    system = image.properties.get("Observation:CelestialReferenceSystem", "")
    equinox = to_number(image.properties.get("Observation:Equinox"))
    return {"RADESYS": system} | ({} if equinox is None else {"EQUINOX": equinox})


def _numbers(stream: BinaryIO, image: XisfImage, name: str, count: int) -> tuple[float, ...]:
    """Return a vector or matrix of double-precision numbers; empty if it cannot be read."""
    kind, _, rest = image.locations.get(name, "").partition(":")
    size = 8 * count
    data = b""
    try:
        match kind:
            case "inline" if rest == "base64":
                data = base64.b64decode(image.properties.get(name, ""))
            case "inline" if rest == "hex":
                data = bytes.fromhex(image.properties.get(name, ""))
            case "attachment":
                start, _, length = rest.partition(":")
                if int(length) == size and 0 <= int(start) < 2**62:
                    stream.seek(int(start))
                    data = stream.read(size)
    except (ValueError, OverflowError, binascii.Error):
        return ()
    return struct.unpack(f"<{count}d", data) if len(data) == size else ()
