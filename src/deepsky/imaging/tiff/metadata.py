"""Find metadata about the object and the place on the sky in the tags of a TIFF."""

from typing import Final

from deepsky.imaging.astrometry.file_metadata import FileMetadata
from deepsky.imaging.fits.cards import CARD, Value, parse_cards
from deepsky.imaging.tiff.directory import Directory

__all__ = ["find_metadata"]

_DESCRIPTION: Final = 270
_XMP: Final = 700
_MAX_DESCRIPTION: Final = 2**18
_MAX_CARD: Final = 200  # characters; no line of a FITS header is longer


def find_metadata(directory: Directory) -> FileMetadata:
    """Find the metadata of a page.

    Siril and ASTAP copy the header of a FITS image to the ImageDescription of a TIFF. They mirror
    the image, but not the WCS, in which the first row remains at the bottom.

    Parameters
    ----------
    directory : Directory
        Tags of the page.

    Returns
    -------
    FileMetadata
    """
    cards = _parse_description(directory.data(_DESCRIPTION)[:_MAX_DESCRIPTION])
    return FileMetadata(cards=cards, wcs=cards, is_bottom_up=True, xmp=directory.data(_XMP))


def _parse_description(description: bytes) -> dict[str, Value]:
    """Return the FITS cards in a text with one card per line; empty if it is another text."""
    lines = [line.strip() for line in description.rstrip(b"\0").splitlines()]
    if not any(line.startswith((b"SIMPLE  =", b"BITPIX  =")) for line in lines):
        return {}
    cards = (line[:CARD].ljust(CARD) for line in lines if len(line) <= _MAX_CARD)
    return parse_cards(b"".join(cards))
