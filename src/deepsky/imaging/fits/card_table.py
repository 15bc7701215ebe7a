"""List the cards of a FITS header as a table for display."""

import re
from typing import Final, NamedTuple

from deepsky.imaging.fits.cards import CARD, Cards

__all__ = ["CardRow", "list_cards", "list_values"]

_CONTROL: Final = re.compile(r"[\0-\x1f\x7f-\x9f]")
_VALUE: Final = re.compile(r"=\s*('(?:[^']|'')*'?|[^/]*)\s*(?:/(.*))?", re.DOTALL)
_MAX_VALUE: Final = 1_000


class CardRow(NamedTuple):
    """A row of the table.

    Attributes
    ----------
    keyword, value, comment : str
        Texts of the card without surrounding blanks; the comment can be empty.
    """

    keyword: str
    value: str
    comment: str = ""


def list_cards(text: bytes) -> list[CardRow]:
    """List the cards of a header in their order, without blank cards.

    Parameters
    ----------
    text : bytes
        Cards of 80 bytes, without the END card. Control characters are treated as blanks.

    Returns
    -------
    list of CardRow

    Examples
    --------
    >>> list_cards(b"OBJECT  = 'M 51    '           / name of the object".ljust(80))
    [CardRow(keyword='OBJECT', value='M 51', comment='name of the object')]
    """
    characters = _CONTROL.sub(" ", text.decode("latin-1"))
    cards = (characters[start : start + CARD] for start in range(0, len(characters), CARD))
    return [_parse_row(card) for card in cards if card.strip()]


def list_values(cards: Cards) -> list[CardRow]:
    """List values by keyword; each line of a text is a row.

    Parameters
    ----------
    cards : mapping
        Values by keyword.

    Returns
    -------
    list of CardRow

    Examples
    --------
    >>> list_values({"GAIN": 100})
    [CardRow(keyword='GAIN', value='100', comment='')]
    """
    return [
        CardRow(_CONTROL.sub(" ", keyword)[:_MAX_VALUE], _CONTROL.sub(" ", line)[:_MAX_VALUE])
        for keyword, value in cards.items()
        for line in str(value).splitlines()
    ]


def _parse_row(card: str) -> CardRow:
    keyword, rest = card[:8].strip(), card[8:]
    found = _VALUE.match(rest)
    if found is None:  # HISTORY, COMMENT and other cards without a value
        return CardRow(keyword, rest.strip())
    value = found[1].strip()
    if value.startswith("'"):
        value = value.removeprefix("'").removesuffix("'").replace("''", "'").rstrip()
    return CardRow(keyword, value, (found[2] or "").strip())
