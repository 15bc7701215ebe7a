"""Decode an image file with the reader of its format."""

from typing import BinaryIO

from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.formats import CAMERA_RAW
from deepsky.imaging.limits import Limits
from deepsky.imaging.raster.pillow import read_raster

__all__ = ["decode"]


def decode(
    stream: BinaryIO, image_format: str, limits: Limits, at_least: int | None = None
) -> DecodedImage:
    """Decode an image file.

    The readers of all but the most common formats are imported when they are first needed, because
    importing their libraries takes longer than reading most images.

    Parameters
    ----------
    stream : binary file
        The complete file, decompressed.
    image_format : str
        Name of one of the `deepsky.imaging.formats.FORMATS`.
    limits : Limits
        Limits that are checked before pixels are decoded.
    at_least : int, optional
        Minimum length of the shorter side, in pixels, if the format can be decoded at a reduced
        size. By default, images are decoded at full size.

    Returns
    -------
    DecodedImage

    Raises
    ------
    ImageError
        If the image cannot be read. Other exceptions are also possible if the file is damaged.
    """
    if image_format in CAMERA_RAW:
        from deepsky.imaging.camera.raw import read_camera_raw

        return read_camera_raw(stream, image_format, limits, at_least)
    match image_format:
        case "FITS":
            from deepsky.imaging.fits.reader import read_fits

            return read_fits(stream, limits)
        case "TIFF":
            from deepsky.imaging.tiff.reader import read_tiff

            return read_tiff(stream, limits)
        case "XISF":
            from deepsky.imaging.xisf.reader import read_xisf

            return read_xisf(stream, limits)
        case "HEIC":
            from deepsky.imaging.raster.heic import read_heic

            return read_heic(stream, limits)
        case "AVIF":
            from deepsky.imaging.raster.avif import read_avif

            return read_avif(stream, limits)
        case "JXL":
            from deepsky.imaging.raster.jpeg_xl import read_jpeg_xl

            return read_jpeg_xl(stream, limits)
        case "JP2":
            from deepsky.imaging.raster.jpeg2000 import read_jpeg2000

            return read_jpeg2000(stream, limits)
        case "SER":
            from deepsky.imaging.camera.ser import read_ser

            return read_ser(stream, limits)
        case "PSD":
            from deepsky.imaging.raster.psd import read_psd

            return read_psd(stream, limits)
        case _:
            return read_raster(stream, image_format, limits, at_least)
