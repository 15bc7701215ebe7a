"""Check the number of scans of a JPEG before it is decoded.

A progressive JPEG stores the image in several scans. A small file can contain thousands of scans,
and decoding each takes as long as decoding the whole image once.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NoReturn

from PIL import ImageFile

from deepsky.errors import LimitExceededError
from deepsky.imaging.limits import Limits
from deepsky.imaging.raster.pillow_bands import decoded_bytes

__all__ = ["check_scans"]

_MAX_SCANS: Final = 100
"""Maximum number of scans. Common encoders write up to 10, and at most a few dozen."""

_MAX_SCANNED: Final = 4_000_000_000
"""Maximum number of pixels times scans, if there are more than `_ORDINARY_SCANS` scans."""

_MAX_MARKERS: Final = 100_000
"""Maximum number of markers other than restart markers."""

_LONG_FILL: Final = b"\xff" * 10_000
"""Fill bytes between two scans that libjpeg needs long to skip."""

_ORDINARY_SCANS: Final = 20
_COEFFICIENT_BYTES: Final = 2
_PIECE: Final = 1 << 20
_START_OF_SCAN: Final = 0xDA
_END_OF_IMAGE: Final = 0xD9
_WITHOUT_LENGTH: Final = frozenset({0x01, 0xD8, 0xD9})
_MARKER: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""A marker other than a restart marker. In compressed data, 0xFF is followed by a zero byte."""


def check_scans(stream: BinaryIO, image: ImageFile.ImageFile, limits: Limits) -> None:
    """Check the time and the memory needed to decode a JPEG with several scans.

    Parameters
    ----------
    stream : binary file
        The complete file. Its position is restored.
    image : ImageFile
        The opened JPEG, which is not decoded yet.
    limits : Limits
        ``max_memory`` limits the coefficients of all scans, which are in memory until the last scan
        is decoded.

    Raises
    ------
    LimitExceededError
        If there are too many scans or segments.
    TooMuchMemoryError
        If the coefficients need too much memory.

    References
    ----------
    ITU-T T.81 (JPEG), sections B.1 and B.2.3.
    """
    position = stream.tell()
    pixels = image.width * image.height
    most = max(_ORDINARY_SCANS, min(_MAX_SCANS, _MAX_SCANNED // max(1, pixels)))
    scans = _count_scans(stream, image, most)
    stream.seek(position)
    if scans > most:
        msg = (
            f"The JPEG has more than the {most} scans allowed for {pixels / 1e6:,.1f} megapixels; "
            "save it again as a baseline JPEG."
        )
        raise LimitExceededError(msg)
    if scans > 1:
        limits.check_memory(_coefficients(image) * _COEFFICIENT_BYTES + decoded_bytes(image) // 64)


def _coefficients(image: ImageFile.ImageFile) -> int:
    layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
    areas = [max(1, across) * max(1, down) for _, across, down, _ in layers] or [1]
    return image.width * image.height * sum(areas) // max(areas)


def _count_scans(stream: BinaryIO, image: ImageFile.ImageFile, most: int) -> int:
    """Count the scans of a JPEG; stop when the count exceeds `most`.

    After a first scan that contains all channels of a JPEG that is not progressive, decoders ignore
    any further scans.
    """
    scans = 0
    for count, (marker, position) in enumerate(_markers(stream)):
        if count == _MAX_MARKERS:
            _refuse()
        if marker == _END_OF_IMAGE:
            break
        if marker != _START_OF_SCAN:
            continue
        scans += 1
        stream.seek(position + 4)
        is_complete = stream.read(1) == bytes([len(image.getbands())])
        if scans > most or (is_complete and "progressive" not in image.info):
            break
    return scans


def _refuse() -> NoReturn:
    msg = "The JPEG has too many segments; save the image again."
    raise LimitExceededError(msg)


def _markers(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield the code and the byte offset of each marker; the data of segments are skipped."""
    position, start, piece = 2, 0, b""
    while True:
        if not start <= position < start + len(piece) - 3:
            stream.seek(position)
            start, piece = position, stream.read(_PIECE)
            if len(piece) < 4:
                return
        found = _MARKER.search(piece, position - start, len(piece) - 2)
        if piece.endswith(_LONG_FILL, 0, None if found is None else found.start()):
            _refuse()
        if found is None:
            position = start + len(piece) - 3
            if len(piece) < _PIECE:
                return
            continue
        offset, marker = found.start(), piece[found.start() + 1]
        yield marker, start + offset
        length = int.from_bytes(piece[offset + 2 : offset + 4], "big")
        position = start + offset + 2 + (0 if marker in _WITHOUT_LENGTH else length)
