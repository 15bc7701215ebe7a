"""Common names of objects, such as Andromeda Galaxy, in texts."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from deepsky.catalogue.common_names import read_common_names
from deepsky.catalogue.spelling import plain_spelling

__all__ = ["find_common_names"]

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_MOST_WORDS: Final = 8
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

# Names that are also the names of constellations.
_CONSTELLATIONS: Final = frozenset({"andromeda", "andromede"})
_PLACE: Final = frozenset(("in", "of", "im", "dans", "cons", "constellation", "sternbild"))
# Andromeda I to XXXIII are dwarf galaxies.
_OTHER_ANDROMEDA: Final = re.compile(r"[ivx]{1,6}|constellation|sternbild")


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Return the designations by the letters of the names, without spaces."""
    names: dict[str, list[str]] = {}
    for each in read_common_names():
        name = unicodedata.normalize("NFC", each.name)
        for spelling in {name, name.translate(_UMLAUTS)}:
            designations = names.setdefault(_key(plain_spelling(spelling)), [])
            if each.designation not in designations:
                designations.append(each.designation)
    return {key: tuple(designations) for key, designations in names.items()}


def _key(text: str) -> str:
    return "".join(_WORD.findall(text)).lower()


def find_common_names(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Find the common names of objects in a text.

    The words of a name may be separated, joined by hyphens, or written as one word. Where several
    names start at the same word, the longest one is found. *Andromeda* alone is also the name of
    a constellation, so that it only counts if the text does not use it for a place.

    Parameters
    ----------
    text : str
        A text in plain spelling.

    Yields
    ------
    tuple of (int, int, tuple of str)
        Start and end of the name in the text, and the designations of the objects.
    """
    names = _table()
    longest = max(map(len, names))
    words = [(match.start(), match.end(), match[0].lower()) for match in _WORD.finditer(text)]
    next_word = 0
    for first in range(len(words)):
        if first < next_word:
            continue
        key, found = "", None
        for last in range(first, min(first + _MOST_WORDS, len(words))):
            key += words[last][2]
            if len(key) > longest:
                break
            # Acronyms such as LMC are one word.
            if key in names and (len(key) > 4 or last == first):
                found = last, names[key], key
        if found and not _is_constellation(words, first, found[0], found[2]):
            next_word = found[0] + 1
            yield words[first][0], words[found[0]][1], found[1]


def _is_constellation(words: list[tuple[int, int, str]], first: int, last: int, key: str) -> bool:
    if key not in _CONSTELLATIONS:
        return False
    before = words[first - 1][2] if first else ""
    after = words[last + 1][2] if last + 1 < len(words) else ""
    return before in _PLACE or _OTHER_ANDROMEDA.fullmatch(after) is not None
