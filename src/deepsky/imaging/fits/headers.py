"""Find the header and data units (HDUs) of a FITS file without reading their data."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import BinaryIO, Final

from deepsky.errors import CorruptImageError
from deepsky.imaging.fits.cards import CARD, Cards, get_integer, get_text, parse_cards
from deepsky.imaging.limits import Limits

__all__ = ["BLOCK", "FitsUnit", "is_shorter_than", "scan_units"]

BLOCK: Final = 2880
"""Size in bytes to multiples of which headers and data are padded."""

_MAX_HEADER_BLOCKS: Final = 1_000
_MAX_AXES: Final = 999
_PADDING: Final = b" \0"
_EXTENSION: Final = b"XTENSION"
_STARTS: Final = (b"SIMPLE", _EXTENSION)
_IMAGES: Final = ("", "IMAGE", "IUEIMAGE")
_BITS: Final = frozenset({8, 16, 32, 64, -32, -64})


@dataclass(frozen=True, slots=True)
class FitsUnit:
    """A header and data unit (HDU) of a FITS file.

    Attributes
    ----------
    cards : mapping
        Values in the header by keyword.
    shape : tuple of int
        Axis lengths of the image in NumPy order, in which the last axis varies fastest; empty if
        the unit contains no image.
    start, end : int
        Byte offsets in the file at which the data start and end, excluding padding.
    header_start : int
        Byte offset in the file at which the header starts.
    header : bytes
        The header without the END card.
    """

    cards: Cards
    shape: tuple[int, ...]
    start: int
    end: int
    header_start: int
    header: bytes

    @property
    def is_compressed(self) -> bool:
        """Whether the unit is a binary table that contains the tiles of a compressed image."""
        return _is_compressed(self.cards)

    @property
    def bits(self) -> int:
        """Bits per value according to ``BITPIX``; negative for floats."""
        keyword = "ZBITPIX" if self.is_compressed else "BITPIX"
        bits = get_integer(self.cards, keyword)
        if bits not in _BITS:
            msg = (
                f"The FITS header has {keyword} = {bits}, which is invalid; export the image again."
            )
            raise CorruptImageError(msg)
        return bits

    @property
    def tile_shape(self) -> tuple[int, ...]:
        """Axis lengths of a tile of a compressed image, in NumPy order; by default, one row."""
        axes = range(len(self.shape), 0, -1)
        rows = [self.shape[-1] if axis == 1 else 1 for axis in axes]
        return tuple(
            max(1, get_integer(self.cards, f"ZTILE{axis}", default))
            for axis, default in zip(axes, rows, strict=True)
        )


def scan_units(stream: BinaryIO, limits: Limits) -> Iterator[FitsUnit]:
    """Yield the header and data units (HDUs) of a FITS file, reading only their headers.

    The last unit can be truncated. Anything that follows the last unit is ignored, and so is a
    damaged extension after at least one intact unit.

    Parameters
    ----------
    stream : binary file
        The complete file. For a compressed file, a stream that decompresses the file.
    limits : Limits
        ``max_bytes`` limits how much of a compressed file is decompressed, and ``max_frames`` the
        number of units.

    Yields
    ------
    FitsUnit
        The units in file order.

    Raises
    ------
    CorruptImageError
        If the header of the first unit is damaged.
    TooManyFramesError
        If there are more units than ``max_frames``.
    """
    number = 0
    start: int | None = 0
    while start is not None:
        try:
            unit = _read_unit(stream, start)
        except CorruptImageError:
            if number == 0:
                raise
            return
        if unit is None:
            return
        yield unit
        if unit.end > limits.max_bytes:
            return
        number += 1
        limits.check_frames(number)
        start = _find_next(stream, unit)


def is_shorter_than(stream: BinaryIO, end: int) -> bool:
    """Return whether a file is shorter than `end` bytes.

    Parameters
    ----------
    stream : binary file
        The file. Its position changes. A compressed file is decompressed up to `end`.
    end : int
        Size in bytes to compare with the size of the file.

    Returns
    -------
    bool
    """
    return end > 0 and not _read_at(stream, end - 1, 1)


def _read_unit(stream: BinaryIO, start: int) -> FitsUnit | None:
    """Return the unit at the byte offset `start`, or None if no header starts there."""
    text = _read_header(stream, start)
    if text is None:
        return None
    cards = parse_cards(text)
    size = _data_bytes(cards)
    data = _find_data(stream, start, len(text) + CARD, size)
    return FitsUnit(cards, _image_shape(cards), data, data + size, start, text)


def _read_header(stream: BinaryIO, start: int) -> bytes | None:
    """Return the cards before the END card, or None if no header starts at `start`."""
    text = b""
    while len(text) < _MAX_HEADER_BLOCKS * BLOCK:
        block = _read_at(stream, start + len(text), BLOCK)
        if not text and not block.upper().startswith(_STARTS):
            return None
        for card in range(0, len(block), CARD):
            if block[card : card + CARD].strip(_PADDING + b"\r\n") == b"END":
                return text + block[:card]
        text += block
        if len(block) < BLOCK:
            break
    msg = (
        "A header of the FITS file is truncated or has no END keyword; "
        "copy or download the file again."
    )
    raise CorruptImageError(msg)


def _find_data(stream: BinaryIO, start: int, length: int, size: int) -> int:
    """Return the byte offset of the data after a header of the given length.

    The data start at the next block. Some programs do not pad the header, so that the data follow
    the END card immediately, and others add a blank block. If the padding is not blank or the next
    block is, the size of the file shows which is the case.
    """
    header_end, block = start + length, start + _pad(length)
    padding = _read_at(stream, header_end, block - header_end)
    is_longer = _read_at(stream, block, BLOCK) == b" " * BLOCK
    if not padding.strip(b" ") and not is_longer:
        return block
    starts = (block, block + BLOCK if is_longer else header_end)
    matches = [data for data in starts if _ends_exactly(stream, data, size)]
    if len(matches) == 1:
        return matches[0]
    if not padding.strip(_PADDING):
        return block
    msg = (
        "The FITS header is not padded with blanks, and the size of the file does not show where "
        "the pixels start; export the image again."
    )
    raise CorruptImageError(msg)


def _ends_exactly(stream: BinaryIO, start: int, size: int) -> bool:
    """Return whether data at an offset end where the file or an extension's header suggests."""
    for end in _possible_ends(start, size):
        if _read_at(stream, end, 8).upper() == _EXTENSION:
            return True
        if not is_shorter_than(stream, end) and is_shorter_than(stream, end + 1):
            return True
    return False


def _find_next(stream: BinaryIO, unit: FitsUnit) -> int | None:
    """Return the byte offset of the next extension, or None if there is none."""
    for start in _possible_ends(unit.start, unit.end - unit.start):
        if _read_at(stream, start, 8).upper() == _EXTENSION:
            return start
    return None


def _possible_ends(start: int, size: int) -> tuple[int, ...]:
    """Return where padding can end: after whole blocks of data or of the file, or nowhere."""
    return start + _pad(size), _pad(start + size), start + size


def _pad(size: int) -> int:
    return size + -size % BLOCK


def _read_at(stream: BinaryIO, start: int, size: int) -> bytes:
    stream.seek(start)
    return stream.read(size)


def _data_bytes(cards: Cards) -> int:
    """Return the size of a unit's data in bytes (FITS Standard 4.0, equations 1 and 2)."""
    axes = _axes(cards)
    values = prod(axes) if axes else 0
    if axes and cards.get("GROUPS") is True and axes[-1] == 0:  # random groups
        values = prod(axes[:-1])
    bits = abs(get_integer(cards, "BITPIX"))
    groups = get_integer(cards, "GCOUNT", 1)
    return bits // 8 * groups * (get_integer(cards, "PCOUNT", 0) + values)


def _is_compressed(cards: Cards) -> bool:
    return cards.get("ZIMAGE") is True


def _image_shape(cards: Cards) -> tuple[int, ...]:
    if _is_compressed(cards):
        return _axes(cards, "Z")
    return _axes(cards) if get_text(cards, "XTENSION") in _IMAGES else ()


def _axes(cards: Cards, prefix: str = "") -> tuple[int, ...]:
    count = get_integer(cards, f"{prefix}NAXIS")
    if count > _MAX_AXES:
        msg = f"The FITS header has {count} for {prefix}NAXIS; export the image again."
        raise CorruptImageError(msg)
    return tuple(get_integer(cards, f"{prefix}NAXIS{axis}") for axis in range(count, 0, -1))
