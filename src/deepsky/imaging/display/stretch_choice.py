"""Names of the stretches that a user can choose."""

import re
from dataclasses import dataclass
from typing import Final, Literal, NewType, get_args

__all__ = [
    "BACKGROUND",
    "MIDTONES",
    "PATTERN",
    "SHADOWS",
    "STRETCHES",
    "CustomStretch",
    "Midtones",
    "StretchChoice",
    "StretchName",
    "check_stretch",
    "parse_midtones",
]

StretchName = Literal["auto", "mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"]
"""``"auto"`` applies ``"mtf"`` to linear images and no stretch to finished ones."""

CustomStretch = NewType("CustomStretch", str)
"""Name of the stretch ``"mtf"`` with parameters, such as ``"mtf-0.2-1.5"``; see `Midtones`."""

StretchChoice = StretchName | CustomStretch
"""Name of a stretch, with or without parameters."""

STRETCHES: Final[tuple[StretchName, ...]] = get_args(StretchName)

BACKGROUND: Final = 0.12
"""Default for the brightness of the sky after the stretch, 0 to 1."""

SHADOWS: Final = 2.8
"""Default for the distance from the black point to the median, in normalised deviations."""

_CUSTOM: Final = r"mtf-(0\.(?:0[1-9]|[1-9][0-9]?))-([01]?[0-9](?:\.[0-9])?|20(?:\.0)?)"

PATTERN: Final = f"(?:{'|'.join(STRETCHES)}|{_CUSTOM})"
"""Regular expression for the names of the stretches, with or without parameters."""


@dataclass(frozen=True, slots=True)
class Midtones:
    """Parameters of the stretch ``"mtf"``.

    Attributes
    ----------
    background : float
        Brightness of the sky after the stretch, from 0.01 to 0.99.
    shadows : float
        Distance from the black point to the median, from 0 to 20 normalised median absolute
        deviations. The lower it is, the more of the sky background is black.

    Examples
    --------
    >>> Midtones(background=0.2, shadows=1.5).name
    'mtf-0.2-1.5'
    >>> Midtones().name
    'mtf'
    """

    background: float = BACKGROUND
    shadows: float = SHADOWS

    @property
    def name(self) -> StretchChoice:
        """Name of the stretch with these parameters; ``"mtf"`` for the defaults."""
        if self == MIDTONES:
            return "mtf"
        return CustomStretch(f"mtf-{self.background:g}-{self.shadows:g}")


MIDTONES: Final = Midtones()
"""Default parameters of the stretch ``"mtf"``."""


def check_stretch(name: str) -> StretchChoice:
    """Check the name of a stretch.

    Parameters
    ----------
    name : str
        One of `STRETCHES`, or ``mtf-BACKGROUND-SHADOWS`` with the parameters of `Midtones`:
        BACKGROUND with at most two decimals, and SHADOWS with at most one.

    Returns
    -------
    str
        `name`, with parameters in their shortest form.

    Raises
    ------
    ValueError
        If there is no such stretch.

    Examples
    --------
    >>> check_stretch("mtf-0.20-1.0")
    'mtf-0.2-1'
    >>> check_stretch("gamma")
    Traceback (most recent call last):
        ...
    ValueError: There is no stretch named 'gamma'; choose one of auto, mtf, asinh, log, sqrt, \
linear, zscale, percentile, or for example mtf-0.2-1.5 (brightness of the sky from 0.01 to 0.99, \
and depth of the black point from 0 to 20).
    """
    for known in STRETCHES:
        if name == known:
            return known
    midtones = parse_midtones(name)
    if midtones is None:
        msg = (
            f"There is no stretch named {name!r}; choose one of {', '.join(STRETCHES)}, or for "
            "example mtf-0.2-1.5 (brightness of the sky from 0.01 to 0.99, and depth of the black "
            "point from 0 to 20)."
        )
        raise ValueError(msg)
    return midtones.name


def parse_midtones(name: str) -> Midtones | None:
    """Return the parameters in the name of a stretch.

    Parameters
    ----------
    name : str

    Returns
    -------
    Midtones or None
        None if the name is not ``"mtf"`` with valid parameters.

    Examples
    --------
    >>> parse_midtones("mtf-0.2-1.5")
    Midtones(background=0.2, shadows=1.5)
    """
    found = re.fullmatch(_CUSTOM, name)
    return None if found is None else Midtones(float(found[1]), float(found[2]))
