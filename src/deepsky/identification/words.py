"""Words and units after a number in a text."""

import re
from typing import Final

__all__ = ["NEXT_WORD", "UNITS", "WORD", "has_unit", "number_ends", "words"]


def words(text: str) -> frozenset[str]:
    """Return the words of a text.

    Parameters
    ----------
    text : str
        Words, separated by spaces.

    Returns
    -------
    frozenset of str
    """
    return frozenset(text.split())


UNITS: Final = words(
    "s sec secs second seconds sek min mins minute minutes h hr hrs x mm cm m km nm um v p k mp px "
    "mb gb ts u st nd rd th fps hz iso deg lights light frames frame subs sub darks flats bilder "
    "aufnahmen poses images"
)
WORD: Final = re.compile(r"[A-Za-z]{1,20}")
NEXT_WORD: Final = re.compile(r"[^A-Za-z0-9|]{0,3}([A-Za-z]{1,20})(?![A-Za-z0-9])")
_NOT_A_COUNT: Final = re.compile(r" ?[x×] ?\d|[.,]\d|:\d")  # noqa: RUF001


def number_ends(text: str, end: int) -> bool:
    """Return whether a number in a text has no unit or decimal places.

    Parameters
    ----------
    text : str
        A text in plain spelling.
    end : int
        The end of the number in the text.

    Returns
    -------
    bool
        False for the 10 of ``10s``, ``10 frames``, ``10x300`` and ``10.0``.
    """
    following = NEXT_WORD.match(text, end)
    if has_unit(text, end) or (following and following[1].lower() in UNITS):
        return False
    return not _NOT_A_COUNT.match(text, end)


def has_unit(text: str, end: int) -> bool:
    """Return whether a unit or decimal places, as in 1p5, are joined to a number.

    Parameters
    ----------
    text : str
        A text in plain spelling.
    end : int
        The end of the number in the text.

    Returns
    -------
    bool
    """
    word = WORD.match(text, end)
    return word is not None and word[0].lower() in UNITS
