"""Read the headers of a FITS file without reading its data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy as np
from astropy.io.fits import Header

from deepsky.errors import CorruptImageError
from deepsky.imaging.limits import Limits

__all__ = ["FitsUnit", "is_shorter_than", "scan_units"]

_BLOCK: Final = 2880
_CARD: Final = 80
_MAX_HEADER_BLOCKS: Final = 1_000


@dataclass(frozen=True, slots=True)
class FitsUnit:
    """A header and data unit (HDU) of a FITS file.

    Attributes
    ----------
    number : int
        Index of the unit in the file, from 0.
    header : Header
        Keywords and values in the header of the unit.
    start, end : int
        Byte offsets in the file at which the data start and end, excluding padding.
    """

    number: int
    header: Header
    start: int
    end: int

    @property
    def is_image(self) -> bool:
        """Whether the unit contains an image, compressed or uncompressed."""
        kind = str(self.header.get("XTENSION", "IMAGE")).strip()
        return kind == "IMAGE" or self._is_compressed

    @property
    def shape(self) -> tuple[int, ...]:
        """Axis lengths of the image in NumPy order, in which the last axis varies fastest."""
        return _axes(self.header, "Z" if self._is_compressed else "")

    @property
    def tile_shape(self) -> tuple[int, ...]:
        """Axis lengths of a tile of a compressed image, in NumPy order; by default, one row."""
        axes = range(len(self.shape), 0, -1)
        rows = [self.shape[-1] if axis == 1 else 1 for axis in axes]
        return tuple(
            max(1, _get_integer(self.header, f"ZTILE{axis}", default))
            for axis, default in zip(axes, rows, strict=True)
        )

    @property
    def unsigned_type(self) -> np.dtype[Any] | None:
        """Dtype of the data if they are unsigned, otherwise None (FITS Standard 4.0, table 11)."""
        bits = _get_integer(self.header, "ZBITPIX" if self._is_compressed else "BITPIX")
        lowest = 0 if bits == 8 else -(2 ** (bits - 1)) if bits in (16, 32) else None
        scaling = self.header.get("BSCALE", 1), self.header.get("BZERO", 0)
        if lowest is None or scaling != (1, -lowest):
            return None
        return np.dtype(f"u{bits // 8}")

    @property
    def _is_compressed(self) -> bool:
        return self.header.get("ZIMAGE") is True


def scan_units(stream: BinaryIO, limits: Limits) -> Iterator[FitsUnit]:
    """Yield the header and data units (HDUs) of a FITS file, reading only their headers.

    Parameters
    ----------
    stream : binary file
        The complete file. For a gzipped file, a stream that decompresses the file.
    limits : Limits
        ``max_bytes`` limits how much of a gzipped file is decompressed.

    Yields
    ------
    FitsUnit
        The units in file order.

    Raises
    ------
    CorruptImageError
        If a header is damaged, or the file is shorter than a header specifies.
    FileTooLargeError
        If a skipped unit ends beyond ``max_bytes``.
    """
    number, start = 0, 0
    while (header := _read_header(stream, start)) is not None:
        start = stream.tell()
        end = start + _data_bytes(header)
        yield FitsUnit(number, header, start, end)
        limits.check_bytes(end)
        if is_shorter_than(stream, end):
            msg = "The FITS file is shorter than its header specifies; copy or download it again."
            raise CorruptImageError(msg)
        number, start = number + 1, end + -end % _BLOCK


def is_shorter_than(stream: BinaryIO, end: int) -> bool:
    """Return whether a file is shorter than `end` bytes.

    Parameters
    ----------
    stream : binary file
        The file. Its position changes. A gzipped file is decompressed up to `end`.
    end : int
        Size in bytes to compare with the size of the file.

    Returns
    -------
    bool
    """
    stream.seek(max(0, end - 1))
    return end > 0 and not stream.read(1)


def _read_header(stream: BinaryIO, start: int) -> Header | None:
    """Return the header at the byte offset `start`, or None at the end of the file."""
    stream.seek(start)
    text = b""
    while len(text) < _MAX_HEADER_BLOCKS * _BLOCK:
        block = stream.read(_BLOCK)
        if not text and not block.startswith((b"SIMPLE  =", b"XTENSION=")):
            return None
        text += block
        if len(block) < _BLOCK:
            break
        if any(block[card : card + _CARD].rstrip() == b"END" for card in range(0, _BLOCK, _CARD)):
            return Header.fromstring(text.decode("latin-1"))
    msg = (
        "A header of the FITS file is truncated or has no END keyword; "
        "copy or download the file again."
    )
    raise CorruptImageError(msg)


def _data_bytes(header: Header) -> int:
    """Return the size of a unit's data in bytes (FITS Standard 4.0, equations 1 and 2)."""
    axes = _axes(header)
    values = 1 if axes else 0
    for length in axes:
        values *= length
    bits = abs(_get_integer(header, "BITPIX"))
    groups = _get_integer(header, "GCOUNT", 1)
    return bits // 8 * groups * (_get_integer(header, "PCOUNT", 0) + values)


def _axes(header: Header, prefix: str = "") -> tuple[int, ...]:
    count = _get_integer(header, f"{prefix}NAXIS")
    return tuple(_get_integer(header, f"{prefix}NAXIS{i}") for i in range(count, 0, -1))


def _get_integer(header: Header, keyword: str, default: int | None = None) -> int:
    value = header.get(keyword, default)
    if not isinstance(value, int) or (value < 0 and not keyword.endswith("BITPIX")):
        msg = (
            f"The FITS header has {keyword} = {value!r} instead of a valid integer; "
            "export the image again."
        )
        raise CorruptImageError(msg)
    return value
