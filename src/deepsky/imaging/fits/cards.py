"""Parse the cards of a FITS header leniently.

A card that violates the FITS Standard must not prevent an image from being read unless the card is
needed to decode the pixels. Values that are neither numbers, logicals nor quoted strings are
therefore kept as text, and the functions that return numbers name the card if it has no valid one.
"""

import math
import re
from collections.abc import Mapping
from typing import Final

from deepsky.errors import CorruptImageError

__all__ = [
    "CARD",
    "Cards",
    "Value",
    "get_integer",
    "get_number",
    "get_text",
    "parse_cards",
    "parse_value",
]

CARD: Final = 80
"""Length of a card in bytes."""

Value = str | int | float | bool
Cards = Mapping[str, Value]
"""Values by keyword. The lines of ``HISTORY`` and ``COMMENT`` are joined with line feeds."""

_CARD: Final = re.compile(r"([A-Z0-9_-]{1,8}) *= ?(.*)", re.IGNORECASE | re.DOTALL)
_QUOTED: Final = re.compile(r"'((?:[^']|'')*)'?")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_COMMENTARY: Final = ("HISTORY", "COMMENT")


def parse_cards(text: bytes) -> dict[str, Value]:
    """Parse the cards of a header.

    Parameters
    ----------
    text : bytes
        Cards of 80 bytes, without the END card. Control characters are treated as blanks.

    Returns
    -------
    dict
        Values by upper-case keyword; see `Cards`. Of cards with the same keyword, the first counts.
        Cards without a value are omitted.

    References
    ----------
    FITS Standard 4.0 (2018), section 4.

    Examples
    --------
    >>> parse_cards(b"BITPIX  =                   16 / array data type".ljust(80))
    {'BITPIX': 16}
    >>> parse_cards(b"ROWORDER= TOP-DOWN".ljust(80))
    {'ROWORDER': 'TOP-DOWN'}
    """
    values: dict[str, Value] = {}
    lines: dict[str, list[str]] = {keyword: [] for keyword in _COMMENTARY}
    characters = re.sub(r"[\0-\x1f]", " ", text.decode("latin-1"))
    for start in range(0, len(characters), CARD):
        card = characters[start : start + CARD]
        keyword = card[:8].rstrip().upper()
        if keyword in lines:
            lines[keyword].append(card[8:].rstrip())
        elif match := _CARD.match(card):
            value = parse_value(match[2].strip())
            if value is not None:
                values.setdefault(match[1].upper(), value)
    return values | {keyword: "\n".join(text) for keyword, text in lines.items() if text}


def parse_value(text: str) -> Value | None:
    """Return the value at the start of a card's value field, which can end with a comment.

    Parameters
    ----------
    text : str
        Value field without surrounding blanks.

    Returns
    -------
    str, int, float, bool or None
        None if the field is empty. A value that is not valid is returned as text.

    Examples
    --------
    >>> parse_value("'RGGB    ' / colour filters")
    'RGGB'
    """
    if quoted := _QUOTED.match(text):
        return quoted[1].replace("''", "'").rstrip()
    text = text.partition("/")[0].strip()
    if text in ("T", "F"):
        return text == "T"
    return _parse_number(text) if text else None


def _parse_number(text: str) -> Value:
    """Return the number in a text, or the text itself if it is not a number."""
    if _INTEGER.fullmatch(text):
        return int(text)
    try:
        return float(text.upper().replace("D", "E"))  # D is the exponent of double precision
    except ValueError:
        return text


def get_text(cards: Cards, keyword: str) -> str:
    """Return a value as upper-case text.

    Parameters
    ----------
    cards : mapping
        Values by keyword.
    keyword : str
        Keyword of the card.

    Returns
    -------
    str
        The value without surrounding blanks; empty if there is no such card.
    """
    return str(cards.get(keyword, "")).strip().upper()


def get_integer(cards: Cards, keyword: str, default: int | None = None) -> int:
    """Return an integer that is needed to decode the pixels.

    Parameters
    ----------
    cards : mapping
        Values by keyword.
    keyword : str
        Keyword of the card. Only ``BITPIX`` and ``ZBITPIX`` may be negative.
    default : int, optional
        Value if there is no such card. By default, the card is required.

    Returns
    -------
    int

    Raises
    ------
    CorruptImageError
        If the card is missing or does not contain a valid integer.
    """
    number = get_number(cards, keyword, default)
    if number != int(number) or (number < 0 and not keyword.endswith("BITPIX")):
        raise _invalid(keyword, cards.get(keyword), "a valid integer")
    return int(number)


def get_number(cards: Cards, keyword: str, default: float | None = None) -> float:
    """Return a number that is needed to decode the pixels.

    Parameters
    ----------
    cards : mapping
        Values by keyword. Numbers in quotes are accepted.
    keyword : str
        Keyword of the card.
    default : float, optional
        Value if there is no such card. By default, the card is required.

    Returns
    -------
    int or float

    Raises
    ------
    CorruptImageError
        If the card is missing or does not contain a finite number.
    """
    value = cards.get(keyword, default)
    if isinstance(value, str):
        value = _parse_number(value.strip())
    if value is None or isinstance(value, str | bool) or not math.isfinite(value):
        raise _invalid(keyword, cards.get(keyword), "a valid number")
    return value


def _invalid(keyword: str, value: Value | None, expected: str) -> CorruptImageError:
    stated = "no value" if value is None else repr(value)
    msg = (
        f"The FITS header has {stated} for {keyword} instead of {expected}; "
        f"correct the {keyword} card or export the image again."
    )
    return CorruptImageError(msg)
