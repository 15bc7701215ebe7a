"""Angles as texts."""

from typing import Final

__all__ = ["angle_text", "declination_text", "field_text", "right_ascension_text"]

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
    return _in_unit(value, *_choose_unit(value))


def field_text(width: float, height: float) -> str:
    """Return the size of a field, with the same unit for both sides.

    Parameters
    ----------
    width, height : float
        Size in degrees.

    Examples
    --------
    >>> field_text(0.7, 1.25), field_text(0.5, 0.3)
    ('0.7° x 1.2°', "30' x 18'")
    """
    unit = _choose_unit(max(width, height))
    return f"{_in_unit(width, *unit)} x {_in_unit(height, *unit)}"


def _choose_unit(value: float) -> tuple[str, float]:
    units = {"°": 1.0, "'": _MINUTE}
    return next((item for item in units.items() if value >= 0.9995 * item[1]), ('"', _SECOND))


def _in_unit(value: float, unit: str, size: float) -> str:
    number = value / size
    text = f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
    return text + unit
