"""Read FITS files: grey images, colour cubes, tile-compressed images and image extensions."""

from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from astropy.io import fits
from astropy.io.fits.hdu.compressed._compression import CfitsioException  # not public in astropy
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, NoImageDataError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.fits_headers import FitsUnit, is_shorter_than, scan_units
from deepsky.imaging.fits_tiles import check_tiles
from deepsky.imaging.limits import Limits

__all__ = ["read_fits"]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Axes of a FITS array: height, width, colour axis, and the lengths of the remaining axes."""

    height: int
    width: int
    cube: tuple[int, ...]
    colour_axis: int | None


def read_fits(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the first image in a FITS file.

    A data cube is read as RGB if it has three planes or if its fastest-varying axis has length 3.
    Otherwise, the first non-blank plane of the cube is read as a grey image.

    Parameters
    ----------
    stream : binary file
        The complete file. For a gzipped file, a stream that decompresses the file.
    limits : Limits
        Limits on the file and the image, checked against the headers before pixels are decoded.

    Returns
    -------
    DecodedImage
        The orientation is 4 (flipped vertically), because FITS files store the bottom row first,
        or 1 if ``ROWORDER`` is ``TOP-DOWN``.

    Raises
    ------
    ImageError
        If the file contains no image, exceeds a limit, or is inconsistent with its header.
    ValueError
        If astropy detects damage. Other built-in exceptions are also possible.

    References
    ----------
    FITS Standard 4.0 (2018), sections 3 (file organisation), 4 (headers) and 10 (tile
    compression). ``ROWORDER``:
    https://free-astro.org/index.php?title=Siril:FITS_orientation.
    """
    try:
        return _read(stream, limits)
    except (CfitsioException, fits.VerifyError) as error:
        raise ValueError(str(error)) from error


def _read(stream: BinaryIO, limits: Limits) -> DecodedImage:
    unit = _find_image(stream, limits)
    layout = _find_layout(unit.shape)
    limits.check_pixels(layout.width, layout.height)
    limits.check_frames(int(np.prod(layout.cube, dtype=object)))
    limits.check_bytes(unit.end)
    if is_shorter_than(stream, unit.end):
        msg = "The FITS file is shorter than its header specifies; copy or download it again."
        raise CorruptImageError(msg)
    top_down = str(unit.header.get("ROWORDER", "")).strip().upper() == "TOP-DOWN"
    return DecodedImage(
        values=_read_data(stream, unit, layout),
        mosaic="unknown order" if "BAYERPAT" in unit.header else None,
        orientation=1 if top_down else 4,
    )


def _find_image(stream: BinaryIO, limits: Limits) -> FitsUnit:
    for unit in scan_units(stream, limits):
        if unit.is_image and len(unit.shape) >= 2 and 0 not in unit.shape:
            return unit
    msg = (
        "The FITS file contains no image, only tables, spectra or headers; "
        "use a file that contains an image."
    )
    raise NoImageDataError(msg)


def _find_layout(shape: tuple[int, ...]) -> _Layout:
    """Determine the layout of a FITS array from its shape in NumPy order."""
    *cube, height, width = shape
    colour_axis = None
    if cube[-1:] == [3]:
        colour_axis = 0
        cube.pop()
    elif cube and width == 3:
        colour_axis = 2
        height, width = cube.pop(), height
    return _Layout(height, width, tuple(cube), colour_axis)


def _read_data(stream: BinaryIO, unit: FitsUnit, layout: _Layout) -> NDArray[Any]:
    """Read the image as an array of shape (height, width) or (height, width, 3).

    Blank pixels are NaN in floating-point and signed data, and 0 in unsigned data.
    """
    stream.seek(0)
    # Astropy sets blank pixels to NaN only if it does not convert the data to unsigned integers.
    uint = "BLANK" not in unit.header
    units = fits.open(stream, memmap=False, lazy_load_hdus=True, uint=uint)
    image = units[unit.number]
    if getattr(image, "shape", None) != unit.shape:
        msg = "The FITS header is inconsistent; export the image again."
        raise CorruptImageError(msg)
    if isinstance(image, fits.CompImageHDU):
        stream.seek(0)
        tables = fits.open(stream, memmap=False, disable_image_compression=True)
        check_tiles(tables[unit.number], unit.shape, unit.tile_shape)
    for plane in np.ndindex(layout.cube):
        data = image.section[(*plane, ...)]
        if data.dtype.kind != "f" or np.isfinite(data).any():
            break
    if unit.unsigned_type and data.dtype.kind == "f":
        data = np.nan_to_num(data, nan=0).astype(unit.unsigned_type)
    return data if layout.colour_axis is None else np.moveaxis(data, layout.colour_axis, -1)
