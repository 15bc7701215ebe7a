"""The XMP packet of a GIF: an extension of its own (ISO 16684-3; GIF 89a, section 26)."""

import shutil
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

__all__ = ["embed"]

SIGNATURES: Final = (b"GIF87a", b"GIF89a")
EXTENDED: Final = SIGNATURES[1]
"""The version that has extensions, and shows all else as the other does."""

HEADER: Final = 13
IMAGE: Final = b","
EXTENSION: Final = b"!"
END: Final = b";"
APPLICATION: Final = b"!\xff\x0b"
XMP: Final = APPLICATION + b"XMP DataXMP"
TRAILER: Final = bytes((1, *range(255, -1, -1), 0))
"""Comes after a packet: who takes its bytes for the lengths of blocks finds the end here."""

Block = tuple[int, int]
"""Where in the file it starts and ends."""


def embed(source: BinaryIO, target: BinaryIO, update: Callable[[bytes | None], bytes]) -> None:
    """Copy a GIF with another XMP packet, which stands before the first image.

    Parameters
    ----------
    source, target : binary file
    update : callable
        Makes the packet of the one that the file has.

    Raises
    ------
    ValueError
        If the file is not built as a GIF is.
    """
    header = _read(source, HEADER)
    if not header.startswith(SIGNATURES):
        raise ValueError
    table = _read(source, _table_bytes(header[10]))
    blocks = list(_blocks(source))
    packets = {block: packet for block in blocks if (packet := _packet(source, block)) is not None}
    others = [block for block in blocks if block not in packets]
    # A player looks for an animation's repetitions at the very beginning.
    first = next(n for n, block in enumerate(others) if not _is_application(source, block))
    target.write(EXTENDED + header[len(EXTENDED) :] + table)
    _copy(source, target, others[:first])
    target.write(XMP + update(next(iter(packets.values()), None)) + TRAILER)
    _copy(source, target, others[first:])
    shutil.copyfileobj(source, target)


def _blocks(source: BinaryIO) -> Iterator[Block]:
    """Find images, extensions, and the end, where the file is left."""
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
    """Tell how long a table of colours is."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _read(source: BinaryIO, size: int) -> bytes:
    content = source.read(size)
    if len(content) < size:
        raise ValueError
    return content
