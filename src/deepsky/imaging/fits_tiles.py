"""Check the tiles of a compressed FITS image before they are decompressed.

The C decoders of CFITSIO, which astropy uses, trust the lengths inside a damaged HCOMPRESS or
PLIO tile and then write or read past their buffers; and a GZIP tile may unpack to any size.
"""

import math
import struct
import zlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from astropy.io.fits import BinTableHDU
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError

__all__ = ["check_tiles"]

_HCOMPRESS_HEAD: Final = 25
_PLIO_HEAD: Final = 14
_GZIP_WINDOW: Final = 31  # tells zlib to expect gzip
_PIXEL_BYTES: Final = 8  # the most that a pixel takes


def check_tiles(table: BinTableHDU, shape: tuple[int, ...], tile_shape: tuple[int, ...]) -> None:
    """Raise CorruptImageError if a tile does not hold as many pixels as it should.

    Parameters
    ----------
    table : BinTableHDU
        The compressed image as the table that it is stored in, one row a tile.
    shape, tile_shape : tuple of int
        Lengths of the axes of the image and of a tile, the one that varies fastest last.

    References
    ----------
    FITS Standard 4.0 (2018), section 10.4; White, *H-transform image compression* (1992), for
    the head of an HCOMPRESS tile; IRAF ``pl_l2pi`` for that of a PLIO line list.
    """
    check = _CHECKS.get(table.header["ZCMPTYPE"])
    columns = {"COMPRESSED_DATA": check} if check else {}
    if "GZIP_COMPRESSED_DATA" in table.columns.names:
        columns["GZIP_COMPRESSED_DATA"] = _fits_gzip
    for column, is_sound in columns.items():
        for tile, pixels in zip(table.data[column], _tile_sizes(shape, tile_shape), strict=True):
            if len(tile) and not is_sound(_native_bytes(tile), pixels):
                msg = "A compressed tile of the FITS file is damaged; copy or download it again."
                raise CorruptImageError(msg)


def _native_bytes(tile: NDArray[Any]) -> bytes:
    return tile.astype(tile.dtype.newbyteorder("=")).tobytes()


def _tile_sizes(shape: tuple[int, ...], tile_shape: tuple[int, ...]) -> Iterator[int]:
    """Pixels of each tile, in the order of the table's rows; those at the edges are smaller."""
    counts = [math.ceil(length / tile) for length, tile in zip(shape, tile_shape, strict=True)]
    for place in np.ndindex(*counts):
        edges = zip(shape, tile_shape, place, strict=True)
        yield math.prod(min(tile, length - i * tile) for length, tile, i in edges)


def _fits_hcompress(tile: bytes, pixels: int) -> bool:
    rows, columns = (int.from_bytes(tile[i : i + 4], signed=True) for i in (2, 6))
    return len(tile) > _HCOMPRESS_HEAD and rows > 0 and rows * columns == pixels


def _fits_plio(tile: bytes, _pixels: int) -> bool:
    if len(tile) < _PLIO_HEAD:
        return False
    words: tuple[int, ...] = struct.unpack_from("=7h", tile)
    length = words[2] if words[2] > 0 else (words[4] << 15) + words[3]
    return words[1] >= 0 and length <= len(tile) // 2


def _fits_gzip(tile: bytes, pixels: int) -> bool:
    unpacker = zlib.decompressobj(wbits=_GZIP_WINDOW)
    unpacker.decompress(tile, pixels * _PIXEL_BYTES + 1)
    return bool(unpacker.eof and not unpacker.unused_data)


_CHECKS: Final = {
    "HCOMPRESS_1": _fits_hcompress,
    "PLIO_1": _fits_plio,
    "GZIP_1": _fits_gzip,
    "GZIP_2": _fits_gzip,
}
