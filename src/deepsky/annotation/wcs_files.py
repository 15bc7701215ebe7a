"""Write the WCS of an image to a file of its own, or to a copy of a FITS file."""

import shutil
from pathlib import Path
from typing import BinaryIO, Final

from deepsky.errors import OutputError
from deepsky.identification.fields import SkyFields
from deepsky.imaging.fits.header import FitsHeader
from deepsky.imaging.image_data import ImageInfo
from deepsky.sky.stored_wcs import read_header, stored_size, stored_wcs

__all__ = ["check_fits", "copy_fits", "make_wcs_file"]

_CARD: Final = 80
_BLOCK: Final = 2880
_CHECKSUM: Final = b"CHECKSUM"


def make_wcs_file(sky: SkyFields, image: ImageInfo, comment: str) -> bytes:
    """Return a FITS file without data whose header contains the WCS of an image.

    Parameters
    ----------
    sky : SkyFields
        Place of the image on the sky.
    image : ImageInfo
    comment : str
        Text for a ``HISTORY`` card, at most 72 characters of ASCII.

    Returns
    -------
    bytes
        The file, in the form in which astrometry.net writes it. FITS pixel (1, 1) is the first
        pixel in the image file. ``IMAGEW`` and ``IMAGEH`` are the size of the image.
    """
    width, height = stored_size(image)
    cards = [
        _card("SIMPLE", "T"),
        _card("BITPIX", "8"),
        _card("NAXIS", "0"),
        *_wcs_cards(sky, image),
        _card("IMAGEW", str(width)),
        _card("IMAGEH", str(height)),
        _history(comment),
    ]
    return _padded(b"".join(cards))


def check_fits(image: ImageInfo) -> FitsHeader:
    """Return the header of an image that `copy_fits` can copy.

    Parameters
    ----------
    image : ImageInfo

    Returns
    -------
    FitsHeader

    Raises
    ------
    OutputError
        If the file is not a FITS file, or is compressed as a whole.
    """
    if image.fits_header is None:
        msg = (
            "Only FITS files that are not compressed can be copied with their WCS. Write the WCS "
            "to a file of its own (--format wcs)."
        )
        raise OutputError(msg)
    return image.fits_header


def copy_fits(
    sky: SkyFields,
    image: ImageInfo,
    header: FitsHeader,
    content: Path | bytes,
    comment: str,
    file: BinaryIO,
) -> None:
    """Write a copy of a FITS file with the WCS in the header of its image.

    Data and other headers remain unchanged, and so do all cards except those of an earlier WCS and
    the checksum of the header. If the WCS is from the file itself, it remains unchanged too.

    Parameters
    ----------
    sky : SkyFields
        Place of the image on the sky.
    image : ImageInfo
    header : FitsHeader
        Header of the image, as returned by `check_fits`.
    content : Path or bytes
        Path or content of the FITS file.
    comment : str
        Text for a ``HISTORY`` card, at most 72 characters of ASCII.
    file : binary file
        The new file.

    Raises
    ------
    OutputError
        If the file has been changed in the meantime.
    """
    if isinstance(content, bytes):
        _check(content[header.start : header.start + len(header.cards)], header)
        file.write(content[: header.start])
        file.write(_new_header(header, sky, image, comment))
        file.write(content[header.end :])
        return
    with content.open("rb") as original:
        before = original.read(header.start)
        _check(original.read(len(header.cards)), header)
        file.write(before)
        file.write(_new_header(header, sky, image, comment))
        original.seek(header.end)
        shutil.copyfileobj(original, file)


def _check(found: bytes, header: FitsHeader) -> None:
    if found != header.cards:
        msg = "The file was changed while it was being read. Run the command again."
        raise OutputError(msg)


def _new_header(header: FitsHeader, sky: SkyFields, image: ImageInfo, comment: str) -> bytes:
    cards = [header.cards[i : i + _CARD] for i in range(0, len(header.cards), _CARD)]
    is_known = sky["source"] == "header"
    replaced = () if is_known else header.wcs
    kept = [
        card
        for number, card in enumerate(cards)
        if number not in replaced and not card.startswith(_CHECKSUM)
    ]
    new = [] if is_known else _wcs_cards(sky, image)[1:]  # cubes have more axes than WCSAXES
    return _padded(b"".join([*kept, *new, _history(comment)]))


def _wcs_cards(sky: SkyFields, image: ImageInfo) -> list[bytes]:
    header = stored_wcs(read_header(sky["wcs"]), image).header().encode()
    return [header[i : i + _CARD] for i in range(0, len(header), _CARD)]


def _card(keyword: str, value: str) -> bytes:
    return f"{keyword:8}= {value:>20}".ljust(_CARD).encode()


def _history(comment: str) -> bytes:
    return f"HISTORY {comment}".ljust(_CARD).encode()


def _padded(cards: bytes) -> bytes:
    header = cards + b"END".ljust(_CARD)
    return header + b" " * (-len(header) % _BLOCK)
