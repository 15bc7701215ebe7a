"""Decide from the context whether characters such as M42 denote an object.

The short forms of designations also denote other things: M42 is a thread of lenses, M1 a processor,
C14 a telescope, and B 300 an exposure through a blue filter.
"""

import re
from typing import Final

from deepsky.catalogue.designations import Designation

__all__ = ["denotes_object", "has_channels", "is_short_form", "number_ends"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNITS: Final = _words(
    "s sec secs second seconds sek min mins minute minutes h hr hrs x mm cm m km nm um v p k mp px "
    "mb gb ts u st nd rd th fps hz iso deg lights light frames frame subs sub darks flats bilder "
    "aufnahmen poses images"
)
_TAIL: Final = re.compile(
    r"(?:ha|hb|oiii|o3|sii|s2|nii|hoo|sho|hso|hos|foraxx|rgb|lrgb|hargb|hdr|lum|uv|ir|osc|lp|dso|"
    r"[lrg]|[a-f]|[vp]\d{1,2})(?![A-Za-z])",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-z]{1,20}")
_NEXT_WORD: Final = re.compile(r"[^A-Za-z0-9|]{0,3}([A-Za-z]{1,20})(?![A-Za-z0-9])")
_PREVIOUS_WORD: Final = re.compile(r"([A-Za-z0-9]{1,12})[^A-Za-z0-9|]{1,3}$")

_PARTS: Final = _words(
    "lens lenses adapter adaptor adapters mount thread threads objektiv objektive gewinde ring "
    "screw screws bolt bolts nut nuts schraube schrauben mutter objectif bague filetage vis boulon "
    "takumar helios pentacon to auf t2 extension spacer washer tap anschluss adapterring"
)
_THREADS: Final = frozenset(
    {2, 3, 4, 5, 6, 8, 10, 12, 36, 37, 39, 42, 43, 44, 48, 54, 56, 63, 68, 72, 92}
)
_THINGS: Final = _words(
    "ssd nvme chip cpu processor max ultra pro mac macbook rifle carbine tank abrams garand "
    "sherman motorway highway autobahn traffic junction earthquake quake flare dwarf mirror money"
)
_MACHINES: Final = _words(
    "apple macbook imac ipad mac mini samsung poco xiaomi bmw type class spectral logitech nvidia "
    "tesla hp brother"
)
_CAMERAS: Final = {
    **dict.fromkeys(("eos", "canon"), frozenset({1, 2, 3, 5, 6, 10, 50, 100})),
    "leica": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
    **dict.fromkeys(("olympus", "omd", "sony", "alpha"), frozenset({1, 2, 3, 4, 5, 10})),
}
_CAMERA_BODY: Final = re.compile(r"(?:a[1679][a-z]{0,3}|a\d{3,4}|\d{1,2}d[a-z]?)$", re.IGNORECASE)
_COMET: Final = re.compile(r"(?:^|[^A-Za-z])[CPXDAI][/ _-]?\d{4}[ _-]?$", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:^|\D)(?:19|20)\d\d[ -]$")
_NOT_A_COUNT: Final = re.compile(r" ?[x×] ?\d|[.,]\d|:\d")  # noqa: RUF001
_THREAD: Final = re.compile(r" ?[x×] ?\d{1,4}[.,]\d{1,3}(?!\d{0,4} ?s)| ?[/-] ?T-?2(?!\d)")  # noqa: RUF001
_MICRO_FOUR_THIRDS: Final = re.compile(r"/3(?!\d)")
_DECIMAL: Final = re.compile(r"[.,]\d")
_EXPOSURE: Final = re.compile(r"[.,]\d{1,4} ?(?:s|sec|ms)(?![A-Za-z])", re.IGNORECASE)
_COMPONENTS: Final = _words("chip timer circuit sockel socket train zug")

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
    following = _NEXT_WORD.match(text, end)
    if _has_unit(text, end) or (following and following[1].lower() in _UNITS):
        return False
    return not _NOT_A_COUNT.match(text, end)


def _has_unit(text: str, end: int) -> bool:
    """Return whether a unit or decimal places, as in 1p5, are joined to a number."""
    word = _WORD.match(text, end)
    return word is not None and word[0].lower() in _UNITS


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
        return _is_messier(text, designation)
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
    return not _has_unit(text, designation.end)


def _is_name(text: str, designation: Designation) -> bool:
    following = _NEXT_WORD.match(text, designation.end)
    photo = following is not None and following[1].lower() in ("photo", "photos", "image", "foto")
    return designation.written[0].isupper() and len(designation.written) > 2 and not photo


def _is_index_catalogue(text: str, designation: Designation) -> bool:
    # IC_2024 is more probably a year than the galaxy.
    if designation.separator in ("_", "-") and 1990 <= designation.number <= 2039:
        return False
    following = _NEXT_WORD.match(text, designation.end)
    circuit = following is not None and following[1].lower() in _COMPONENTS
    return not circuit and not _has_unit(text, designation.end)


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
    return others or not (before or after)


def _is_messier(text: str, designation: Designation) -> bool:
    start, end = designation.start, designation.end
    number, separator, lower = designation.number, designation.separator, designation.written == "m"
    digits = text[start + 1 + len(separator) : end]
    if digits.startswith("0") and (separator or (lower and number < 10) or len(digits) > 3):
        return False
    if separator and lower and (text[max(0, start - 2) : start].strip()[-1:].isdigit()):
        return False  # the unit in 35 m 17 s
    if separator in ("-", "_") and lower and number < 10:
        return False
    return (
        _number_of_messier_ends(text, end, separator, number)
        and _precedes_object(text, start, number)
        and _follows_object(text, end, number)
    )


def _number_of_messier_ends(text: str, end: int, separator: str, number: int) -> bool:
    if text[end : end + 1] == ":" or (number == 4 and _MICRO_FOUR_THIRDS.match(text, end)):
        return False  # a scale, or micro four thirds
    if _DECIMAL.match(text, end):
        return number >= 10 and not separator and not _EXPOSURE.match(text, end)
    if _THREAD.match(text, end):
        return False
    word = _WORD.match(text, end)
    if word is None:
        return True
    if _TAIL.match(text, end):
        return number >= 10 or not text[end].islower() or len(word[0]) > 1
    name = word[0]
    if name.lower() in _UNITS | _PARTS | _THINGS:
        return False
    return (name[0].isupper() and len(name) > 2) or len(name) > 3


def _precedes_object(text: str, start: int, number: int) -> bool:
    before = text[max(0, start - 30) : start]
    if _COMET.search(before) or (number <= 5 and _YEAR.search(before)):
        return False
    if before[-2:].lower() in ("e-", "x-") and not before[-3:-2].isalnum():
        return False  # cameras: E-M1, X-M5
    match = _PREVIOUS_WORD.search(before)
    word = match[1].lower() if match else ""
    if word in _MACHINES or "samsung" in before.lower() or "macbook" in before.lower():
        return False
    if number in _CAMERAS.get(word, ()):
        return False
    return not (number <= 5 and _CAMERA_BODY.match(word))


def _follows_object(text: str, end: int, number: int) -> bool:
    following = _NEXT_WORD.match(text, end)
    if following is None:
        return True
    second = _NEXT_WORD.match(text, following.end())
    words = {following[1].lower()} | ({second[1].lower()} if second else set())
    if following[1].lower() in _THINGS:
        return False
    return not (number in _THREADS and words & _PARTS)
