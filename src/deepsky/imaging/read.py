"""Any image file or its bytes → one upright 8-bit RGB image."""

import gzip
import hashlib
import io
import stat
import struct
import zlib
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import (
    CorruptImageError,
    EmptyImageError,
    ImageError,
    ImageNotFoundError,
    ImageUnreadableError,
    UnsupportedFormatError,
)
from deepsky.imaging.formats import HEAD_BYTES, detect_format
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.raster import read_raster
from deepsky.imaging.tiff import read_tiff
from deepsky.imaging.xisf import read_xisf

__all__ = ["read_image"]

# What the libraries raise on damaged content, found by mutating sound files (see the tests).
_DAMAGE: Final = (
    AssertionError,  # astropy
    AttributeError,  # astropy
    EOFError,
    LookupError,
    MemoryError,
    OverflowError,
    OSError,
    RuntimeError,  # imagecodecs
    SyntaxError,  # Pillow
    TypeError,  # astropy
    ValueError,
    Warning,  # if the user turns warnings into errors
    struct.error,
    zlib.error,
)

_OF_PYTHON: Final = (AssertionError, AttributeError, LookupError, struct.error)
"""These speak of the program's own workings, not of the file."""


def read_image(
    source: str | PathLike[str] | bytes,
    *,
    limits: Limits = DEFAULT_LIMITS,
    at_least: int | None = None,
) -> ImageData:
    """Read an image: JPEG, PNG, WebP, GIF, BMP, TIFF, FITS or XISF, by its content.

    Parameters
    ----------
    source : str, path-like or bytes
        Path of the file, or the file's content.
    limits : Limits, optional
        What is refused before anything is decoded.
    at_least : int, optional
        How many pixels the shorter side needs. A JPEG that has twice, four or eight times as many
        is decoded at a half, a quarter or an eighth of its size, which is quicker and leaves out
        what is finer. By default all pixels are read.

    Returns
    -------
    ImageData
        The first frame, page or image, turned upright, transparent parts black, linear data
        stretched.

    Raises
    ------
    ImageError
        One of its subclasses, for every file that cannot be used.

    Examples
    --------
    >>> image = read_image("M51.fits")  # doctest: +SKIP
    >>> image.format, image.stretch  # doctest: +SKIP
    ('FITS', 'mtf')
    """
    with _open(source) as stream:
        _check_size(stream, limits)
        image_format, content = _recognise(stream)
        pixels, stretch, (width, height) = _decode(content, image_format, limits, at_least)
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ImageData(
        pixels=pixels,
        width=width,
        height=height,
        format=image_format,
        stretch=stretch,
        sha256=digest,
    )


def _open(source: str | PathLike[str] | bytes) -> io.BytesIO | io.BufferedReader:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    path = Path(source)
    try:
        if stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            return path.open("rb")
    except FileNotFoundError as error:
        msg = "There is no such file; check its name and place."
        raise ImageNotFoundError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"The file cannot be opened ({error}); check its name and permissions."
        raise ImageUnreadableError(msg) from error
    msg = "This is a folder or a device, not a file; name an image file."
    raise ImageUnreadableError(msg)


def _check_size(stream: BinaryIO, limits: Limits) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size == 0:
        msg = "The file is empty; copy or download it again."
        raise EmptyImageError(msg)
    limits.check_bytes(size)


def _recognise(stream: BinaryIO) -> tuple[str, BinaryIO]:
    """Find the format and the stream of its content, which for gzipped FITS is unpacked."""
    image_format = detect_format(_head(stream))
    if image_format != "GZIP":
        return image_format, stream
    unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    try:
        head = _head(unpacked)
    except (EOFError, OSError, zlib.error) as error:
        msg = f"The gzip file is damaged ({error}); copy or download it again."
        raise CorruptImageError(msg) from error
    if detect_format(head) != "FITS":
        msg = "The gzip file holds no FITS file; unpack it first."
        raise UnsupportedFormatError(msg)
    return "FITS", unpacked


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return head


def _decode(
    stream: BinaryIO, image_format: str, limits: Limits, at_least: int | None
) -> tuple[NDArray[np.uint8], str | None, tuple[int, int]]:
    """Give the pixels, the name of the stretch, and width and height of what is in the file."""
    try:
        with np.errstate(all="ignore"):
            match image_format:
                case "FITS":
                    # Here, since astropy takes longer to import than most images to read.
                    from deepsky.imaging.fits import read_fits

                    pixels, stretch = read_fits(stream, limits)
                case "TIFF":
                    pixels, stretch = read_tiff(stream, limits)
                case "XISF":
                    pixels, stretch = read_xisf(stream, limits)
                case _:
                    return read_raster(stream, image_format, limits, at_least)
    except ImageError:  # some are ValueErrors too
        raise
    except _DAMAGE as error:
        detail = "" if isinstance(error, _OF_PYTHON) else f" ({error})"
        msg = f"The {image_format} file is damaged or cut off{detail}; copy or download it again."
        raise CorruptImageError(msg) from error
    height, width, _ = pixels.shape
    return pixels, stretch, (width, height)
