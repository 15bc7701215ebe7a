"""Read SER videos, which capture programs record from planetary and live-stacking cameras."""

import io
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, NoImageDataError, UnsupportedFormatError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.formats import SAVE_AS
from deepsky.imaging.limits import Limits

__all__ = ["read_ser"]

_FRAMES: Final = 16
"""Maximum number of frames that are averaged."""

_SAMPLE_BYTES: Final = 9
"""Memory per sample for the sum of the frames and for rendering, in bytes."""

_ORDER_ROWS: Final = 256
"""Number of rows from which the byte order is determined."""

_HEADER: Final = struct.Struct("<14s7i")
_HEADER_BYTES: Final = 178

_MOSAICS: Final = {8: "RGGB", 9: "GRBG", 10: "GBRG", 11: "BGGR"}
_OTHER_MOSAICS: Final = frozenset({16, 17, 18, 19})  # cyan, yellow and magenta filters
_MONO, _RGB, _BGR = 0, 100, 101


@dataclass(frozen=True, slots=True)
class _Header:
    colours: int
    is_little: bool
    width: int
    height: int
    depth: int
    frames: int

    @property
    def channels(self) -> int:
        return 3 if self.colours in (_RGB, _BGR) else 1

    @property
    def frame_bytes(self) -> int:
        return self.width * self.height * self.channels * (2 if self.depth > 8 else 1)


def read_ser(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the mean of up to 16 consecutive frames from the middle of a SER video.

    The mean has less noise than a frame, which matters for deep-sky objects. The frames are
    consecutive, because an object moves little in that time. They are from the middle, because the
    telescope may still be moving at the start and at the end. All other frames are skipped.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked before pixels are decoded. The number of frames is not limited.

    Returns
    -------
    DecodedImage
        Floats, and the colour filter pattern of one-shot-colour cameras.

    Raises
    ------
    LimitExceededError
        If a frame has too many pixels.
    UnsupportedFormatError
        If the header specifies an unknown colour format or depth.
    NoImageDataError
        If the video contains no frames.
    CorruptImageError
        If the file is shorter than one frame, or the header is invalid.

    References
    ----------
    H. Wilkens, G. Chevalley, *SER format description*, version 3 (2014).
    """
    header = _read_header(stream)
    limits.check_pixels(header.width, header.height)
    samples = header.width * header.height * header.channels
    limits.check_memory(samples * _SAMPLE_BYTES + 2 * header.frame_bytes)
    first, count = _choose_frames(stream, header)
    total = np.zeros((header.height, header.width, header.channels), np.float32)
    order = None
    for number in range(first, first + count):
        stream.seek(_HEADER_BYTES + number * header.frame_bytes)
        frame = np.frombuffer(stream.read(header.frame_bytes), np.uint8)
        order = order or _byte_order(frame, header)
        total += frame.view(order).reshape(total.shape)
    mean = np.divide(total, count, out=total, dtype=np.float32)
    return DecodedImage(
        values=mean[..., ::-1] if header.colours == _BGR else mean,
        full_scale=_full_scale(mean, header.depth),
        mosaic=_mosaic(header.colours),
    )


def _read_header(stream: BinaryIO) -> _Header:
    stream.seek(0)
    _, _, colours, is_little, width, height, depth, frames = _HEADER.unpack(
        stream.read(_HEADER.size).ljust(_HEADER.size, b"\0")
    )
    if width <= 0 or height <= 0:
        msg = f"The SER video has an invalid size of {width} by {height} pixels; record it again."
        raise CorruptImageError(msg)
    known = (_MONO, _RGB, _BGR, *_MOSAICS, *_OTHER_MOSAICS)
    if colours not in known or not 1 <= depth <= 16:
        msg = (
            f"SER with the colour format {colours} and {depth} bits per sample is not supported; "
            f"{SAVE_AS}."
        )
        raise UnsupportedFormatError(msg)
    return _Header(colours, bool(is_little), width, height, depth, frames)


def _choose_frames(stream: BinaryIO, header: _Header) -> tuple[int, int]:
    """Return the number of the first frame to read, and how many frames to read.

    The number of frames in the header is not reliable: it is 0 if the recording was interrupted.
    """
    stored = max(0, stream.seek(0, io.SEEK_END) - _HEADER_BYTES) // header.frame_bytes
    frames = min(header.frames, stored) if header.frames > 0 else stored
    if frames == 0 and header.frames == 0:
        msg = "The SER video contains no frames; record it again."
        raise NoImageDataError(msg)
    if frames == 0:
        msg = "The SER video ends before its first frame is complete; copy or download it again."
        raise CorruptImageError(msg)
    count = min(frames, _FRAMES)
    return (frames - count) // 2, count


def _byte_order(frame: NDArray[np.uint8], header: _Header) -> np.dtype[Any]:
    """Return the data type of the samples.

    Programs disagree on the meaning of the flag for the byte order. In the right order, samples two
    rows apart in the same column, which have the same colour filter, are similar.
    """
    if header.depth <= 8:
        return np.dtype(np.uint8)
    orders = np.dtype("<u2"), np.dtype(">u2")
    steps = [_mean_step(frame.view(order), header) for order in orders]
    if steps[0] == steps[1]:
        # The specification defines 0 as big-endian, but nearly all programs write 0 for
        # little-endian.
        return orders[header.is_little]
    return orders[int(np.argmin(steps))]


def _mean_step(samples: NDArray[Any], header: _Header) -> float:
    rows = samples.reshape(header.height, -1)
    first = max(0, header.height - _ORDER_ROWS) // 2
    rows = rows[first : first + _ORDER_ROWS].astype(np.int32)
    steps = rows[2:] - rows[:-2] if len(rows) > 2 else rows[:, 6:] - rows[:, :-6]
    return float(np.abs(steps).mean()) if steps.size else 0.0


def _full_scale(values: NDArray[np.float32], depth: int) -> float:
    """Return the value of white; some programs scale samples of fewer bits to 16 bits."""
    full = 2.0**depth - 1
    return full if depth <= 8 or values.max() <= full else 65535.0


def _mosaic(colours: int) -> str | None:
    return "unknown order" if colours in _OTHER_MOSAICS else _MOSAICS.get(colours)
