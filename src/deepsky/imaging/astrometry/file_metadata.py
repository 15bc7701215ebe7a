"""Metadata as readers find them in a file, before they are interpreted."""

from dataclasses import dataclass, field

from deepsky.imaging.fits.cards import Cards

__all__ = ["FileMetadata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMetadata:
    """Metadata of a file that may state its object and its place on the sky.

    `deepsky.imaging.astrometry.interpret.interpret` converts them to an
    `deepsky.imaging.metadata.ImageMetadata`.

    Attributes
    ----------
    cards : mapping
        FITS keywords, or metadata of another format by the corresponding FITS keywords.
    wcs : mapping
        FITS keywords of the WCS; empty if there is none.
    axes : (int, int)
        FITS numbers of the horizontal and the vertical axis of the image, starting at 1.
    is_bottom_up : bool
        Whether the WCS counts rows from the bottom, although the file stores the top row first.
    xmp : bytes
        XMP document; empty if there is none.
    """

    cards: Cards = field(default_factory=dict)
    wcs: Cards = field(default_factory=dict)
    axes: tuple[int, int] = (1, 2)
    is_bottom_up: bool = False
    xmp: bytes = b""
