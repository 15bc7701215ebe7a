"""Read the flattened image of Photoshop documents (PSD, PSB)."""

import io
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, UnsupportedFormatError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.formats import SAVE_AS
from deepsky.imaging.limits import Limits

__all__ = ["read_psd"]

_HEADER: Final = struct.Struct(">4sH6xHLLHH")
_MEMORY_CHANNELS: Final = 10
"""Memory for decoding and converting, as a multiple of the memory for one channel."""

_LARGE: Final = 2  # version number of PSB
_MAX_CHANNELS: Final = 56
_MAX_BLOCK_BYTES: Final = 16_000_000
"""Maximum number of bytes of a section of metadata that are read; all others are skipped."""

_ICC_PROFILE: Final = 1039
_VERSION_INFO: Final = 1057

_BITMAP, _GREY, _INDEXED, _RGB, _CMYK, _DUOTONE = 0, 1, 2, 3, 4, 8
_COLOURS: Final = {_BITMAP: 1, _GREY: 1, _INDEXED: 1, _RGB: 3, _CMYK: 4, _DUOTONE: 1}
"""Number of colour channels by colour mode."""

_RAW, _RLE = 0, 1


@dataclass(frozen=True, slots=True)
class _Header:
    is_large: bool
    channels: int
    height: int
    width: int
    depth: int
    mode: int

    @property
    def row_bytes(self) -> int:
        return (self.width * self.depth + 7) // 8


def read_psd(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the flattened image of a Photoshop document, which all its layers make up.

    Photoshop stores it unless *Maximize Compatibility* is switched off.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked before pixels are decoded.

    Returns
    -------
    DecodedImage
        Integers of 8 or 16 bits, or floats of 32 bits. Transparent areas are black.

    Raises
    ------
    LimitExceededError
        If the image has too many pixels.
    UnsupportedFormatError
        If the colour mode or the compression is not supported, or the document contains layers
        only.
    CorruptImageError
        If the file is truncated. Built-in exceptions are also possible.

    References
    ----------
    *Adobe Photoshop File Formats Specification* (2019).
    """
    header = _read_header(stream)
    limits.check_pixels(header.width, header.height)
    limits.check_memory(header.height * header.row_bytes * _MEMORY_CHANNELS)
    palette = _read_block(stream, 4)
    resources = _read_resources(io.BytesIO(_read_block(stream, 4)))
    has_alpha = _skip_layers(stream, header)
    if resources.get(_VERSION_INFO, b"")[4:5] == b"\0":
        msg = (
            "The Photoshop document contains layers only, without the flattened image; save it "
            "with Maximize Compatibility, or save the image as TIFF, PNG or JPEG."
        )
        raise UnsupportedFormatError(msg)
    colours = _COLOURS[header.mode]
    has_alpha = has_alpha and header.channels > colours
    values = _read_channels(stream, header, colours + has_alpha)
    return DecodedImage(
        values=_convert(values, header.mode, colours, palette),
        icc_profile=None if header.mode == _CMYK else resources.get(_ICC_PROFILE),
    )


def _depths(mode: int) -> tuple[int, ...]:
    """Return the supported numbers of bits per channel for a colour mode."""
    if mode in (_BITMAP, _INDEXED):
        return (1,) if mode == _BITMAP else (8,)
    return (8, 16) if mode == _CMYK else (8, 16, 32)


def _read_header(stream: BinaryIO) -> _Header:
    stream.seek(0)
    _, version, *rest = _HEADER.unpack(_read(stream, _HEADER.size))
    header = _Header(version == _LARGE, *rest)
    if header.mode not in _COLOURS or header.depth not in _depths(header.mode):
        msg = (
            f"Photoshop documents with the colour mode {header.mode} and {header.depth} bits per "
            "channel are not supported; save the image as 8- or 16-bit RGB or grey."
        )
        raise UnsupportedFormatError(msg)
    if not _COLOURS[header.mode] <= header.channels <= _MAX_CHANNELS:
        msg = f"The Photoshop document has {header.channels} channels; {SAVE_AS}."
        raise CorruptImageError(msg)
    if not header.width or not header.height:
        msg = "The Photoshop document has no pixels; copy or download it again."
        raise CorruptImageError(msg)
    return header


def _read(stream: BinaryIO, length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        msg = (
            "The Photoshop document is shorter than its header specifies; copy or download it "
            "again."
        )
        raise CorruptImageError(msg)
    return content


def _read_block(stream: BinaryIO, width: int) -> bytes:
    """Read a section that starts with its length, which is stored in `width` bytes."""
    length = int.from_bytes(_read(stream, width), "big")
    content = _read(stream, min(length, _MAX_BLOCK_BYTES))
    stream.seek(length - len(content), io.SEEK_CUR)
    return content


def _read_resources(stream: BinaryIO) -> dict[int, bytes]:
    """Return the image resources by number, as far as they are intact."""
    found: dict[int, bytes] = {}
    while stream.read(4) == b"8BIM":
        number = int.from_bytes(stream.read(2), "big")
        name_length = int.from_bytes(stream.read(1), "big")
        stream.seek(name_length + (name_length + 1) % 2, io.SEEK_CUR)
        length = int.from_bytes(stream.read(4), "big")
        found[number] = stream.read(length)
        stream.seek(length % 2, io.SEEK_CUR)
    return found


def _skip_layers(stream: BinaryIO, header: _Header) -> bool:
    """Skip the layers, and return whether the flattened image has an alpha channel.

    A negative number of layers means that the first channel after the colours is alpha. For 16 and
    32 bits, the layers are in a tagged block.
    """
    width = 8 if header.is_large else 4
    section = _read_block(stream, width)
    tag = max(section.find(b"8BIMLr16"), section.find(b"8BIMLr32"))
    place = tag + 8 + width if tag >= 0 else width
    return section[place : place + 1] >= b"\x80"


def _read_channels(stream: BinaryIO, header: _Header, count: int) -> NDArray[Any]:
    """Return the first channels of the flattened image, with shape (height, width, channels)."""
    compression = int.from_bytes(_read(stream, 2), "big")
    if compression not in (_RAW, _RLE):
        msg = (
            f"Photoshop documents with the compression {compression} are not supported; {SAVE_AS}."
        )
        raise UnsupportedFormatError(msg)
    size = header.height * header.row_bytes
    lengths = [size] * count if compression == _RAW else _packed_lengths(stream, header)[:count]
    planes = []
    for length in lengths:
        content: bytes | bytearray = _read(stream, length)
        if compression == _RLE:
            content = imagecodecs.packbits_decode(content, out=size)
        if len(content) != size:
            msg = "The Photoshop document is damaged; copy or download it again."
            raise CorruptImageError(msg)
        planes.append(_unpack(content, header))
    return np.stack(planes, axis=-1)


def _packed_lengths(stream: BinaryIO, header: _Header) -> list[int]:
    """Return the length in bytes of each compressed channel."""
    code = ">u4" if header.is_large else ">u2"
    count = header.channels * header.height
    rows = np.frombuffer(_read(stream, count * np.dtype(code).itemsize), code)
    return [int(total) for total in rows.reshape(header.channels, -1).sum(axis=1, dtype=np.int64)]


def _unpack(content: bytes | bytearray, header: _Header) -> NDArray[Any]:
    if header.depth == 1:
        rows = np.frombuffer(content, np.uint8).reshape(header.height, -1)
        return np.unpackbits(rows, axis=1)[:, : header.width]
    code = {8: "u1", 16: ">u2", 32: ">f4"}[header.depth]
    samples = np.frombuffer(content, code).reshape(header.height, header.width)
    return samples.astype(samples.dtype.newbyteorder("="))


def _convert(values: NDArray[Any], mode: int, colours: int, palette: bytes) -> NDArray[Any]:
    """Convert the channels of any colour mode to grey or RGB, with black as the background."""
    white = 1.0 if values.dtype.kind == "f" else np.iinfo(values.dtype).max
    shown, alpha = values[..., :colours], values[..., colours:]
    if mode == _BITMAP:
        return (1 - shown) * np.uint8(255)
    if mode == _INDEXED:
        table: NDArray[Any] = (
            np.frombuffer(palette.ljust(768, b"\0")[:768], np.uint8).reshape(3, 256).T
        )
        coloured: NDArray[Any] = table[shown[..., 0]]
        return coloured
    if mode == _CMYK:  # stored inverted: 0 is the most ink
        inks = shown.astype(np.float32) / np.float32(white)
        shown = np.rint(inks[..., :3] * inks[..., 3:] * white).astype(values.dtype)
    if alpha.size:  # Photoshop blends transparent areas with white
        shown = (shown - np.minimum(shown, white - alpha)).astype(values.dtype)
    return shown
