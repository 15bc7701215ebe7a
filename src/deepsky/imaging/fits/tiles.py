"""Validate the tiles of a compressed FITS image before they are decompressed.

Astropy uses CFITSIO's decoders, which do not check the lengths stored in HCOMPRESS and PLIO tiles:
if a tile is damaged, they read or write beyond their buffers. The decompressed size of a GZIP tile
is not limited.
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
_GZIP_WINDOW: Final = 31  # `wbits` of zlib for data in gzip format
_PIXEL_BYTES: Final = 8  # maximum size of a pixel in bytes


def check_tiles(table: BinTableHDU, shape: tuple[int, ...], tile_shape: tuple[int, ...]) -> None:
    """Check that the sizes stored in each compressed tile match the shape of the tile.

    Parameters
    ----------
    table : BinTableHDU
        The binary table in which the compressed image is stored, with one row per tile.
    shape, tile_shape : tuple of int
        Axis lengths of the image and of a tile, in NumPy order (the last axis varies fastest).

    Raises
    ------
    CorruptImageError
        If a tile has an invalid header or decompresses to too many bytes.

    References
    ----------
    Compression: FITS Standard 4.0 (2018), section 10.4. Header of an HCOMPRESS tile: White,
    *H-transform image compression* (1992). Header of a PLIO line list: IRAF, ``pl_l2pi``.
    """
    check = _CHECKS.get(table.header["ZCMPTYPE"])
    columns = {"COMPRESSED_DATA": check} if check else {}
    if "GZIP_COMPRESSED_DATA" in table.columns.names:
        columns["GZIP_COMPRESSED_DATA"] = _is_valid_gzip
    for column, is_valid in columns.items():
        for tile, pixels in zip(table.data[column], _tile_sizes(shape, tile_shape), strict=True):
            if len(tile) and not is_valid(_native_bytes(tile), pixels):
                msg = "A tile in the FITS file is damaged; copy or download the file again."
                raise CorruptImageError(msg)


def _native_bytes(tile: NDArray[Any]) -> bytes:
    return tile.astype(tile.dtype.newbyteorder("=")).tobytes()


def _tile_sizes(shape: tuple[int, ...], tile_shape: tuple[int, ...]) -> Iterator[int]:
    """Yield the number of pixels in each tile, in the order of the table rows."""
    counts = [math.ceil(length / tile) for length, tile in zip(shape, tile_shape, strict=True)]
    for place in np.ndindex(*counts):
        edges = zip(shape, tile_shape, place, strict=True)
        yield math.prod(min(tile, length - i * tile) for length, tile, i in edges)


def _is_valid_hcompress(tile: bytes, pixels: int) -> bool:
    rows, columns = (int.from_bytes(tile[i : i + 4], signed=True) for i in (2, 6))
    return len(tile) > _HCOMPRESS_HEAD and rows > 0 and rows * columns == pixels


def _is_valid_plio(tile: bytes, _pixels: int) -> bool:
    if len(tile) < _PLIO_HEAD:
        return False
    words: tuple[int, ...] = struct.unpack_from("=7h", tile)
    length = words[2] if words[2] > 0 else (words[4] << 15) + words[3]
    return words[1] >= 0 and length <= len(tile) // 2


def _is_valid_gzip(tile: bytes, pixels: int) -> bool:
    unpacker = zlib.decompressobj(wbits=_GZIP_WINDOW)
    unpacker.decompress(tile, pixels * _PIXEL_BYTES + 1)
    return bool(unpacker.eof and not unpacker.unused_data)


_CHECKS: Final = {
    "HCOMPRESS_1": _is_valid_hcompress,
    "PLIO_1": _is_valid_plio,
    "GZIP_1": _is_valid_gzip,
    "GZIP_2": _is_valid_gzip,
}
