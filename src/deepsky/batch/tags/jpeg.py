"""Write XMP packets into JPEG files, as APP1 segments (ISO 16684-3)."""

import shutil
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from deepsky.errors import OutputError

__all__ = ["embed"]

START: Final = b"\xff\xd8"
APP0: Final = 0xE0
APP1: Final = 0xE1
SCAN: Final = 0xDA
EXIF: Final = b"Exif\0\0"
XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
MAX_BYTES: Final = 0xFFFF - 2
"""Maximum size of the content of a segment, in bytes."""


def embed(source: BinaryIO, target: BinaryIO, update: Callable[[bytes | None], bytes]) -> None:
    """Copy a JPEG and replace its XMP packet.

    Parameters
    ----------
    source, target : binary file
        File to read, and file to which the copy is written.
    update : callable
        Function that takes the existing packet, or None if there is none, and returns the new one.

    Raises
    ------
    OutputError
        If the new packet is too large for a segment.
    ValueError
        If the file is not a valid JPEG.
    """
    if source.read(2) != START:
        raise ValueError
    segments = list(_segments(source))
    old = next((content for _, content in segments if content.startswith(XMP)), None)
    packet = XMP + update(old and old.removeprefix(XMP))
    if len(packet) > MAX_BYTES:
        msg = "The XMP metadata leave no room for tags. Save the image with less metadata."
        raise OutputError(msg)
    others = [segment for segment in segments if segment[1] != old]
    first = next((n for n, segment in enumerate(others) if not _comes_first(*segment)), len(others))
    others.insert(first, (APP1, packet))
    target.write(START)
    for marker, content in others:
        target.write(bytes((0xFF, marker)) + (2 + len(content)).to_bytes(2) + content)
    shutil.copyfileobj(source, target)


def _segments(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the marker and content of each segment before the image data.

    After the iteration, the file position is at the start of the image data.
    """
    while True:
        start = source.tell()
        mark, marker = source.read(2)
        while marker == 0xFF:  # skip fill bytes
            (marker,) = source.read(1)
        if mark != 0xFF:
            raise ValueError
        if marker == SCAN:
            source.seek(start)
            return
        length = int.from_bytes(source.read(2))
        yield marker, source.read(length - 2)


def _comes_first(marker: int, content: bytes) -> bool:
    """Return whether other programs expect a segment before the XMP segment."""
    return marker == APP0 or (marker == APP1 and content.startswith(EXIF))
