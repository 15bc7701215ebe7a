"""Read the header of a JPEG 2000 file without decoding pixels."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from deepsky.errors import CorruptImageError

__all__ = ["CMYK", "SYCC", "Jpeg2000Header", "read_jpeg2000_header"]

CMYK: Final = 12
SYCC: Final = 18
"""Enumerated colour spaces."""

_CODESTREAM: Final = b"\xff\x4f\xff\x51"  # start of codestream (SOC), image and tile size (SIZ)
_SIZES: Final = struct.Struct(">HHLLLLLLLLH")
_SUPERBOX: Final = b"jp2h"
_ENUMERATED: Final = 1
_PROFILES: Final = (2, 3)  # restricted and any ICC profile
_OPACITY: Final = 1
_PREMULTIPLIED: Final = 2
_MAX_BOXES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Jpeg2000Header:
    """The size, depth and colour space of a JPEG 2000 image.

    Attributes
    ----------
    start, end : int
        Byte offsets of the codestream in the file.
    width, height : int
        Size in pixels.
    channels, bits : int
        Number of channels, and number of bits per sample in the first channel.
    is_subsampled : bool
        Whether channels have different resolutions.
    colour_space : int or None
        Enumerated colour space, such as 18 for sYCC; None if it is not stated.
    icc_profile : bytes or None
        Colour profile, if the file has one.
    has_palette : bool
        Whether the samples are entries of a palette.
    alpha : int or None
        Index of the channel with alpha by which the colours are not multiplied yet; None if the
        header does not state the types of the channels.
    states_channels : bool
        Whether the header states the types of the channels.
    """

    start: int
    end: int
    width: int
    height: int
    channels: int
    bits: int
    is_subsampled: bool
    colour_space: int | None = None
    icc_profile: bytes | None = None
    has_palette: bool = False
    alpha: int | None = None
    states_channels: bool = False


def read_jpeg2000_header(content: bytes) -> Jpeg2000Header:
    """Read the header of a JP2 file or of a codestream.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    Jpeg2000Header

    Raises
    ------
    CorruptImageError
        If the file contains no codestream with a valid size.

    References
    ----------
    ITU-T T.800 (JPEG 2000), sections A.5.1 (SIZ) and I.5.3 (JP2 header).
    """
    boxes = {} if content.startswith(_CODESTREAM) else dict(_boxes(content, 0, len(content)))
    start, end = boxes.get(b"jp2c", (0, len(content)))
    size = start + len(_CODESTREAM)
    if content[start:size] != _CODESTREAM or size + _SIZES.size > end:
        msg = "The JPEG 2000 file does not contain an image; copy or download it again."
        raise CorruptImageError(msg)
    _, _, right, bottom, left, top, *_, channels = _SIZES.unpack_from(content, size)
    components = content[size + _SIZES.size : size + _SIZES.size + 3 * channels]
    if not (right > left and bottom > top and len(components) == 3 * channels > 0):
        msg = "The header of the JPEG 2000 file is damaged; copy or download it again."
        raise CorruptImageError(msg)
    inner = dict(_boxes(content, *boxes.get(_SUPERBOX, (0, 0))))
    alpha, states_channels = _alpha(_box(content, inner, b"cdef"))
    colour_space, icc_profile = _colour(content, inner)
    return Jpeg2000Header(
        start=start,
        end=end,
        width=right - left,
        height=bottom - top,
        channels=channels,
        bits=(components[0] & 0x7F) + 1,
        is_subsampled=any(step != 1 for step in components[1::3] + components[2::3]),
        colour_space=colour_space,
        icc_profile=icc_profile,
        has_palette=b"pclr" in inner,
        alpha=alpha,
        states_channels=states_channels,
    )


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield the type of each box, and the byte offsets of the start and end of its data.

    Of several boxes of a type, the last one yielded is the first one in the file.
    """
    found: list[tuple[bytes, tuple[int, int]]] = []
    while start + 8 <= end and len(found) < _MAX_BOXES:
        length, kind = struct.unpack_from(">L4s", content, start)
        data = start + 8
        if length == 1 and data + 8 <= end:
            (length,) = struct.unpack_from(">Q", content, data)
            data += 8
        stop = end if length == 0 else min(end, start + length)
        if stop < data:
            break
        found.append((kind, (data, stop)))
        start = stop
    yield from reversed(found)


def _box(content: bytes, boxes: dict[bytes, tuple[int, int]], kind: bytes) -> bytes:
    start, end = boxes.get(kind, (0, 0))
    return content[start:end]


def _colour(content: bytes, boxes: dict[bytes, tuple[int, int]]) -> tuple[int | None, bytes | None]:
    """Return the enumerated colour space and the ICC profile."""
    data = _box(content, boxes, b"colr")
    if len(data) >= 7 and data[0] == _ENUMERATED:
        return int.from_bytes(data[3:7], "big"), None
    return None, data[3:] if data and data[0] in _PROFILES else None


def _alpha(definitions: bytes) -> tuple[int | None, bool]:
    """Return the index of the alpha channel, and whether the types of channels are stated."""
    for channel, kind, _ in struct.iter_unpack(
        ">HHH", definitions[2 : len(definitions) // 6 * 6 + 2]
    ):
        if kind == _OPACITY:
            return channel, True
    return None, len(definitions) >= 8
