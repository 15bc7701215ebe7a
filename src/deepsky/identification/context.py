"""Decide from the context whether characters such as M42 denote an object.

The short forms of designations also denote other things: M42 is a thread of lenses, M1 a processor,
C14 a telescope, and B 300 an exposure through a blue filter.
"""

import re
from typing import Final

from deepsky.catalogue.designations import Designation
from deepsky.identification.messier import is_messier
from deepsky.identification.words import NEXT_WORD, has_unit, number_ends, words

__all__ = ["denotes_object", "has_channels", "is_short_form"]


_COMPONENTS: Final = words("chip timer circuit sockel socket train zug")

# An exposure through a blue filter has no other filters.
_CHANNELS: Final = re.compile(
    r"[ _-](?:ha|ha-?l?rgb|l?rgb|hoo|sho|h-?alpha)(?![A-Za-z0-9])", re.IGNORECASE
)
_OTHER_CHANNEL: Final = re.compile(r"(?:^|[^A-Za-z0-9])[RGLH][ _-]?\d", re.IGNORECASE)
_TELESCOPES: Final = frozenset({11, 14, 90})
_AIRCRAFT_AND_VITAMINS: Final = frozenset({12, 17, 29, 52})

_CAPITALISED: Final = frozenset({"Mel", "Cr", "Tr", "Ou", "Palomar", "Gum", "Jones", "WR"})


def is_short_form(designation: Designation) -> bool:
    """Return whether the name of the catalogue is written as one letter other than M.

    Parameters
    ----------
    designation : Designation
        A designation in a text.

    Returns
    -------
    bool
        True for Barnard's and Caldwell's objects written as in B 33 and C 49.
    """
    return designation.written.lower() in ("b", "c")


def has_channels(text: str) -> bool:
    """Return whether a text numbers the images of colour channels, as in ``R 20 G 20 B 20``.

    Parameters
    ----------
    text : str
        A text in plain spelling.

    Returns
    -------
    bool
        True if R, G, L or H is followed by a number.
    """
    return _OTHER_CHANNEL.search(text) is not None


def denotes_object(text: str, designation: Designation, others: bool) -> bool:
    """Return whether a designation in a text denotes an object there.

    Parameters
    ----------
    text : str
        A text in plain spelling.
    designation : Designation
        A designation in the text.
    others : bool
        Whether the text contains other designations or names of objects.

    Returns
    -------
    bool
        False if the characters more probably denote something else, such as a camera.
    """
    written = designation.written
    if is_short_form(designation):
        return _is_short_form_of_object(text, designation, others)
    if designation.catalogue == "M" and len(written) == 1:
        return is_messier(text, designation)
    if designation.catalogue == "Minkowski" and len(written) == 1:
        return _is_minkowski(text, designation)
    if designation.catalogue == "IC":
        return _is_index_catalogue(text, designation)
    if designation.catalogue in ("Stock", "Berkeley") and not _is_name(text, designation):
        return False
    if designation.catalogue in _CAPITALISED and len(written) < 5:
        digits = text[
            designation.start + len(written) + len(designation.separator) : designation.end
        ]
        if digits.startswith("0") or (written.islower() and designation.separator):
            return False
        # CR2 and CR3 are formats of raw images.
        if written.lower() == "cr" and not designation.separator and designation.number in (2, 3):
            return False
    return not has_unit(text, designation.end)


def _is_name(text: str, designation: Designation) -> bool:
    following = NEXT_WORD.match(text, designation.end)
    photo = following is not None and following[1].lower() in ("photo", "photos", "image", "foto")
    return designation.written[0].isupper() and len(designation.written) > 2 and not photo


def _is_index_catalogue(text: str, designation: Designation) -> bool:
    # IC_2024 is more probably a year than the galaxy.
    if designation.separator in ("_", "-") and 1990 <= designation.number <= 2039:
        return False
    following = NEXT_WORD.match(text, designation.end)
    circuit = following is not None and following[1].lower() in _COMPONENTS
    return not circuit and not has_unit(text, designation.end)


def _is_minkowski(text: str, designation: Designation) -> bool:
    # M 3-1 is more probably the first image of M 3; M 2-9 is well known.
    digits = text[designation.start : designation.end].rsplit("-", 1)[1]
    return (len(digits) == 2 or designation.name == "M 2-9") and number_ends(text, designation.end)


def _is_short_form_of_object(text: str, designation: Designation, others: bool) -> bool:
    start, end, number = designation.start, designation.end, designation.number
    digits = text[start + 1 + len(designation.separator) : end]
    if not designation.written.isupper() or number < 10 or digits.startswith("0"):
        return False
    if designation.separator not in ("", " ") or not number_ends(text, end):
        return False
    if text[end : end + 1].isalpha():
        return False
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if designation.separator and before == after == "_":
        return True  # a field of a smart telescope's file name: Stacked_90_C 33_10.0s
    if number in (_AIRCRAFT_AND_VITAMINS if designation.written == "B" else _TELESCOPES):
        return False
    return others or not (before or (after and not _CHANNELS.match(text, end)))
