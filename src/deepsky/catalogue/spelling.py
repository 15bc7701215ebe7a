"""Plain spelling of texts in many scripts, in which rules can find names."""

import re
import unicodedata
from typing import Final

__all__ = ["plain_spelling"]

_NOT_LETTERS: Final = ("<super>", "<sub>", "<square>", "<fraction>", "<circle>")
_REPLACED: Final = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "SS",
        "œ": "oe",
        "Œ": "Oe",
        "æ": "ae",
        "Æ": "Ae",
        "ø": "o",
        "Ø": "O",
        "М": "M",  # noqa: RUF001
        "’": "'",  # noqa: RUF001
        "‐": "-",  # noqa: RUF001
        "‑": "-",  # noqa: RUF001
        "–": "-",  # noqa: RUF001
        "—": "-",
        "−": "-",  # noqa: RUF001
    }
)


def plain_spelling(text: str) -> str:
    r"""Return a text without accents, with ASCII variants of letters, digits, hyphens and spaces.

    Full-width letters and digits become ASCII characters, invisible format characters are
    removed, and runs of white space become one space. Control characters become ``|``, which no
    name contains. Superscripts, such as the one in m², become spaces, so that they are not taken
    for numbers. The Cyrillic letter Em becomes the Latin M of Messier.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text in plain spelling, without white space at its ends.

    Examples
    --------
    >>> from deepsky.catalogue.spelling import plain_spelling
    >>> plain_spelling("Galaxie d\u2019Andromède")
    "Galaxie d'Andromede"
    """
    if text.isascii() and text.isprintable():
        return re.sub(" +", " ", text).strip()
    characters = "".join(map(_plain_character, text))
    decomposed = unicodedata.normalize("NFKD", characters).translate(_REPLACED)
    letters = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    return re.sub(r"\s+", " ", letters).strip()


def _plain_character(character: str) -> str:
    if character in "\t\r\n":
        return " "
    if unicodedata.category(character) in ("Cc", "Cs", "Co"):
        return "|"
    if unicodedata.decomposition(character).startswith(_NOT_LETTERS):
        return " "
    return character
