"""Read camera raw files, such as CR2, CR3, NEF, ARW, DNG, RAF, ORF and RW2, with LibRaw."""

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, BinaryIO, Final

from deepsky.errors import CorruptImageError, UnsupportedFormatError
from deepsky.imaging.camera.raw_format import ORIENTATION, Directory, read_directories
from deepsky.imaging.damage import DAMAGE
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.formats import SAVE_AS, title
from deepsky.imaging.limits import Limits
from deepsky.imaging.processes.native_stderr import captured_stderr
from deepsky.imaging.raster.pillow import read_raster
from deepsky.imaging.tiff.reader import read_tiff

__all__ = ["read_camera_raw"]

_PIXEL_BYTES: Final = 20
"""Memory per pixel of the sensor for an image of full size, in bytes."""

_HALF_PIXEL_BYTES: Final = 8
"""Memory per pixel of the sensor for an image of half the size, in bytes."""

_DATA_ERRORS: Final = (b": Unexpected end of file", b": data corrupted at ")
_JPEG_START: Final = b"\xff\xd8\xff"
_ORIENTATIONS: Final = (1, 2, 4, 3, 5, 8, 6, 7)  # Exif orientations by LibRaw's `flip`


def read_camera_raw(
    stream: BinaryIO, image_format: str, limits: Limits, at_least: int | None = None
) -> DecodedImage:
    """Read a camera raw file.

    LibRaw subtracts the black level, applies the camera's white balance, and converts the colours
    to linear sRGB. If LibRaw does not support the camera or the compression, the TIFF reader reads
    the file if it is a DNG that it supports; otherwise, the largest JPEG preview is read.

    Parameters
    ----------
    stream : binary file
        The complete file.
    image_format : str
        Name of the format, such as ``"CR2"``, for messages.
    limits : Limits
        Limits that are checked before pixels are decoded.
    at_least : int, optional
        Minimum length of the shorter side, in pixels. If half of the shorter side is at least this
        long, or the full size would exceed the memory limit, each 2 x 2 square of the sensor
        becomes one pixel, which is fast and exact. By default, the image has the full size, and
        missing colours are interpolated (patterned pixel grouping).

    Returns
    -------
    DecodedImage
        Linear values of 16 bits, with the full size, or a JPEG preview.

    Raises
    ------
    LimitExceededError
        If the image has too many pixels.
    UnsupportedFormatError
        If LibRaw does not support the camera or the compression, and the file contains no preview
        of a useful size; or if rawpy is not installed.
    CorruptImageError
        If the file is truncated or damaged.

    References
    ----------
    LibRaw, https://www.libraw.org; the options are those of dcraw by D. Coffin.
    """
    try:
        import rawpy
    except ImportError as error:
        msg = (
            f"Reading {title(image_format)} files requires the package rawpy; install it with "
            f"`pip install rawpy`, or {SAVE_AS}."
        )
        raise UnsupportedFormatError(msg) from error
    _check_length(stream, image_format)
    try:
        with rawpy.RawPy() as raw:
            raw.open_buffer(stream)
            pixels = raw.sizes.raw_width * raw.sizes.raw_height
            limits.check_pixels(raw.sizes.raw_width, raw.sizes.raw_height)
            limits.check_memory(pixels * _HALF_PIXEL_BYTES)
            # LibRaw fills missing data with black, and reports them only on standard error.
            with captured_stderr(*_DATA_ERRORS) as errors:
                raw.unpack()
            if errors:
                raise _incomplete(image_format)
            return _develop(raw, limits, at_least)
    except (rawpy.LibRawUnsufficientMemoryError, rawpy.LibRawTooBigError) as error:
        raise limits.out_of_memory() from error
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        is_short = isinstance(error, rawpy.LibRawIOError)
        is_damaged = isinstance(error, rawpy.LibRawDataError) and not _sensor_directories(stream)
        if is_short or is_damaged:
            raise _incomplete(image_format) from error
        other = _read_as_tiff(stream, image_format, limits)
        other = other or _read_preview(stream, limits, at_least)
        if other is not None:
            return other
        msg = (
            f"LibRaw {_version(rawpy)} cannot read this {title(image_format)} file, because it "
            f"does not support the camera or the kind of data; {_advice(image_format)}."
        )
        raise UnsupportedFormatError(msg) from error


def _advice(image_format: str) -> str:
    return SAVE_AS if image_format == "DNG" else f"convert it to DNG, or {SAVE_AS}"


def _incomplete(image_format: str) -> CorruptImageError:
    return CorruptImageError(
        f"The {title(image_format)} file is incomplete or damaged; copy or download it again."
    )


def _sensor_directories(stream: BinaryIO) -> list[Directory]:
    """Return the directories of a file based on TIFF that describe sensor data."""
    return [item for item in read_directories(stream) if item.is_raw]


def _version(rawpy: Any) -> str:
    return ".".join(map(str, rawpy.libraw_version))


def _check_length(stream: BinaryIO, image_format: str) -> None:
    """Raise an error if sensor data extend beyond the end of a file that is based on TIFF.

    LibRaw would read the missing part as black.
    """
    length = stream.seek(0, io.SEEK_END)
    sensor = _sensor_directories(stream)
    if any(sum(segment) > length for item in sensor for segment in item.segments()):
        msg = (
            f"The {title(image_format)} file is shorter than its header specifies; copy or "
            "download it again."
        )
        raise CorruptImageError(msg)


def _develop(raw: Any, limits: Limits, at_least: int | None) -> DecodedImage:
    from rawpy import ColorSpace, DemosaicAlgorithm

    width, height, flip = raw.sizes.width, raw.sizes.height, raw.sizes.flip
    is_halved = at_least is not None and min(width, height) >= 2 * at_least
    is_halved = is_halved or width * height * _PIXEL_BYTES > limits.image_memory
    values = raw.postprocess(
        demosaic_algorithm=DemosaicAlgorithm.PPG,
        half_size=is_halved,
        use_camera_wb=True,
        output_color=ColorSpace.sRGB,
        output_bps=16,
        user_flip=0,  # `render` applies the orientation
        no_auto_bright=True,
        gamma=(1, 1),
    )
    return DecodedImage(
        values=values,
        size=(width, height) if is_halved else None,
        state="linear",
        orientation=_ORIENTATIONS[flip] if 0 <= flip < len(_ORIENTATIONS) else 1,
    )


def _read_as_tiff(stream: BinaryIO, image_format: str, limits: Limits) -> DecodedImage | None:
    """Read a DNG with a kind of data that TIFF defines but LibRaw lacks, or return None.

    An example are integers with deflate compression. Other raw formats look like TIFF, but store
    their data in other ways.
    """
    if image_format != "DNG":
        return None
    with suppress(*DAMAGE):
        return read_tiff(stream, limits)
    return None


def _read_preview(stream: BinaryIO, limits: Limits, at_least: int | None) -> DecodedImage | None:
    """Read the largest JPEG preview, or return None if there is none."""
    for content in sorted(_previews(stream), key=len, reverse=True):
        try:
            decoded = read_raster(io.BytesIO(content), "JPEG", limits, at_least)
        except (OSError, SyntaxError, ValueError):  # lossless JPEG of the sensor data, or damaged
            continue
        if decoded.orientation != 1:
            return decoded
        return replace(decoded, orientation=_orientation(stream))
    return None


def _previews(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the JPEG previews that LibRaw or the directories of the file point to."""
    yield from _preview_of_libraw(stream)
    for directory in read_directories(stream):
        for offset, length in directory.segments():
            stream.seek(offset)
            content = stream.read(length)
            if content.startswith(_JPEG_START):
                yield content


def _preview_of_libraw(stream: BinaryIO) -> Iterator[bytes]:
    import rawpy

    stream.seek(0)
    with suppress(rawpy.LibRawError, rawpy.NotSupportedError), rawpy.RawPy() as raw:
        raw.open_buffer(stream)
        preview = raw.extract_thumb()
        if isinstance(preview.data, bytes):  # JPEG
            yield preview.data


def _orientation(stream: BinaryIO) -> int:
    directories = read_directories(stream)
    return (directories and directories[0].first(ORIENTATION)) or 1
