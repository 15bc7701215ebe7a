"""Write XMP packets into WebP files, as XMP chunks (RFC 9649)."""

import shutil
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

__all__ = ["embed"]

XMP: Final = b"XMP "
EXTENDED: Final = b"VP8X"
HAS_XMP: Final = 0x04
HAS_ALPHA: Final = 0x10
LOSSLESS_ALPHA: Final = 1 << 28

Chunk = tuple[bytes, bytes]
"""Type and content of a chunk."""


def embed(source: BinaryIO, target: BinaryIO, update: Callable[[bytes | None], bytes]) -> None:
    """Copy a WebP and replace its XMP packet.

    Parameters
    ----------
    source, target : binary file
        File to read, and file to which the copy is written.
    update : callable
        Function that takes the existing packet, or None if there is none, and returns the new one.

    Raises
    ------
    ValueError
        If the file is not a valid WebP.
    """
    mark, size, kind = source.read(4), source.read(4), source.read(4)
    if (mark, kind) != (b"RIFF", b"WEBP"):
        raise ValueError
    chunks = list(_chunks(source, 8 + int.from_bytes(size, "little")))
    old = next((content for kind, content in chunks if kind == XMP), None)
    if chunks[0][0] != EXTENDED:
        chunks.insert(0, _extended(*chunks[0]))
    (_, header), *others = (chunk for chunk in chunks if chunk[0] != XMP)
    extended = (EXTENDED, bytes((header[0] | HAS_XMP,)) + header[1:])
    content = b"".join(map(_encode, [extended, *others, (XMP, update(old))]))
    target.write(mark + (4 + len(content)).to_bytes(4, "little") + kind + content)
    shutil.copyfileobj(source, target)


def _chunks(source: BinaryIO, end: int) -> Iterator[Chunk]:
    """Yield the chunks, and leave the file position after the last chunk."""
    while source.tell() < end:
        kind, length = source.read(4), int.from_bytes(source.read(4), "little")
        content = source.read(length)
        if len(content) < length:
            raise ValueError
        source.seek(length % 2, 1)
        yield kind, content


def _encode(chunk: Chunk) -> bytes:
    kind, content = chunk
    return kind + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)


def _extended(kind: bytes, content: bytes) -> Chunk:
    """Create a VP8X chunk (extended header) with the size and alpha flag from an image chunk."""
    match kind:
        case b"VP8 ":
            width, height = (int.from_bytes(content[n : n + 2], "little") & 0x3FFF for n in (6, 8))
            flags = 0
        case b"VP8L":
            bits = int.from_bytes(content[1:5], "little")
            width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
            flags = HAS_ALPHA if bits & LOSSLESS_ALPHA else 0
        case _:
            raise ValueError
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return EXTENDED, bytes((flags, 0, 0, 0)) + size
