"""Angles as texts."""

from typing import Final

__all__ = ["angle_text", "declination_text", "right_ascension_text"]

_MINUTE: Final = 1 / 60
_SECOND: Final = 1 / 3600


def right_ascension_text(value: float, step: float = 0.0) -> str:
    """Return a right ascension in hours, minutes and seconds.

    Parameters
    ----------
    value : float
        Right ascension in degrees, 0 to 360.
    step : float
        Precision in degrees; minutes and seconds are omitted if it is a multiple of them.

    Examples
    --------
    >>> right_ascension_text(10.684), right_ascension_text(11.25, 1.25)
    ('0h 42m 44s', '0h 45m')
    """
    unit = step / 15
    decimals = 1 if 0 < unit < 0.999 * _SECOND else 0
    seconds = round(value / 15 * 3600, decimals) % 86400
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    if unit >= 0.999:
        return f"{hours:.0f}h"
    if unit >= 0.999 * _MINUTE:
        return f"{hours:.0f}h {minutes:02.0f}m"
    return f"{hours:.0f}h {minutes:02.0f}m {seconds:0{2 + 2 * decimals}.{decimals}f}s"


def declination_text(value: float, step: float = 0.0) -> str:
    """Return a declination in degrees, minutes and seconds.

    Parameters
    ----------
    value : float
        Declination in degrees, -90 to 90.
    step : float
        Precision in degrees; minutes and seconds are omitted if it is a multiple of them.

    Examples
    --------
    >>> declination_text(-5.5, 0.5), declination_text(20, 5)
    ("-5° 30'", '+20°')
    """
    seconds = round(abs(value) * 3600)
    sign = "-" if value < 0 and seconds else "+"
    degrees, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    if step >= 0.999:
        return f"{sign}{degrees}°"
    if step >= 0.999 * _MINUTE:
        return f"{sign}{degrees}° {minutes:02d}'"
    return f"{sign}{degrees}° {minutes:02d}' {seconds:02d}\""


def angle_text(value: float) -> str:
    """Return an angular size with two or three significant digits.

    Parameters
    ----------
    value : float
        Angle in degrees.

    Examples
    --------
    >>> angle_text(3.16), angle_text(0.5), angle_text(0.001)
    ('3.2°', "30'", '3.6"')
    """
    for unit, size in (("°", 1.0), ("'", _MINUTE), ('"', _SECOND)):
        number = value / size
        if number >= 0.9995 or unit == '"':
            break
    text = f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
    return text + unit
