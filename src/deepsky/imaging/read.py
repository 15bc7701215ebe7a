"""Read an image file in any supported format as 8-bit RGB, with its orientation applied."""

import hashlib
import io
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import numpy as np

from deepsky.errors import (
    EmptyImageError,
    ImageError,
    ImageNotFoundError,
    ImageUnreadableError,
    UnsupportedFormatError,
)
from deepsky.imaging.astrometry.interpret import interpret
from deepsky.imaging.camera.raw_format import detect_camera_raw
from deepsky.imaging.compressed_file import COMPRESSIONS, decompress
from deepsky.imaging.damage import DAMAGE, describe_damage
from deepsky.imaging.decode import decode
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.orientation import ORIENTATIONS, swaps_axes
from deepsky.imaging.display.render import render
from deepsky.imaging.display.stretch_choice import StretchChoice, check_stretch
from deepsky.imaging.formats import HEAD_BYTES, detect_format
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits

__all__ = ["read_image"]


def read_image(
    source: str | PathLike[str] | bytes,
    *,
    limits: Limits = DEFAULT_LIMITS,
    at_least: int | None = None,
    stretch: StretchChoice = "auto",
    observe: Callable[[DecodedImage], None] | None = None,
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
    stretch : {"auto", "mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"}
        Name of the stretch. ``"auto"`` applies ``"mtf"`` to linear images and no stretch to
        finished ones. Any other stretch is applied to every image, even to 8-bit images.
        ``"mtf"`` can have parameters, as in ``"mtf-0.2-1.5"``; see
        `deepsky.imaging.display.stretch_choice.check_stretch`.

    observe : callable, optional
        Function that is called with the values and metadata as stored in the file, before they are
        converted to 8 bits.

    Returns
    -------
    ImageData

    Raises
    ------
    ImageError
        If the image cannot be read; the subclass and its ``code`` identify the reason.
    ValueError
        If there is no stretch with this name.

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
    stretch = check_stretch(stretch)
    with _open(source) as stream:
        _check_size(stream, limits)
        image_format, content = _detect(stream, limits)
        is_compressed = content is not stream
        with _damage_reported(image_format, limits), np.errstate(all="ignore"):
            decoded = decode(content, image_format, limits, at_least)
            if observe is not None:
                observe(decoded)
            pixels, applied, (width, height) = render(decoded, stretch, at_least)
            stored = (height, width) if swaps_axes(decoded.orientation) else (width, height)
            metadata = interpret(decoded.found, stored, decoded.orientation)
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ImageData(
        pixels=pixels,
        width=width,
        height=height,
        format=image_format,
        stretch=applied,
        sha256=digest,
        metadata=metadata,
        orientation=decoded.orientation if decoded.orientation in ORIENTATIONS else 1,
        # Offsets in decompressed content are useless for a copy of the file.
        fits_header=None if is_compressed else decoded.fits_header,
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


def _detect(stream: BinaryIO, limits: Limits) -> tuple[str, BinaryIO]:
    """Return the image format, and a stream of the file or of its decompressed content."""
    image_format = detect_format(_head(stream))
    if image_format in COMPRESSIONS:
        name, _ = COMPRESSIONS[image_format]
        stream = decompress(stream, image_format, limits)
        image_format = _detect_content(stream, name)
    if image_format == "TIFF":
        image_format = detect_camera_raw(stream) or "TIFF"
    return image_format, stream


def _detect_content(content: BinaryIO, compression: str) -> str:
    try:
        image_format = detect_format(_head(content))
    except UnsupportedFormatError as error:
        msg = (
            f"The {compression} file does not contain an image that deepsky can read; "
            "decompress it first."
        )
        raise UnsupportedFormatError(msg) from error
    if image_format in COMPRESSIONS:
        msg = f"The {compression} file contains another compressed file; decompress it first."
        raise UnsupportedFormatError(msg)
    return image_format


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
    except DAMAGE as error:
        raise describe_damage(error, image_format) from error
