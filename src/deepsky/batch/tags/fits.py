"""Cards in the first header of a FITS file (FITS Standard 4.0)."""

import gzip
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from deepsky.batch.tags.fits_checksum import encode, ones_complement_sum

__all__ = ["KEYWORDS", "embed"]

KEYWORDS: Final = b"HIERARCH DEEPSKY "
"""Begins all cards of deepsky's own: no other program's are touched."""

BLOCK: Final = 2880
CARD: Final = 80
END: Final = b"END".ljust(CARD)
CHECKSUM: Final = b"CHECKSUM= '"
GZIP: Final = b"\x1f\x8b"


def embed(source: BinaryIO, target: BinaryIO, cards: Sequence[bytes]) -> None:
    """Copy a FITS file with cards in the place of those put there before.

    All else stays byte for byte. A checksum of the first unit that was right is right afterwards.
    What was gzipped is so again.

    Parameters
    ----------
    source, target : binary file
    cards : sequence of bytes
        Of 80 bytes each, which begin with `KEYWORDS`.

    Raises
    ------
    ValueError
        If the file is not built as a FITS file is.
    """
    is_packed = source.read(2) == GZIP
    source.seek(0)
    with _unpacked(source, is_packed) as content, _packed(target, is_packed) as copy:
        old = list(_read_header(content))
        others = [card for card in old if not card.startswith(KEYWORDS)]
        copy.write(_with_checksum([*others, *cards], old))
        shutil.copyfileobj(content, copy)


def _read_header(source: BinaryIO) -> Iterator[bytes]:
    """Read the cards before END, and leave the file where the header ends."""
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
    """Join the cards of a header; its checksum is as right as that of the old header.

    The sum over a whole unit is to be zero: the sum over its data, which do not change, is what
    the old header's sum leaves to that.
    """
    place = next((n for n, card in enumerate(new) if card.startswith(CHECKSUM)), None)
    if place is None:
        return _joined(new)
    data = ~ones_complement_sum(_joined(old)) & 0xFFFFFFFF
    start, end = len(CHECKSUM), len(CHECKSUM) + 16
    card = new[place]
    new[place] = card[:start] + b"0" * 16 + card[end:]
    total = ones_complement_sum(_joined(new) + data.to_bytes(4))
    new[place] = card[:start] + encode(~total & 0xFFFFFFFF) + card[end:]
    return _joined(new)


def _joined(cards: Sequence[bytes]) -> bytes:
    header = b"".join(cards) + END
    return header + b" " * (-len(header) % BLOCK)


@contextmanager
def _unpacked(source: BinaryIO, is_packed: bool) -> Iterator[BinaryIO]:
    if not is_packed:
        yield source
        return
    with gzip.GzipFile(fileobj=source, mode="rb") as content:
        yield cast("BinaryIO", content)


@contextmanager
def _packed(target: BinaryIO, is_packed: bool) -> Iterator[BinaryIO]:
    if not is_packed:
        yield target
        return
    with gzip.GzipFile("", "wb", fileobj=target, mtime=0) as content:
        yield cast("BinaryIO", content)
