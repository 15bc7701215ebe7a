"""The header of an image in a FITS file, from which a header with another WCS can be made."""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["FitsHeader", "make_fits_header"]

_CARD: Final = 80
_MAX_BYTES: Final = 1_000_000
_CONTINUE: Final = b"CONTINUE"
_CHECKSUM: Final = b"CHECKSUM"
_WCS: Final = re.compile(
    rb"(?:WCSAXES|(?:CTYPE|CUNIT|CRPIX|CRVAL|CDELT|CROTA|C[PQ]DIS|C[PQ]ERR|D2IMDIS|D2IMERR|D[PQ])[12]"
    rb"|(?:CD|PC)\d_\d|PC00\d00\d|P[VS][12]_\d{1,3}|LONPOLE|LATPOLE|RADE(?:C)?SYS"
    rb"|[AB]P?_(?:ORDER|DMAX|\d_\d)) *"
)
"""Keywords of the primary celestial WCS, with its distortion."""


@dataclass(frozen=True, slots=True)
class FitsHeader:
    """The header of an image in a FITS file.

    Attributes
    ----------
    start, end : int
        Byte offsets in the file at which the header starts and its data start.
    cards : bytes
        Cards of 80 bytes, without the END card.
    wcs : tuple of int
        Indices of the cards of the WCS, and of the checksum, which a change of the header
        invalidates.
    """

    start: int
    end: int
    cards: bytes
    wcs: tuple[int, ...]


def make_fits_header(
    start: int, end: int, cards: bytes, axes: tuple[int, int]
) -> FitsHeader | None:
    """Describe the header of an image.

    Parameters
    ----------
    start, end : int
        Byte offsets at which the header starts and its data start.
    cards : bytes
        Cards of 80 bytes, without the END card.
    axes : (int, int)
        FITS numbers of the horizontal and the vertical axis of the image.

    Returns
    -------
    FitsHeader or None
        None if the header is larger than 1 MB, or if the axes of the image are not the first two,
        so that a WCS cannot be added in a form that other programs read.
    """
    if len(cards) > _MAX_BYTES or axes != (1, 2):
        return None
    found, is_replaced = [], False
    for index in range(len(cards) // _CARD):
        keyword = cards[index * _CARD : index * _CARD + 8].upper()
        if keyword != _CONTINUE:
            is_replaced = keyword == _CHECKSUM or _WCS.fullmatch(keyword) is not None
        if is_replaced:
            found.append(index)
    return FitsHeader(start, end, cards, tuple(found))
