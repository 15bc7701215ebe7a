"""Write deepsky's cards into the primary header of a FITS file (FITS Standard 4.0)."""

import gzip
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from deepsky.batch.tags.fits_checksum import encode, ones_complement_sum

__all__ = ["KEYWORDS", "embed"]

KEYWORDS: Final = b"HIERARCH DEEPSKY "
"""Prefix of deepsky's own cards. All other cards are left unchanged."""

BLOCK: Final = 2880
CARD: Final = 80
END: Final = b"END".ljust(CARD)
CHECKSUM: Final = b"CHECKSUM= '"
GZIP: Final = b"\x1f\x8b"


def embed(source: BinaryIO, target: BinaryIO, cards: Sequence[bytes]) -> None:
    """Copy a FITS file and replace deepsky's cards in its primary header.

    All other content is copied unchanged. A valid checksum of the primary header and data unit is
    updated. If the file is compressed with gzip, the copy is also compressed.

    Parameters
    ----------
    source, target : binary file
        File to read, and file to which the copy is written.
    cards : sequence of bytes
        80-byte cards that start with `KEYWORDS`.

    Raises
    ------
    ValueError
        If the file is not a valid FITS file.
    """
    is_gzipped = source.read(2) == GZIP
    source.seek(0)
    with _decompress(source, is_gzipped) as content, _compress(target, is_gzipped) as copy:
        old = list(_read_header(content))
        others = [card for card in old if not card.startswith(KEYWORDS)]
        copy.write(_with_checksum([*others, *cards], old))
        shutil.copyfileobj(content, copy)


def _read_header(source: BinaryIO) -> Iterator[bytes]:
    """Yield the cards before END, and leave the file position at the end of the header."""
    while True:
        block = source.read(BLOCK)
        if len(block) < BLOCK:
            raise ValueError
        for start in range(0, BLOCK, CARD):
            card = block[start : start + CARD]
            if card == END:
                return
            yield card


def _with_checksum(new: list[bytes], old: list[bytes]) -> bytes:
    """Join the cards of a new header, and update the checksum if the header has one.

    The checksum is valid if the ones' complement sum of header and data is zero. The data do not
    change, so the sum of the data is computed from the old header, on the assumption that the old
    checksum is valid. An invalid checksum therefore remains invalid.
    """
    index = next((n for n, card in enumerate(new) if card.startswith(CHECKSUM)), None)
    if index is None:
        return _join(new)
    data = ~ones_complement_sum(_join(old)) & 0xFFFFFFFF
    start, end = len(CHECKSUM), len(CHECKSUM) + 16
    card = new[index]
    new[index] = card[:start] + b"0" * 16 + card[end:]
    total = ones_complement_sum(_join(new) + data.to_bytes(4))
    new[index] = card[:start] + encode(~total & 0xFFFFFFFF) + card[end:]
    return _join(new)


def _join(cards: Sequence[bytes]) -> bytes:
    header = b"".join(cards) + END
    return header + b" " * (-len(header) % BLOCK)


@contextmanager
def _decompress(source: BinaryIO, is_gzipped: bool) -> Iterator[BinaryIO]:
    if not is_gzipped:
        yield source
        return
    with gzip.GzipFile(fileobj=source, mode="rb") as content:
        yield cast("BinaryIO", content)


@contextmanager
def _compress(target: BinaryIO, is_gzipped: bool) -> Iterator[BinaryIO]:
    if not is_gzipped:
        yield target
        return
    with gzip.GzipFile("", "wb", fileobj=target, mtime=0) as content:
        yield cast("BinaryIO", content)
