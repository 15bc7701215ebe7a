"""Write XMP packets into PNG files, as iTXt chunks (ISO 16684-3; PNG specification, 11.3.3.4)."""

import shutil
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

__all__ = ["embed"]

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
KEYWORD: Final = b"XML:com.adobe.xmp\0"
PLAIN: Final = b"\0\0\0\0"
"""Compression flag and method (uncompressed), language tag and translated keyword (both empty)."""

MAX_PACKET_BYTES: Final = 10_000_000
"""Maximum size of a packet after decompression, in bytes."""

Chunk = tuple[bytes, int, int]
"""Type of a chunk, and its start and end in the file, in bytes."""


def embed(source: BinaryIO, target: BinaryIO, update: Callable[[bytes | None], bytes]) -> None:
    """Copy a PNG and replace its XMP packet.

    Parameters
    ----------
    source, target : binary file
        File to read, and file to which the copy is written.
    update : callable
        Function that takes the existing packet, or None if there is none, and returns the new one.

    Raises
    ------
    ValueError
        If the file is not a valid PNG.
    """
    if source.read(8) != SIGNATURE:
        raise ValueError
    header, *others = _chunks(source)
    packets = {chunk: packet for chunk in others if (packet := _packet(source, chunk)) is not None}
    new = KEYWORD + PLAIN + update(next(iter(packets.values()), None))
    target.write(SIGNATURE)
    _copy(source, target, header)
    target.write(len(new).to_bytes(4) + b"iTXt" + new + zlib.crc32(b"iTXt" + new).to_bytes(4))
    for chunk in others:
        if chunk not in packets:
            _copy(source, target, chunk)
    source.seek(others[-1][2])
    shutil.copyfileobj(source, target)


def _chunks(source: BinaryIO) -> Iterator[Chunk]:
    kind = b""
    while kind != b"IEND":
        start = source.tell()
        length, kind = int.from_bytes(source.read(4)), source.read(4)
        end = start + 12 + length
        if len(kind) < 4 or source.seek(end) != end:
            raise ValueError
        yield kind, start, end


def _packet(source: BinaryIO, chunk: Chunk) -> bytes | None:
    kind, start, end = chunk
    source.seek(start + 8)
    if kind != b"iTXt" or source.read(len(KEYWORD)) != KEYWORD:
        return None
    compressed, _method = source.read(2)
    text = source.read(end - 4 - source.tell()).split(b"\0", 2)[2]
    if not compressed:
        return text
    decompressor = zlib.decompressobj()
    packet = decompressor.decompress(text, MAX_PACKET_BYTES)
    if not decompressor.eof:
        raise ValueError
    return packet


def _copy(source: BinaryIO, target: BinaryIO, chunk: Chunk) -> None:
    _, start, end = chunk
    source.seek(start)
    remaining = end - start
    while remaining:
        part = source.read(min(remaining, 1 << 20))
        if not part:
            raise ValueError
        target.write(part)
        remaining -= len(part)
