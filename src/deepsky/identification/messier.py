"""Decide whether M and a number, such as M42, denote an object of Messier's catalogue.

M42 is also a thread of lenses, M1 a processor, and M50 a camera.
"""

import re
from typing import Final

from deepsky.catalogue.designations import Designation
from deepsky.identification.words import NEXT_WORD, UNITS, WORD, words

__all__ = ["is_messier"]

_TAIL: Final = re.compile(
    r"(?:ha|hb|oiii|o3|sii|s2|nii|hoo|sho|hso|hos|foraxx|rgb|lrgb|hargb|hdr|lum|uv|ir|osc|lp|dso|"
    r"[lrg]|[a-f]|[vp]\d{1,2})(?![A-Za-z])",
    re.IGNORECASE,
)
_PREVIOUS_WORD: Final = re.compile(r"([A-Za-z0-9]{1,12})[^A-Za-z0-9|]{1,3}$")
_PARTS: Final = words(
    "lens lenses adapter adaptor adapters mount thread threads objektiv objektive gewinde ring "
    "screw screws bolt bolts nut nuts schraube schrauben mutter objectif bague filetage vis boulon "
    "takumar helios pentacon to auf t2 extension spacer washer tap anschluss adapterring"
)
_BEFORE_THREAD: Final = words("adapter adaptor spacer thread filter gewinde adapterring")
_THREADS: Final = frozenset(
    {2, 3, 4, 5, 6, 8, 10, 12, 36, 37, 39, 42, 43, 44, 48, 54, 56, 63, 68, 72, 92}
)
_THINGS: Final = words(
    "ssd nvme chip cpu processor max ultra pro mac macbook rifle carbine tank abrams garand "
    "sherman motorway highway autobahn traffic junction earthquake quake flare dwarf mirror money"
)
_MACHINES: Final = words(
    "apple macbook imac ipad mac mini samsung poco xiaomi bmw type class spectral logitech nvidia "
    "tesla hp brother"
)
_CAMERAS: Final = {
    **dict.fromkeys(("eos", "canon"), frozenset({1, 2, 3, 5, 6, 10, 50, 100})),
    "leica": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
    **dict.fromkeys(("olympus", "omd", "sony", "alpha"), frozenset({1, 2, 3, 4, 5, 10})),
}
_CAMERA_BODY: Final = re.compile(r"(?:a[1679][a-z]{0,3}|a\d{3,4}|\d{1,2}d[a-z]?)$", re.IGNORECASE)
_CAMERA_PREFIX: Final = re.compile(r"(?:^|[^A-Za-z0-9])(?:e|x|ef)-$", re.IGNORECASE)
"""Cameras and lenses: E-M1, X-M5, EF-M22."""
_COMET: Final = re.compile(r"(?:^|[^A-Za-z])[CPXDAI][/ _-]?\d{4}[ _-]?$", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:^|\D)(?:19|20)\d\d[ -]$")
_THREAD: Final = re.compile(r" ?[x×] ?\d{1,4}[.,]\d{1,3}(?!\d{0,4} ?s)| ?[/-] ?T-?2(?!\d)")  # noqa: RUF001
_MICRO_FOUR_THIRDS: Final = re.compile(r"/3(?!\d)")
_JOINED: Final = re.compile(r"M\d{1,3}(?!\d)")  # M81M82
_FURTHER_THREAD: Final = re.compile(r"(?: ?[-/] ?M\d{2}){0,2}")  # M48-M42 ring
_DECIMAL: Final = re.compile(r"[.,]\d")
_EXPOSURE: Final = re.compile(r"[.,]\d{1,4} ?(?:s|sec|ms)(?![A-Za-z])", re.IGNORECASE)


def is_messier(text: str, designation: Designation) -> bool:
    """Return whether M and a number in a text denote an object of Messier's catalogue.

    Parameters
    ----------
    text : str
        A text in plain spelling.
    designation : Designation
        M and a number in the text.

    Returns
    -------
    bool
        False if they more probably denote something else, such as a thread of lenses.
    """
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
    word = WORD.match(text, end)
    if word is None:
        return True
    if _JOINED.match(text, end):
        return True
    if _TAIL.match(text, end):
        return number >= 10 or not text[end].islower() or len(word[0]) > 1
    name = word[0]
    if name.lower() in UNITS | _PARTS | _THINGS:
        return False
    return (name[0].isupper() and len(name) > 2) or len(name) > 3


def _precedes_object(text: str, start: int, number: int) -> bool:
    before = text[max(0, start - 30) : start]
    if _COMET.search(before) or (number <= 5 and _YEAR.search(before)):
        return False
    if _CAMERA_PREFIX.search(before):
        return False
    match = _PREVIOUS_WORD.search(before)
    word = match[1].lower() if match else ""
    if word in _MACHINES or "samsung" in before.lower() or "macbook" in before.lower():
        return False
    if number in _CAMERAS.get(word, ()):
        return False
    if number in _THREADS and word in _BEFORE_THREAD:
        return False
    return not (number <= 5 and _CAMERA_BODY.match(word))


def _follows_object(text: str, end: int, number: int) -> bool:
    if number in _THREADS and (thread := _FURTHER_THREAD.match(text, end)):
        end = thread.end()
    following = NEXT_WORD.match(text, end)
    if following is None:
        return True
    second = NEXT_WORD.match(text, following.end())
    words = {following[1].lower()} | ({second[1].lower()} if second else set())
    if following[1].lower() in _THINGS:
        return False
    return not (number in _THREADS and words & _PARTS)
