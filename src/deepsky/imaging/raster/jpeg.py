"""Read the header of a JPEG, and decode the variants of JPEG that Pillow does not support."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NoReturn

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, LimitExceededError, UnsupportedFormatError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.limits import Limits

__all__ = [
    "FILLED_BLOCK",
    "JpegFrame",
    "completions",
    "read_deep_jpeg",
    "read_frame",
    "strip_metadata",
]

_UNSUPPORTED: Final = {
    0xCB: "Lossless JPEG with arithmetic coding",
    **dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF), "Hierarchical JPEG"),
}
_SAMPLE_BYTES: Final = 6
"""Memory needed to decode and render the image, in bytes per sample (measured)."""

_MAX_SEGMENTS: Final = 10_000
"""Maximum number of segments and fill bytes before the first scan."""

_LOSSLESS: Final = 0xC3
_JPEG_LS: Final = 0xF7
_PROGRESSIVE: Final = 0xC2
_SCAN: Final = b"\xff\xda"
_FRAME_HEADER: Final = 10  # bytes of the frame header before the channels
_COEFFICIENTS: Final = 64
_MAX_SCAN_CHANNELS: Final = 4
_MAX_SCAN_HEADERS: Final = 10_000
_FRAMES: Final = frozenset({*range(0xC0, 0xD0), _JPEG_LS}) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN: Final = 0xDA
_END_OF_IMAGE: Final = 0xD9
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_METADATA: Final = frozenset({*range(0xE1, 0xF0), 0xFE}) - {0xEE}  # APP14 states the colour space
_CHANNELS: Final = (1, 3)
_END_OF_FILE: Final = b"\xff\xd9"
FILLED_BLOCK: Final = bytes(32)
"""Zero bytes at the end of a file from which it follows that data were replaced."""
_PADDING: Final = (bytes(64), b"\x55" * 64)


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """The frame header of a JPEG.

    Attributes
    ----------
    marker : int
        Second byte of the marker, which identifies the process: 0xC0 to 0xCF (SOF0 to SOF15), or
        0xF7 for JPEG-LS.
    bits : int
        Number of bits per sample.
    width, height : int
        Size in pixels.
    channels : int
        Number of channels.

    References
    ----------
    ITU-T T.81 (JPEG), section B.2.2; ITU-T T.87 (JPEG-LS), annex C.
    """

    marker: int
    bits: int
    width: int
    height: int
    channels: int

    @property
    def is_deep(self) -> bool:
        """Whether the variant is decoded by `read_deep_jpeg`: lossless or with over 8 bits."""
        return self.bits > 8 or self.marker in (_LOSSLESS, _JPEG_LS)


def read_frame(stream: BinaryIO) -> JpegFrame | None:
    """Read the frame header of a JPEG or JPEG-LS file.

    Parameters
    ----------
    stream : binary file
        The complete file. It is positioned at its start afterwards.

    Returns
    -------
    JpegFrame or None
        None if the file contains no frame header before the first scan.

    Raises
    ------
    UnsupportedFormatError
        If the file is a hierarchical JPEG, or a lossless JPEG with arithmetic coding.
    LimitExceededError
        If there are too many segments or fill bytes before the first scan.
    """
    frame, is_found = None, False
    for marker, start, end in _segments(stream):
        # All segments are visited, because their number is limited.
        if marker in _FRAMES and not is_found:
            is_found = True
            stream.seek(start + 4)
            header = stream.read(min(6, end - start - 4))
            if len(header) == 6:
                bits, height, width, channels = struct.unpack(">BHHB", header)
                frame = JpegFrame(marker, bits, width, height, channels)
    stream.seek(0)
    if frame is not None and frame.marker in _UNSUPPORTED:
        _refuse(_UNSUPPORTED[frame.marker])
    return frame


def strip_metadata(stream: BinaryIO) -> bytes:
    """Return a JPEG without Exif data, colour profiles, comments and other metadata.

    Parameters
    ----------
    stream : binary file
        The complete file.

    Returns
    -------
    bytes
        The file without its APP1 to APP13, APP15 and COM segments.
    """
    kept, position = [], 0
    for marker, start, end in _segments(stream):
        if marker in _METADATA:
            stream.seek(position)
            kept.append(stream.read(start - position))
            position = end
    stream.seek(position)
    return b"".join([*kept, stream.read()])


def read_deep_jpeg(stream: BinaryIO, frame: JpegFrame, limits: Limits) -> DecodedImage:
    """Decode a lossless JPEG, a JPEG-LS, or a JPEG with more than 8 bits per sample.

    Parameters
    ----------
    stream : binary file
        The complete file.
    frame : JpegFrame
        Frame header, as returned by `read_frame`.
    limits : Limits
        Limits that are checked before pixels are decoded.

    Returns
    -------
    DecodedImage

    Raises
    ------
    LimitExceededError
        If the image has too many pixels.
    UnsupportedFormatError
        If the image is neither grey nor RGB.
    CorruptImageError
        If pixels are missing.
    RuntimeError
        If the decoder detects damage.
    """
    limits.check_pixels(frame.width, frame.height)
    limits.check_memory(frame.width * frame.height * frame.channels * _SAMPLE_BYTES)
    if frame.channels not in _CHANNELS:
        _refuse(f"{frame.bits}-bit or lossless JPEG with {frame.channels} channels")
    stream.seek(0)
    content = stream.read()
    values = _decode_jpeg_ls(content) if frame.marker == _JPEG_LS else _decode_jpeg(content)
    # For example, samples of 12 bits are stored as uint16.
    return DecodedImage(values=values << (8 * values.dtype.itemsize - frame.bits))


def completions(content: bytes) -> tuple[bytes, bytes]:
    """Return two copies of a JPEG, each with different padding before the end marker.

    Decoders replace missing pixels without an error, or reject files from which only the end marker
    is missing. If both copies are decoded into the same pixels, no pixel depends on the padding, so
    the file contains all pixels.

    Parameters
    ----------
    content : bytes
        The file. Zero bytes with which copying programs replace data at its end are ignored.

    Returns
    -------
    (bytes, bytes)
    """
    data = content.rstrip(b"\0") if content.endswith(FILLED_BLOCK) else content
    data = data.removesuffix(_END_OF_FILE)
    if data.endswith(b"\xff"):  # half of an end marker, or of an encoded 0xFF
        data += b"\0"
    first, second = (data + padding + _END_OF_FILE for padding in _PADDING)
    return first, second


def has_all_scans(content: bytes) -> bool:
    """Return whether the scans of a progressive JPEG contain all bits of all coefficients.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    bool
        True if the JPEG is not progressive.

    References
    ----------
    ITU-T T.81 (JPEG), section B.2.3 and annex G.
    """
    frames = [segment for segment in _segments(io.BytesIO(content)) if segment[0] in _FRAMES]
    if not frames or frames[0][0] != _PROGRESSIVE:
        return True
    _, start, end = frames[0]
    numbers = content[start + _FRAME_HEADER : end : 3]
    missing = {(channel, index) for channel in numbers for index in range(_COEFFICIENTS)}
    place, scans = content.find(_SCAN, end), 0
    while place >= 0 and missing and scans < _MAX_SCAN_HEADERS:
        scans += 1
        count = min(content[place + 4], _MAX_SCAN_CHANNELS)
        channels = content[place + 5 : place + 5 + 2 * count : 2]
        first, last, bits = content[place + 5 + 2 * count : place + 8 + 2 * count]
        if bits & 0x0F == 0:  # the scan contains the lowest bits
            found = range(first, min(last + 1, _COEFFICIENTS))
            missing -= {(channel, index) for channel in channels for index in found}
        place = content.find(_SCAN, place + 1)
    return not missing


def _decode_jpeg(content: bytes) -> NDArray[Any]:
    values: NDArray[Any] = imagecodecs.jpeg8_decode(content)
    if not content.endswith(_END_OF_FILE):
        first, second = map(imagecodecs.jpeg8_decode, completions(content))
        if not np.array_equal(first, second):
            msg = "The JPEG file is truncated; copy or download it again."
            raise CorruptImageError(msg)
    return values


def _decode_jpeg_ls(content: bytes) -> NDArray[Any]:
    # Without an end marker, CharLS rejects intact files, and needs seconds to reject damaged ones.
    if not content.endswith(_END_OF_FILE):
        content = content.rstrip(b"\xff") + _END_OF_FILE
    values: NDArray[Any] = imagecodecs.jpegls_decode(content)
    return values


def _refuse(feature: str) -> NoReturn:
    msg = f"{feature} is not supported; save the image as PNG, TIFF or baseline JPEG."
    raise UnsupportedFormatError(msg)


def _segments(stream: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Yield the marker and the byte offsets of each segment before the first scan.

    Raises `LimitExceededError` if there are too many segments, because Pillow would need much time
    and memory for them.
    """
    position, count = 2, 0
    while True:
        count += 1
        if count > _MAX_SEGMENTS:
            msg = "The JPEG file has too many metadata segments; save the image without metadata."
            raise LimitExceededError(msg)
        stream.seek(position)
        head = stream.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return
        if head[1] == 0xFF or head[1] in _WITHOUT_LENGTH:
            position += 1 if head[1] == 0xFF else 2
            continue
        if head[1] in (_START_OF_SCAN, _END_OF_IMAGE):
            return
        end = position + 2 + int.from_bytes(head[2:], "big")
        yield head[1], position, end
        position = end
