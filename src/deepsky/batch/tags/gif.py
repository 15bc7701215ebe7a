"""Write XMP packets into GIF files, as application extensions (ISO 16684-3; GIF89a, section 26)."""

import shutil
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

__all__ = ["embed"]

SIGNATURES: Final = (b"GIF87a", b"GIF89a")
EXTENDED: Final = SIGNATURES[1]
"""Signature of GIF89a, the GIF version that supports extensions."""

HEADER: Final = 13
IMAGE: Final = b","
EXTENSION: Final = b"!"
END: Final = b";"
APPLICATION: Final = b"!\xff\x0b"
XMP: Final = APPLICATION + b"XMP DataXMP"
TRAILER: Final = bytes((1, *range(255, -1, -1), 0))
"""Bytes written after an XMP packet, so that readers can skip the packet as GIF sub-blocks."""

Block = tuple[int, int]
"""Start and end of a block in the file, in bytes."""


def embed(source: BinaryIO, target: BinaryIO, update: Callable[[bytes | None], bytes]) -> None:
    """Copy a GIF and replace its XMP packet. The new packet is written before the first image.

    Parameters
    ----------
    source, target : binary file
        File to read, and file to which the copy is written.
    update : callable
        Function that takes the existing packet, or None if there is none, and returns the new one.

    Raises
    ------
    ValueError
        If the file is not a valid GIF.
    """
    header = _read(source, HEADER)
    if not header.startswith(SIGNATURES):
        raise ValueError
    table = _read(source, _table_bytes(header[10]))
    blocks = list(_blocks(source))
    packets = {block: packet for block in blocks if (packet := _packet(source, block)) is not None}
    others = [block for block in blocks if block not in packets]
    # Players expect the application extension with the loop count before other extensions.
    first = next(n for n, block in enumerate(others) if not _is_application(source, block))
    target.write(EXTENDED + header[len(EXTENDED) :] + table)
    _copy(source, target, others[:first])
    target.write(XMP + update(next(iter(packets.values()), None)) + TRAILER)
    _copy(source, target, others[first:])
    shutil.copyfileobj(source, target)


def _blocks(source: BinaryIO) -> Iterator[Block]:
    """Yield the start and end of each image and extension, and of the end marker.

    After the iteration, the file position is after the end marker.
    """
    kind = b""
    while kind != END:
        start = source.tell()
        kind = _read(source, 1)
        if kind == IMAGE:
            table = _table_bytes(_read(source, 9)[8])
            _read(source, table + 1)
        elif kind == EXTENSION:
            _read(source, 1)
        elif kind != END:
            raise ValueError
        while kind != END and (size := _read(source, 1)[0]):
            _read(source, size)
        yield start, source.tell()


def _packet(source: BinaryIO, block: Block) -> bytes | None:
    start, end = block
    source.seek(start)
    if source.read(len(XMP)) != XMP:
        return None
    return source.read(end - source.tell()).removesuffix(TRAILER)


def _is_application(source: BinaryIO, block: Block) -> bool:
    source.seek(block[0])
    return source.read(len(APPLICATION)) == APPLICATION


def _copy(source: BinaryIO, target: BinaryIO, blocks: list[Block]) -> None:
    for start, end in blocks:
        source.seek(start)
        target.write(source.read(end - start))


def _table_bytes(flags: int) -> int:
    """Return the length in bytes of the colour table that a byte of packed flags describes."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _read(source: BinaryIO, size: int) -> bytes:
    content = source.read(size)
    if len(content) < size:
        raise ValueError
    return content
