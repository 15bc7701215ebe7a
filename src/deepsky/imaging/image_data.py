"""Data structures for images in memory: pixels and information about the file."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.fits.header import FitsHeader
from deepsky.imaging.metadata import ImageMetadata

__all__ = ["ImageData", "ImageInfo", "to_pillow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInfo:
    """Information about an image: size, format, stretch and checksum.

    Attributes
    ----------
    width, height : int
        Full size of the image in pixels, after its orientation is applied.
    format : str
        Image format as detected from the content, such as ``"JPEG"``, ``"FITS"`` or ``"XISF"``.
    stretch : str or None
        Name of the stretch that was applied to linear data; None if the data were not stretched.
    sha256 : str
        SHA-256 hash of the file, in hexadecimal.
    metadata : ImageMetadata
        What the file says about its object and its place on the sky.
    orientation : int
        Exif orientation, 1 to 8, that was applied to the pixels as stored. 4 (flipped vertically)
        for FITS images that store the bottom row first.
    fits_header : FitsHeader or None
        Header of the image in a FITS file that is not compressed as a whole.
    """

    width: int
    height: int
    format: str
    stretch: str | None
    sha256: str
    metadata: ImageMetadata = field(default_factory=ImageMetadata)
    orientation: int = 1
    fits_header: FitsHeader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageData(ImageInfo):
    """An image in memory: 8-bit RGB pixels, with the orientation applied, and an `ImageInfo`.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB values from 0 to 255, with the first row at the top. `rows` and `columns` equal
        `height` and `width`, or 1/2, 1/4 or 1/8 of `height` and `width` for a JPEG that was read
        with ``at_least``. The array can be read-only, because the three channels of a grey image
        may be views of the same plane.
    """

    pixels: NDArray[np.uint8]

    @property
    def info(self) -> ImageInfo:
        """Information about the image, without its pixels."""
        return ImageInfo(
            width=self.width,
            height=self.height,
            format=self.format,
            stretch=self.stretch,
            sha256=self.sha256,
            metadata=self.metadata,
            orientation=self.orientation,
            fits_header=self.fits_header,
        )


def to_pillow(pixels: NDArray[np.uint8]) -> Image.Image:
    """Convert pixels to a Pillow image.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB values, as in `ImageData.pixels`.

    Returns
    -------
    PIL.Image.Image
        An image in mode ``"L"`` if the three channels are views of the same plane, otherwise in
        mode ``"RGB"``. Scaling and encoding are three times as fast in mode ``"L"``.
    """
    is_grey = pixels.strides[2] == 0
    return Image.fromarray(pixels[..., 0] if is_grey else pixels)
