"""Read JPEG, PNG, GIF, BMP and WebP files with Pillow."""

import struct
from typing import BinaryIO, Final

import numpy as np
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
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.gif import count_frames
from deepsky.imaging.limits import Limits
from deepsky.imaging.png import has_sixteen_bits, read_sixteen_bits, without_metadata

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
) -> DecodedImage:
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
    DecodedImage
        Transparent areas are black.

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
    is_deep = image_format == "PNG" and has_sixteen_bits(stream)
    values = read_sixteen_bits(stream) if is_deep else np.asarray(to_rgb(image))
    return DecodedImage(values=values, size=size, orientation=orientation)


def _open(stream: BinaryIO, image_format: str) -> ImageFile.ImageFile:
    try:
        return _PLUGINS[image_format](stream)
    except Image.DecompressionBombError as error:
        msg = f"The image has too many pixels ({error}); scale it down."
        raise TooManyPixelsError(msg) from error


def _orientation(image: ImageFile.ImageFile) -> int:
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except (SyntaxError, ValueError, struct.error):  # damaged metadata; the pixels may be intact
        return 1
    return orientation if isinstance(orientation, int) else 1


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
