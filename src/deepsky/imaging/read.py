"""Read an image file in any supported format as 8-bit RGB, with its orientation applied."""

import gzip
import hashlib
import io
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np

from deepsky.errors import (
    CorruptImageError,
    EmptyImageError,
    ImageError,
    ImageNotFoundError,
    ImageUnreadableError,
    UnsupportedFormatError,
)
from deepsky.imaging.camera_raw_format import detect_camera_raw
from deepsky.imaging.decode import decode
from deepsky.imaging.formats import HEAD_BYTES, detect_format, title
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.render import render

__all__ = ["read_image"]

# Exceptions that the libraries raise for damaged files. The list was determined by reading randomly
# altered files.
_DAMAGE: Final = (
    AssertionError,  # astropy
    AttributeError,  # astropy
    EOFError,
    LookupError,
    OverflowError,
    OSError,
    RuntimeError,  # imagecodecs
    SyntaxError,  # Pillow
    TypeError,  # astropy
    ValueError,
    Warning,  # raised if the user turns warnings into errors
    struct.error,
    zlib.error,
)

_UNHELPFUL: Final = (AssertionError, AttributeError, LookupError, struct.error)
"""Exceptions with messages that describe the library's code rather than the file."""


def read_image(
    source: str | PathLike[str] | bytes,
    *,
    limits: Limits = DEFAULT_LIMITS,
    at_least: int | None = None,
) -> ImageData:
    """Read an image in any of the `deepsky.imaging.formats.FORMATS`.

    The format is detected from the content, not from the file name. The first frame, page or image
    in the file is read, and its orientation is applied. Linear data are stretched, and transparent
    areas become black.

    Parameters
    ----------
    source : str, path-like or bytes
        Path of the file, or the file's content.
    limits : Limits, optional
        Limits that are checked before pixels are decoded.
    at_least : int, optional
        Minimum length of the shorter side, in pixels. A JPEG whose shorter side is at least two,
        four or eight times this length is decoded at 1/2, 1/4 or 1/8 of its size (DCT scaling), and
        a camera raw file at 1/2 of its size. This is faster but loses fine detail. By default,
        images are decoded at full size.

    Returns
    -------
    ImageData

    Raises
    ------
    ImageError
        If the image cannot be read; the subclass and its ``code`` identify the reason.

    Warns
    -----
    UserWarning
        If Pillow or astropy detects harmless damage, for example in metadata.

    See Also
    --------
    ReaderPool : Read images in separate processes, with a time limit.

    Examples
    --------
    >>> import deepsky
    >>> image = deepsky.read_image("M51.fits")  # doctest: +SKIP
    >>> image.format, image.stretch, image.pixels.shape  # doctest: +SKIP
    ('FITS', 'mtf', (1024, 1024, 3))
    """
    with _open(source) as stream:
        _check_size(stream, limits)
        image_format, content = _detect(stream)
        with _damage_reported(image_format, limits), np.errstate(all="ignore"):
            decoded = decode(content, image_format, limits, at_least)
            pixels, stretch, (width, height) = render(decoded)
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
        if stat.S_ISREG(path.stat().st_mode):  # opening a named pipe would block
            return path.open("rb")
    except FileNotFoundError as error:
        msg = "There is no such file; check its path."
        raise ImageNotFoundError(msg) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        msg = f"The file cannot be opened ({reason}); check its path and permissions."
        raise ImageUnreadableError(msg) from error
    msg = "The path is a folder or a device, not a file; specify the path of an image file."
    raise ImageUnreadableError(msg)


def _check_size(stream: BinaryIO, limits: Limits) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size == 0:
        msg = "The file is empty; copy or download it again."
        raise EmptyImageError(msg)
    limits.check_bytes(size)


def _detect(stream: BinaryIO) -> tuple[str, BinaryIO]:
    """Return the image format and a stream of the file; the stream decompresses gzipped FITS."""
    image_format = detect_format(_head(stream))
    if image_format == "TIFF":
        return detect_camera_raw(stream) or "TIFF", stream
    if image_format != "GZIP":
        return image_format, stream
    unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    try:
        head = _head(unpacked)
    except (EOFError, OSError, zlib.error) as error:
        msg = f"The gzip file is damaged ({error}); copy or download it again."
        raise CorruptImageError(msg) from error
    if detect_format(head) != "FITS":
        msg = "The gzip file does not contain a FITS file; decompress the gzip file first."
        raise UnsupportedFormatError(msg)
    return "FITS", unpacked


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return head


@contextmanager
def _damage_reported(image_format: str, limits: Limits) -> Iterator[None]:
    """Convert exceptions that the libraries raise for damaged files to a CorruptImageError."""
    try:
        yield
    except ImageError:  # raised by deepsky; some subclasses are ValueErrors
        raise
    except MemoryError as error:
        raise limits.out_of_memory() from error
    except _DAMAGE as error:
        detail = "" if isinstance(error, _UNHELPFUL) else f" ({error})"
        msg = (
            f"The {title(image_format)} file is damaged or truncated{detail}; copy or download it "
            "again."
        )
        raise CorruptImageError(msg) from error
