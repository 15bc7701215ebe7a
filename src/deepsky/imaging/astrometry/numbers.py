"""Read numbers and angles in metadata."""

import math
import re
from typing import Final

__all__ = ["parse_sexagesimal", "to_number"]

_SEXAGESIMAL: Final = re.compile(
    r"([+-]?)\s*([0-9]{1,3})[:hd°\s]+([0-9]{1,2}(?:\.[0-9]*)?)"
    r"(?:[:m'\s]+([0-9]{1,2}(?:\.[0-9]*)?))?\s*[s\"'m]*"
)
_MAX_LENGTH: Final = 40


def to_number(value: object) -> float | None:
    """Return a value of a header as a number.

    Parameters
    ----------
    value : object
        Number, or text that contains only a number.

    Returns
    -------
    float or None
        None if the value is not a finite number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def parse_sexagesimal(text: str) -> float | None:
    """Return an angle or time that is written in sexagesimal notation.

    Parameters
    ----------
    text : str
        Degrees or hours, minutes, and optionally seconds.

    Returns
    -------
    float or None
        Degrees or hours; None if the text is not in this notation.

    Examples
    --------
    >>> parse_sexagesimal("-05 30 00")
    -5.5
    """
    match = _SEXAGESIMAL.fullmatch(text.strip().lower()) if len(text) <= _MAX_LENGTH else None
    if match is None:
        return None
    sign, whole, minutes, seconds = match.groups()
    value = int(whole) + float(minutes) / 60 + float(seconds or 0) / 3600
    return -value if sign == "-" else value
