"""An image as the classifier sees it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["ImageData", "ImageInfo", "to_pillow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInfo:
    """What there is to know of an image beside its pixels.

    Attributes
    ----------
    width, height : int
        Size of the image in the file, in pixels, upright.
    format : str
        Format by content, such as ``"JPEG"``, ``"FITS"`` or ``"XISF"``.
    stretch : str or None
        Name of the stretch that brought high-dynamic-range data to 8 bits;
        None where the file's values were used as they are.
    sha256 : str
        SHA-256 of the file's bytes, in hexadecimal.
    """

    width: int
    height: int
    format: str
    stretch: str | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageData(ImageInfo):
    """One image, read, turned upright and brought to 8 bits.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB, first row at the top, 0 to 255: as many rows and columns as `height` and `width`, or
        a half, a quarter or an eighth where not all were asked for. A view, not to be written to:
        the channels of a grey image can be one plane, seen thrice.
    """

    pixels: NDArray[np.uint8]

    @property
    def info(self) -> ImageInfo:
        """The image without its pixels."""
        return ImageInfo(
            width=self.width,
            height=self.height,
            format=self.format,
            stretch=self.stretch,
            sha256=self.sha256,
        )


def to_pillow(pixels: NDArray[np.uint8]) -> Image.Image:
    """Make a Pillow image of an image's pixels; of one plane, seen thrice, a grey one.

    To scale or encode that is a third of the work, and each channel comes out the same.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        As in `ImageData.pixels`.

    Returns
    -------
    PIL.Image.Image
        Of mode ``"L"`` or ``"RGB"``.
    """
    one_plane = pixels.strides[2] == 0
    return Image.fromarray(pixels[..., 0] if one_plane else pixels)
