"""Read JPEG, PNG, GIF, BMP and WebP files with Pillow."""

import struct
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import (
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from deepsky.errors import TooManyPixelsError
from deepsky.imaging.gif import count_frames
from deepsky.imaging.limits import Limits
from deepsky.imaging.orientation import apply_orientation, swaps_axes
from deepsky.imaging.png import has_sixteen_bits, read_sixteen_bits, without_metadata
from deepsky.imaging.stretch import to_eight_bits

__all__ = ["read_raster", "to_rgb"]

# Image.open is not used, because it would detect the format again and apply its own pixel limit.
_PLUGINS: Final[dict[str, type[ImageFile.ImageFile]]] = {
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
}


def read_raster(
    stream: BinaryIO, image_format: str, limits: Limits, at_least: int | None = None
) -> tuple[NDArray[np.uint8], str | None, tuple[int, int]]:
    """Read the first frame of a JPEG, PNG, GIF, BMP or WebP file.

    Parameters
    ----------
    stream : binary file
        The complete file.
    image_format : str
        Format of the file, as returned by `deepsky.imaging.formats.detect_format`.
    limits : Limits
        Limits that are checked before pixels are decoded.
    at_least : int, optional
        Minimum length of the shorter side, in pixels. A JPEG is decoded at 1/2, 1/4 or 1/8 of its
        size (DCT scaling) if its shorter side remains at least this long. By default, images are
        decoded at full size.

    Returns
    -------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB, after the orientation is applied; transparent areas are black.
    stretch : str or None
        Name of the stretch of a 16-bit PNG, as returned by
        `deepsky.imaging.stretch.to_eight_bits`; None for all other files.
    size : (int, int)
        Full width and height in pixels (without DCT scaling), after the orientation is applied.

    Raises
    ------
    LimitExceededError
        If the image has too many pixels or frames.
    SyntaxError, OSError, ValueError, struct.error
        If Pillow detects damage. Other built-in exceptions are also possible.
    """
    if image_format == "PNG":
        stream = without_metadata(stream)
    image = _open(stream, image_format)
    limits.check_pixels(*image.size)
    limits.check_frames(_count_frames(image, stream, limits))
    size = image.size
    if at_least is not None:
        image.draft(None, (at_least, at_least))
    image.load()
    orientation = _orientation(image)
    if image_format == "PNG" and has_sixteen_bits(stream):
        pixels, stretch = to_eight_bits(read_sixteen_bits(stream))
    else:
        pixels, stretch = np.asarray(to_rgb(image)), None
    return (
        apply_orientation(pixels, orientation),
        stretch,
        size[::-1] if swaps_axes(orientation) else size,
    )


def _open(stream: BinaryIO, image_format: str) -> ImageFile.ImageFile:
    try:
        return _PLUGINS[image_format](stream)
    except Image.DecompressionBombError as error:
        msg = f"The image has too many pixels ({error}); scale it down."
        raise TooManyPixelsError(msg) from error


def _orientation(image: ImageFile.ImageFile) -> object:
    try:
        return image.getexif().get(ExifTags.Base.Orientation)
    except (SyntaxError, ValueError, struct.error):  # damaged metadata; the pixels may be intact
        return None


def _count_frames(image: ImageFile.ImageFile, stream: BinaryIO, limits: Limits) -> int:
    if image.format != "GIF":
        return int(getattr(image, "n_frames", 1))
    position = stream.tell()
    frames = count_frames(stream, limits.max_frames)
    stream.seek(position)
    return frames


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert an image to mode ``"RGB"``, blending transparent areas with black.

    Parameters
    ----------
    image : PIL.Image.Image
        Image in any mode with up to 8 bits per channel.

    Returns
    -------
    PIL.Image.Image
        The converted image, or `image` itself if it is opaque and already in mode ``"RGB"``.
    """
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        canvas = Image.new("RGB", image.size)
        canvas.paste(layered, mask=layered.getchannel("A"))
        return canvas
    return image if image.mode == "RGB" else image.convert("RGB")
