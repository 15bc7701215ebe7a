"""Read single planes of a tile-compressed FITS image with astropy."""

import io
import re
from math import prod
from typing import Any, BinaryIO, Final

import numpy as np
from astropy.io import fits
from astropy.io.fits.hdu.compressed._compression import CfitsioException  # not public in astropy
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, UnsupportedFormatError
from deepsky.imaging.fits.bands import choose_plane_factor, read_reduced
from deepsky.imaging.fits.cards import get_text
from deepsky.imaging.fits.headers import FitsUnit
from deepsky.imaging.fits.layout import Layout
from deepsky.imaging.fits.planes import ReadPlane, Scaling
from deepsky.imaging.fits.tiles import check_tiles
from deepsky.imaging.limits import Limits

__all__ = ["open_tiles"]

_COMPRESSIONS: Final = frozenset(
    {"RICE_1", "RICE_ONE", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1", "NOCOMPRESS"}
)
_DECODING: Final = re.compile(
    r"XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|T(TYPE|FORM|DIM|NULL)\d+|BLANK|Z\w+"
)
"""Keywords of the cards that are needed to decompress an image."""

_PIECE: Final = 2**20
_TILE_PIXEL_BYTES: Final = 8
_COPIES: Final = 3  # of the compressed data: the table, its array, and the array of astropy


def open_tiles(
    stream: BinaryIO, unit: FitsUnit, layout: Layout, limits: Limits, fixed_bytes: int
) -> ReadPlane:
    """Return a function that reads single planes of a tile-compressed image.

    Astropy receives only the cards that are needed to decompress the image, because it rejects a
    file with any invalid card.

    Parameters
    ----------
    stream : binary file
        The complete file. For a compressed file, a stream that decompresses the file.
    unit : FitsUnit
        HDU that contains the image.
    layout : Layout
        Planes of the image.
    limits : Limits
        A plane that exceeds ``max_memory`` is read at reduced size.
    fixed_bytes : int
        Memory that the stream occupies, in bytes.

    Returns
    -------
    callable
        Function that takes the index of a plane and returns an array with the axes of
        ``layout.shape``, scaled by `deepsky.imaging.fits.planes.Scaling`.

    Raises
    ------
    CorruptImageError
        If a card that is needed to decode the image is invalid, or a tile is damaged.
    UnsupportedFormatError
        If the compression is not supported.
    ValueError
        If astropy detects damage. Other built-in exceptions are also possible.
    """
    compression = get_text(unit.cards, "ZCMPTYPE")
    if compression not in _COMPRESSIONS:
        msg = (
            f"FITS with compression {compression[:40]!r} is not supported; "
            "decompress the image with funpack or save it uncompressed."
        )
        raise UnsupportedFormatError(msg)
    scaling = Scaling.from_unit(unit)
    factor = choose_plane_factor(
        layout,
        abs(unit.bits) // 8,
        scaling.value_bytes,
        limits,
        fixed_bytes + _COPIES * (unit.end - unit.start) + _TILE_PIXEL_BYTES * prod(unit.tile_shape),
    )
    content = _copy_table(stream, unit)
    try:
        tables = fits.open(content, memmap=False, disable_image_compression=True)
        check_tiles(tables[1], unit.shape, unit.tile_shape)
        content.seek(0)
        images = fits.open(content, memmap=False, do_not_scale_image_data=True)
        image = images[1]
    except fits.VerifyError as error:
        raise ValueError(str(error)) from error
    if getattr(image, "shape", None) != unit.shape:
        msg = "The FITS header is inconsistent; export the image again."
        raise CorruptImageError(msg)
    leading = unit.shape[: _leading_axes(unit.shape, layout.planes)]
    trailing = unit.shape[len(leading) :]
    tile_rows = unit.tile_shape[-3 if layout.colour_axis == 2 else -2]

    def read(plane: int, *part: int | slice) -> NDArray[Any]:
        index = np.unravel_index(plane, leading) if leading else ()
        parts = iter(part)
        selection = (0 if length == 1 else next(parts, slice(None)) for length in trailing)
        try:
            stored = image.section[(*map(int, index), *selection)]
        except CfitsioException as error:
            raise ValueError(str(error)) from error
        return scaling.apply(stored.astype(stored.dtype.newbyteorder("=")))

    def read_plane(plane: int) -> NDArray[Any]:
        if factor == 1:
            return read(plane).reshape(layout.shape)

        def read_rows(channel: int | None, top: int, bottom: int) -> NDArray[Any]:
            channels = () if channel is None else (channel,)
            return read(plane, *channels, slice(top, bottom))

        return read_reduced(read_rows, layout, scaling.value_bytes, factor, tile_rows)

    return read_plane


def _copy_table(stream: BinaryIO, unit: FitsUnit) -> io.BytesIO:
    """Return a FITS file that contains only the compressed image and the necessary cards."""
    cards = [(key, value) for key, value in unit.cards.items() if _DECODING.fullmatch(key)]
    primary = fits.Header([("SIMPLE", True), ("BITPIX", 8), ("NAXIS", 0)])
    content = io.BytesIO()
    content.write((primary.tostring() + fits.Header(cards).tostring()).encode("ascii"))
    stream.seek(unit.start)
    remaining = unit.end - unit.start
    while piece := stream.read(min(_PIECE, remaining)):
        content.write(piece)
        remaining -= len(piece)
    content.write(bytes(-content.tell() % 2880))
    content.seek(0)
    return content


def _leading_axes(shape: tuple[int, ...], planes: int) -> int:
    """Return the number of leading axes that count the planes."""
    return next(count for count in range(len(shape)) if prod(shape[:count]) == planes)
