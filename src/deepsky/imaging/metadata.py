"""Data structures for what an image file says about its object and its place on the sky."""

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["ImageMetadata", "PositionHints", "WcsSource"]

WcsSource = Literal["header", "avm"]
"""Where a WCS was found: in a FITS or XISF header, or in Astronomy Visualization Metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionHints:
    """Values that narrow the search for the place of an image on the sky.

    They are copied from the file and may be wrong.

    Attributes
    ----------
    ra, dec : float or None
        Approximate ICRS right ascension (0 to 360) and declination (-90 to 90) of the centre, in
        degrees. Either both or neither are None.
    focal_length : float or None
        Focal length in millimetres.
    pixel_size : float or None
        Side of a pixel of the image in micrometres, with binning.
    pixel_scale : float or None
        Angle that a pixel of the image covers, in arcseconds.
    """

    ra: float | None = None
    dec: float | None = None
    focal_length: float | None = None
    pixel_size: float | None = None
    pixel_scale: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMetadata:
    """What an image file says about its object and its place on the sky.

    Attributes
    ----------
    object_names : tuple of str
        Texts that may name the object, such as the FITS keyword ``OBJECT`` or the title in XMP, the
        most specific ones first. There are at most 20, of at most 255 characters each.
    wcs_header : str or None
        WCS as the text of a FITS header, with ICRS coordinates, for the pixels of
        ``read_image(path).pixels`` at full size: FITS pixel (1, 1) is the top left pixel. None if
        the file contains no valid WCS.
    wcs_source : {"header", "avm"}
        Where the WCS was found.
    hints : PositionHints
        Approximate position and scale.
    """

    object_names: tuple[str, ...] = ()
    wcs_header: str | None = None
    wcs_source: WcsSource = "header"
    hints: PositionHints = field(default_factory=PositionHints)
