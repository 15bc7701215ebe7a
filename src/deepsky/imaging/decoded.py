"""The result of decoding an image file, before it is converted to 8 bits for display."""

from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

from deepsky.imaging.astrometry.file_metadata import FileMetadata
from deepsky.imaging.fits.header import FitsHeader

__all__ = ["DecodedImage", "State"]

State = Literal["linear", "finished"]
"""Whether pixel values are proportional to the amount of light, or stretched for display."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedImage:
    """Pixel values as stored in a file, with what is known about how to display them.

    Every reader returns a `DecodedImage`, and `deepsky.imaging.display.render.render` converts it
    to 8-bit RGB.

    Attributes
    ----------
    values : ndarray of integers or floats, shape (rows, columns) or (rows, columns, 1 or 3)
        Grey or RGB, before the orientation is applied. Transparent areas are black.
    size : (int, int) or None
        Full width and height in pixels, before the orientation is applied, if `values` were decoded
        at a reduced size.
    full_scale : float or None
        The value of white, if the format or the header states it, for example 4095 for data of
        12 bits.
    state : {"linear", "finished"} or None
        Whether the values are linear or finished, if the header states it plainly.
    mosaic : str or None
        Pattern of the colour filters of a raw mosaic, for example ``"RGGB"``, or
        ``"unknown order"``; None if the header does not describe a mosaic.
    icc_profile : bytes or None
        Colour profile of the values; None for sRGB or an unknown colour space.
    orientation : int
        Exif or TIFF orientation, 1 to 8; any other value is treated as 1.
    found : FileMetadata
        Metadata that may state the object and the place of the image on the sky.
    fits_header : FitsHeader or None
        Header of the image in a FITS file.
    """

    values: NDArray[Any]
    size: tuple[int, int] | None = None
    full_scale: float | None = None
    state: State | None = None
    mosaic: str | None = None
    icc_profile: bytes | None = None
    orientation: int = 1
    found: FileMetadata = field(default_factory=FileMetadata)
    fits_header: FitsHeader | None = None
