"""Read JPEG, PNG, GIF, BMP and WebP files with Pillow."""

import io
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

from deepsky.errors import CorruptImageError, TooManyPixelsError
from deepsky.imaging.astrometry.file_metadata import FileMetadata
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.alpha import blend_image_on_black
from deepsky.imaging.display.colour_profile import cmyk_to_srgb
from deepsky.imaging.limits import Limits
from deepsky.imaging.raster.gif import count_frames
from deepsky.imaging.raster.jpeg import (
    FILLED_BLOCK,
    completions,
    has_all_scans,
    read_deep_jpeg,
    read_frame,
    strip_metadata,
)
from deepsky.imaging.raster.jpeg_scans import check_scans
from deepsky.imaging.raster.pillow_bands import decoded_bytes, reduce_to_memory
from deepsky.imaging.raster.png import has_sixteen_bits, read_sixteen_bits, split_colour
from deepsky.imaging.raster.png_colour import png_profile

__all__ = ["read_raster", "to_rgb"]

# Image.open is not used, because it would detect the format again and apply its own pixel limit.
_PLUGINS: Final[dict[str, type[ImageFile.ImageFile]]] = {
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
}

_WEBP_COPIES: Final = 4  # libwebp has two canvases, and Pillow copies the result

_FILLING: Final = 128
_FILLED_PIXELS: Final = 4


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
    if image_format == "JPEG":
        frame = read_frame(stream)
        if frame is not None and frame.is_deep:
            return read_deep_jpeg(stream, frame, limits)
    profile = None
    if image_format == "PNG":
        stream, colour = split_colour(stream)
        profile = png_profile(colour)
    if image_format == "GIF":
        limits.check_frames(count_frames(stream, limits.max_frames))
        stream.seek(0)
    image = _open(stream, image_format)
    size = image.size
    limits.check_pixels(*size)
    if image_format != "GIF":  # Pillow decodes a GIF to count its frames
        limits.check_frames(int(getattr(image, "n_frames", 1)))
    image = _load(image, stream, at_least, limits)
    orientation = _orientation(image)
    found = _metadata(image)
    profile = profile or image.info.get("icc_profile")
    if image_format == "PNG" and has_sixteen_bits(stream):
        del image  # frees its memory
        values = read_sixteen_bits(stream, limits)
    else:
        values, profile = _to_values(reduce_to_memory(image, limits), profile)
    return DecodedImage(
        values=values,
        size=size,
        state="finished" if image_format == "JPEG" else None,
        orientation=orientation,
        icc_profile=profile,
        found=found,
    )


def _open(stream: BinaryIO, image_format: str) -> ImageFile.ImageFile:
    try:
        return _PLUGINS[image_format](stream)
    except Image.DecompressionBombError as error:
        msg = "The image has too many pixels; scale it down."
        raise TooManyPixelsError(msg) from error
    except SyntaxError:
        if image_format != "JPEG":
            raise
        return JpegImagePlugin.JpegImageFile(io.BytesIO(strip_metadata(stream)))


def _load(
    image: ImageFile.ImageFile, stream: BinaryIO, at_least: int | None, limits: Limits
) -> ImageFile.ImageFile:
    """Decode the pixels, and check that a JPEG without end marker contains all of them."""
    if image.format != "JPEG":
        copies = _WEBP_COPIES if image.format == "WEBP" else 1
        limits.check_memory(copies * decoded_bytes(image))
        image.load()
        return image
    check_scans(stream, image, limits)
    if at_least is not None:
        image.draft(None, (at_least, at_least))
    limits.check_memory(decoded_bytes(image))
    try:
        image.load()
    except OSError:
        return _complete_jpeg(stream, at_least)
    if _ends_in_filling(image) or _ends_in_zeros(stream):
        return _complete_jpeg(stream, at_least)
    return image


def _ends_in_zeros(stream: BinaryIO) -> bool:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - len(FILLED_BLOCK)))
    return stream.read() == FILLED_BLOCK


def _ends_in_filling(image: Image.Image) -> bool:
    """Return whether the last pixels have the grey with which libjpeg replaces missing data."""
    width, height = image.size
    last = np.asarray(image.crop((max(0, width - _FILLED_PIXELS), height - 1, width, height)))
    return bool((last == _FILLING).all())


def _complete_jpeg(stream: BinaryIO, at_least: int | None) -> ImageFile.ImageFile:
    """Decode a JPEG without its end marker.

    Raises
    ------
    CorruptImageError
        If pixels are missing.
    """
    stream.seek(0)
    whole = stream.read()
    contents = completions(whole)
    first, second = (_open(io.BytesIO(content), "JPEG").tobytes() for content in contents)
    if first != second or not has_all_scans(whole):
        msg = "The JPEG file is truncated; copy or download it again."
        raise CorruptImageError(msg)
    image = _open(io.BytesIO(contents[0]), "JPEG")
    if at_least is not None:
        image.draft(None, (at_least, at_least))
    image.load()
    return image


def _to_values(image: Image.Image, profile: bytes | None) -> tuple[NDArray[np.uint8], bytes | None]:
    """Return RGB values, and the profile unless it has been applied to CMYK values."""
    if image.mode != "CMYK":
        return np.asarray(to_rgb(image)), profile
    converted = cmyk_to_srgb(np.asarray(image), profile) if profile else None
    return np.asarray(to_rgb(image)) if converted is None else converted, None


def _orientation(image: ImageFile.ImageFile) -> int:
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except (SyntaxError, ValueError, struct.error):  # damaged metadata; the pixels may be intact
        return 1
    return orientation if isinstance(orientation, int) else 1


def _metadata(image: ImageFile.ImageFile) -> FileMetadata:
    """Return the XMP, and the focal length in the Exif data."""
    xmp = image.info.get("xmp", b"")
    try:
        exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
        focal_length = float(exif[ExifTags.Base.FocalLength])
    except (SyntaxError, ValueError, TypeError, KeyError, ArithmeticError, struct.error):
        focal_length = None  # there is none, or the metadata are damaged
    return FileMetadata(
        cards={} if focal_length is None else {"FOCALLEN": focal_length},
        xmp=xmp if isinstance(xmp, bytes) else b"",
    )


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
        return blend_image_on_black(image)
    return image if image.mode == "RGB" else image.convert("RGB")
