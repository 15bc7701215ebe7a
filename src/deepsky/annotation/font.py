"""The font of annotated images, which Pillow contains, and the width of texts."""

import unicodedata
from functools import lru_cache
from typing import Final

from PIL import ImageFont

__all__ = ["load_font", "shorten", "text_width", "to_plain"]

_KEPT: Final = "°·…"
_ELLIPSIS: Final = "…"
_REPLACED: Final = str.maketrans({"’": "'", "‘": "'", "–": "-", "−": "-", "ß": "ss", "ø": "o"})  # noqa: RUF001


@lru_cache(64)
def load_font(size: float) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """Return the font at a size.

    Parameters
    ----------
    size : float
        Font size in pixels.
    """
    return ImageFont.load_default(size)


def to_plain(text: str) -> str:
    """Replace characters that the font does not contain, such as letters with accents.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> to_plain("Höhlennebel")
    'Hohlennebel'
    """
    letters = unicodedata.normalize("NFKD", text.translate(_REPLACED))
    return "".join(c for c in letters if (c.isascii() and c.isprintable()) or c in _KEPT)


def text_width(text: str, size: float) -> float:
    """Return the width of a text.

    Parameters
    ----------
    text : str
    size : float
        Font size in pixels.

    Returns
    -------
    float
        Width in pixels. The sans-serif fonts of programs that display SVG have similar widths.
    """
    return load_font(size).getlength(to_plain(text))


def shorten(text: str, size: float, width: float) -> str:
    """Cut off the end of a text that is too wide.

    Parameters
    ----------
    text : str
    size : float
        Font size in pixels.
    width : float
        Maximum width in pixels.

    Returns
    -------
    str
        The text, or its beginning followed by an ellipsis; empty if not even that fits.
    """
    if text_width(text, size) <= width:
        return text
    for length in range(len(text) - 1, 0, -1):
        shorter = text[:length].rstrip(" ,·") + _ELLIPSIS
        if text_width(shorter, size) <= width:
            return shorter
    return ""
