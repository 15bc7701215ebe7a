"""Read FITS files: grey images, colour cubes, tile-compressed images and image extensions."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Self

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, NoImageDataError
from deepsky.imaging.astrometry.file_metadata import FileMetadata
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.mosaic_pattern import find_pattern
from deepsky.imaging.display.variation import SPARSE, varying_fraction
from deepsky.imaging.fits.cards import Cards, get_text
from deepsky.imaging.fits.header import make_fits_header
from deepsky.imaging.fits.headers import FitsUnit, is_shorter_than, scan_units
from deepsky.imaging.fits.layout import Layout, find_image_axes, find_layout
from deepsky.imaging.fits.planes import ReadPlane, open_planes
from deepsky.imaging.fits.state import find_state
from deepsky.imaging.image_choice import Candidate, rank_images
from deepsky.imaging.limits import Limits

__all__ = ["read_fits"]


_NAMES: Final = ("EXTNAME", "HDUNAME", "HDUCLAS2", "HDUCLAS3")
"""Keywords of cards that state the purpose of an image (``HDUCLASn``: OGIP memo OGIP/93-003)."""


@dataclass(frozen=True, slots=True)
class _Image:
    """An HDU that contains an image."""

    unit: FitsUnit
    layout: Layout
    headers: tuple[Cards, ...]

    @property
    def cards(self) -> Cards:
        """The cards of the HDU, and those of the primary header, which apply to all images."""
        return {**self.headers[0], **self.unit.cards}

    @property
    def found(self) -> FileMetadata:
        """The metadata of the image; its WCS can be in the header of another HDU."""
        headers = (self.unit.cards, *self.headers)
        axes = find_image_axes(self.unit.shape, self.layout)
        wcs = next((cards for cards in headers if _has_wcs(cards, self.unit.shape, axes)), {})
        return FileMetadata(cards=self.cards, wcs=wcs, axes=axes)

    @property
    def candidate(self) -> Candidate[Self]:
        names = (get_text(self.unit.cards, keyword) for keyword in _NAMES)
        return Candidate(self, " ".join(names), self.layout.height * self.layout.width)


def read_fits(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the science image in a FITS file.

    If the file contains several images, `deepsky.imaging.image_choice.rank_images` determines their
    order, and the first that is not constant is read. A data cube is read as RGB if it has three
    planes or if its fastest-varying axis has length 3. Otherwise, the first plane of the cube that
    is not constant is read as a grey image.

    Parameters
    ----------
    stream : binary file
        The complete file. For a compressed file, a stream that decompresses the file.
    limits : Limits
        Limits on the file and the image, checked against the headers before pixels are decoded.
        ``max_frames`` limits the number of planes that are read until one is not constant.

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
    sparse: DecodedImage | None = None
    read = 0
    for image in _find_images(stream, limits):
        for plane in _planes(stream, image, limits):
            read += 1
            limits.check_frames(read)
            fraction = varying_fraction(plane)
            if fraction >= SPARSE:
                return _decoded(plane, image)
            if fraction and sparse is None:
                sparse = _decoded(plane, image)
    if sparse is not None:
        return sparse
    msg = "The FITS file contains only blank or constant images; use a file that shows something."
    raise NoImageDataError(msg)


def _find_images(stream: BinaryIO, limits: Limits) -> list[_Image]:
    """Return the images in the file; the first is most likely the science image."""
    units = list(scan_units(stream, limits))
    headers = tuple(unit.cards for unit in units)
    images = [
        _Image(unit, layout, headers)
        for unit in units
        if (layout := find_layout(unit.shape, unit.cards))
    ]
    if images:
        return rank_images(image.candidate for image in images)
    _check_complete(stream, units[-1], limits)
    msg = (
        "The FITS file contains no image, only tables, spectra or headers; "
        "use a file that contains an image."
    )
    raise NoImageDataError(msg)


def _planes(stream: BinaryIO, image: _Image, limits: Limits) -> Iterator[NDArray[Any]]:
    limits.check_pixels(image.layout.width, image.layout.height)
    _check_complete(stream, image.unit, limits)
    read = _open(stream, image, limits)
    axis = image.layout.colour_axis
    for number in range(image.layout.planes):
        plane = read(number)
        yield plane if axis is None else np.moveaxis(plane, axis, -1)


def _check_complete(stream: BinaryIO, unit: FitsUnit, limits: Limits) -> None:
    limits.check_bytes(unit.end)
    if is_shorter_than(stream, unit.end):
        msg = "The FITS file is shorter than its header specifies; copy or download it again."
        raise CorruptImageError(msg)


def _open(stream: BinaryIO, image: _Image, limits: Limits) -> ReadPlane:
    in_memory = 0 if isinstance(stream, io.BufferedReader) else image.unit.end
    if not image.unit.is_compressed:
        return open_planes(stream, image.unit, image.layout, limits, in_memory)
    # Importing astropy takes longer than reading most uncompressed images.
    from deepsky.imaging.fits.tiled import open_tiles

    return open_tiles(stream, image.unit, image.layout, limits, in_memory)


def _decoded(plane: NDArray[Any], image: _Image) -> DecodedImage:
    cards, unit = image.cards, image.unit
    height, width = plane.shape[:2]
    is_full_size = (height, width) == (image.layout.height, image.layout.width)
    return DecodedImage(
        values=plane,
        size=(image.layout.width, image.layout.height),
        state=find_state(cards),
        mosaic=find_pattern(cards) if is_full_size else None,  # a reduced plane is no mosaic
        orientation=1 if get_text(cards, "ROWORDER") == "TOP-DOWN" else 4,
        found=image.found,
        fits_header=make_fits_header(unit.header_start, unit.start, unit.header, image.found.axes),
    )


def _has_wcs(cards: Cards, shape: tuple[int, ...], axes: tuple[int, int]) -> bool:
    """Return whether a header has a WCS, and no image whose shape differs from the given one."""
    prefix = "Z" if cards.get("ZIMAGE") is True else ""
    sizes = [cards.get(f"{prefix}NAXIS{axis}", 1) for axis in range(1, 3)]
    is_same = cards.get("NAXIS") == 0 or sizes == [*shape[:-3:-1]]
    return is_same and all({f"CTYPE{axis}", f"CRVAL{axis}"} <= cards.keys() for axis in axes)
