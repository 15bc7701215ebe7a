"""Names of objects in texts: designations and common names."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from deepsky.catalogue.designations import Designation, designation_at, normalise
from deepsky.catalogue.spelling import plain_spelling
from deepsky.identification.common_names import find_common_names
from deepsky.identification.context import (
    denotes_object,
    has_channels,
    is_short_form,
)
from deepsky.identification.words import number_ends

__all__ = ["find_names"]

_LONGEST_TEXT: Final = 10_000
"""Number of characters of a text that are read."""

# Where a designation may start: at a word, at a capital letter within a word (HaIC1396), at an M
# after a time (22-02-05M57) or a Messier number (M81M82), at IC after an IC number, and at NGC,
# which occurs in no other word.
_STARTS: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]|(?<=[a-z])[A-Z](?=[A-Za-z])|(?<=-[0-9]{2}-[0-9]{2})M(?=[0-9]{2})"
    r"|[Nn](?=[Gg][Cc])|(?:(?<=M[0-9])|(?<=M[0-9]{2})|(?<=M[0-9]{3}))M(?=[0-9])"
    r"|(?:(?<=IC[0-9]{2})|(?<=IC[0-9]{3})|(?<=IC[0-9]{4}))I(?=C[0-9])"
)

_FURTHER: Final = re.compile(
    r" ?(/|&|\+|-|_|,? ?(?:and|und|et)(?= )) ?(\d{1,5})(?!\d)", re.IGNORECASE
)
_WITH_FURTHER: Final = frozenset(
    ("M", "C", "NGC", "IC", "Sh2", "B", "vdB", "LDN", "LBN", "Arp", "Abell", "ACO", "Ced")
)

_LONGEST_RANGE: Final = 50
"""Largest difference of two NGC numbers that a hyphen joins: IC 1805-1848."""
_YEARS: Final = range(1990, 2040)

_CLUSTER_AFTER: Final = re.compile(
    r"[ _(-]{0,3}(?:galaxy |galaxien-?)?(?:cluster|haufen)|[ _(-]{0,3}amas de galaxies",
    re.IGNORECASE,
)
_CLUSTER_BEFORE: Final = re.compile(
    r"(?:galaxy[ _-]?cluster|haufen|cluster of galaxies|amas de galaxies|amas)[ _:,(-]{1,3}$",
    re.IGNORECASE,
)


def find_names(text: str) -> list[str]:
    """Find the names of deep-sky objects in a text, such as a FITS header's OBJECT.

    Parameters
    ----------
    text : str
        Any text. Only its first 10,000 characters are read.

    Returns
    -------
    list of str
        Designations in their canonical spelling, in the order of the text, each of them once.
        Common names, such as *Orion Nebula*, are replaced by designations. Names of comets,
        planets and stars are not included. See `deepsky.catalogue.designations.normalise` for
        the spellings, and for Abell's planetary nebulae and galaxy clusters.

    Notes
    -----
    The time is proportional to the length of the text.

    Examples
    --------
    >>> from deepsky.identification.names import find_names
    >>> find_names("M 81/82 and NGC3077")
    ['M 81', 'M 82', 'NGC 3077']
    >>> find_names("Pferdekopfnebel, EOS M50")
    ['B 33']
    """
    plain = plain_spelling(text[:_LONGEST_TEXT])[:_LONGEST_TEXT]
    places = [(start, names) for start, _, names in find_common_names(plain)]
    designations = list(_designations(plain))
    short = [found for found in designations if is_short_form(found)]
    long = [found for found in designations if not is_short_form(found)]
    objects = [found for found in long if denotes_object(plain, found, others=True)]
    others = bool(places or objects) and not has_channels(plain)
    objects += [found for found in short if denotes_object(plain, found, others)]
    places += [(found.start, (_name(plain, found), *_further(plain, found))) for found in objects]
    return list(dict.fromkeys(name for _, names in sorted(places) for name in names))


def _designations(text: str) -> Iterator[Designation]:
    end = 0
    for start in _STARTS.finditer(text):
        if start.start() < end:
            continue
        found = designation_at(text, start.start())
        if found is None:
            continue
        if found.catalogue == "Minkowski" and not denotes_object(text, found, others=False):
            found = _messier(text, found) or found
        end = found.end
        yield found


def _messier(text: str, minkowski: Designation) -> Designation | None:
    """Return M 3 for the text M 3-1."""
    written = text[minkowski.start : minkowski.end].rpartition("-")[0]
    found = designation_at(written, 0)
    start = minkowski.start
    return replace(found, start=start, end=start + len(written)) if found else None


def _name(text: str, found: Designation) -> str:
    if found.catalogue in ("NGC", "IC") and found.name[-1].isalpha():
        # Lower-case letters number images, and B is a filter.
        component = text[found.end - 1]
        return found.name if component.isupper() and component != "B" else found.name[:-1]
    if found.catalogue == "Abell" and found.written.lower() == "abell":
        before = text[max(0, found.start - 25) : found.start]
        if _CLUSTER_AFTER.match(text, found.end) or _CLUSTER_BEFORE.search(before):
            return f"ACO {found.number}"
    return found.name


def _further(text: str, found: Designation) -> Iterator[str]:
    """Yield further designations of the same catalogue: M 82 in M 81/82."""
    if found.catalogue not in _WITH_FURTHER:
        return
    number, end = found.number, found.end
    while (match := _FURTHER.match(text, end)) and number_ends(text, match.end()):
        if found.catalogue in ("NGC", "IC") and _is_range(number, match[1], match[2]):
            following = int(match[2])
        else:
            following = _following_number(number, match[1], match[2])
        name = normalise(f"{found.catalogue} {following}") if following else None
        if name is None:
            return
        yield name
        number, end = following, match.end()


def _is_range(number: int, separator: str, digits: str) -> bool:
    """Return whether digits continue a number as in NGC 6960-6992, rather than count images."""
    following = int(digits)
    return (
        separator in ("-", "_")
        and 3 <= len(digits) == len(str(number))
        and 0 < following - number <= _LONGEST_RANGE
        and following not in _YEARS
    )


def _following_number(number: int, separator: str, digits: str) -> int:
    """Return the number that the digits after a separator stand for, or 0 if there is none."""
    previous = str(number)
    if digits.startswith("0") or len(digits) > len(previous) or separator == "_":
        return 0
    shortened = separator in "/-" and len(digits) < len(previous)
    following = int(previous[: -len(digits)] + digits) if shortened else int(digits)
    if separator == "/":
        return following if 0 < following - number <= 200 else 0
    if separator == "-":
        return following if len(digits) > 1 and 0 < following - number <= 5 else 0
    return following
