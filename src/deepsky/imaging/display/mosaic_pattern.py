"""Colour filter patterns of raw mosaics, and the header cards that state them.

A pattern is a string of the letters R, G and B for the colours of a square block of pixels, row by
row: 4 letters for a Bayer pattern and 36 for an X-Trans pattern.
"""

import re
from collections.abc import Mapping
from typing import Final

__all__ = [
    "BAYER",
    "UNKNOWN_ORDER",
    "X_TRANS",
    "find_pattern",
    "flip_pattern",
    "parse_pattern",
    "shift_pattern",
    "side",
]

BAYER: Final = "RGGB"
X_TRANS: Final = "GGRGGBGGBGGRBRGRBGGGBGGRGGRGGBRBGBRG"

UNKNOWN_ORDER: Final = "unknown order"
"""Value for a mosaic whose pattern is not known."""

_SIDES: Final = {4: 2, 16: 4, 36: 6}
_KEYWORDS: Final = (
    "BAYERPAT",
    "BAYRPAT",
    "CFAPAT",
    "CFA-PAT",
    "CFA_PAT",
    "CFA",
    "BAYER",
    "COLORTYP",
)
_OFFSETS: Final = (("XBAYROFF", "BAYOFFX"), ("YBAYROFF", "BAYOFFY"))
_NO_MOSAIC: Final = frozenset(
    {
        "",
        "F",
        "FALSE",
        "NO",
        "NONE",
        "N/A",
        "0",
        "MONO",
        "GRAY",
        "GREY",
        "GRAYSCALE",
        "L",
        "RGB",
        "COLOR",
    }
)


def side(pattern: str) -> int:
    """Return the number of rows and columns of a pattern.

    Parameters
    ----------
    pattern : str
        Pattern with 4, 16 or 36 letters.

    Returns
    -------
    int
    """
    return _SIDES[len(pattern)]


def parse_pattern(text: str) -> str | None:
    """Return the pattern in the value of a header card.

    Parameters
    ----------
    text : str
        Value of the card, such as ``"RGGB"`` or ``"TRUE"``.

    Returns
    -------
    str or None
        The pattern; `UNKNOWN_ORDER` if the value does not state the colours, or states other
        colours than red, green and blue; None if the image is not a mosaic.

    Examples
    --------
    >>> parse_pattern("rg/gb")
    'RGGB'
    >>> parse_pattern("TRUE")
    'unknown order'
    """
    text = text.strip().upper()
    if text in _NO_MOSAIC:
        return None
    letters = re.sub(r"[\s,;/|\[\]()\"'-]", "", text)
    is_pattern = len(letters) in _SIDES and set(letters) == set("RGB")
    if len(letters) == len(BAYER) and "GG" not in (letters[::3], letters[1:3]):
        is_pattern = False  # "RGBG" lists the colours in LibRaw's order
    return letters if is_pattern else UNKNOWN_ORDER


def find_pattern(values: Mapping[str, object]) -> str | None:
    """Return the pattern that FITS keywords state.

    Parameters
    ----------
    values : mapping
        Values by keyword.

    Returns
    -------
    str or None
        Pattern of the first row of pixels in the file; otherwise as for `parse_pattern`.

    References
    ----------
    ``BAYERPAT``, ``XBAYROFF`` and ``YBAYROFF``: MaxIm DL, *FITS file header definitions*;
    ``COLORTYP``: SBIG, *SBFITSEXT*. The keywords are used by most capture programs.
    """
    for keyword in _KEYWORDS:
        pattern = parse_pattern(str(values.get(keyword, "")))
        if pattern == UNKNOWN_ORDER and keyword == "COLORTYP":
            continue
        if pattern is not None:
            across, down = (_offset(values, names) for names in _OFFSETS)
            return pattern if pattern == UNKNOWN_ORDER else shift_pattern(pattern, down, across)
    return None


def _offset(values: Mapping[str, object], names: tuple[str, ...]) -> int:
    for name in names:
        value = values.get(name)
        if isinstance(value, int | float) and value == value // 1:
            return int(value)
    return 0


def shift_pattern(pattern: str, down: int, right: int) -> str:
    """Return the pattern that starts at another place.

    Parameters
    ----------
    pattern : str
        Pattern with 4, 16 or 36 letters.
    down, right : int
        Number of rows and columns by which the start is shifted.

    Returns
    -------
    str

    Examples
    --------
    >>> shift_pattern("RGGB", 0, 1)
    'GRBG'
    """
    count = side(pattern)
    return "".join(
        pattern[(row + down) % count * count + (column + right) % count]
        for row in range(count)
        for column in range(count)
    )


def flip_pattern(pattern: str) -> str:
    """Return the pattern of an image whose rows are in reverse order.

    Parameters
    ----------
    pattern : str
        Pattern with 4, 16 or 36 letters.

    Returns
    -------
    str

    Examples
    --------
    >>> flip_pattern("RGGB")
    'GBRG'
    """
    count = side(pattern)
    return "".join(
        pattern[start : start + count] for start in range(len(pattern) - count, -1, -count)
    )
