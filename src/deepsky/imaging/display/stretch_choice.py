"""Names of the stretches that a user can choose."""

from typing import Final, Literal, get_args

__all__ = ["STRETCHES", "StretchChoice", "check_stretch"]

StretchChoice = Literal["auto", "mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"]
"""``"auto"`` applies ``"mtf"`` to linear images and no stretch to finished ones."""

STRETCHES: Final[tuple[StretchChoice, ...]] = get_args(StretchChoice)


def check_stretch(name: str) -> StretchChoice:
    """Check the name of a stretch.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        `name` itself.

    Raises
    ------
    ValueError
        If `name` is not one of `STRETCHES`.

    Examples
    --------
    >>> check_stretch("gamma")
    Traceback (most recent call last):
        ...
    ValueError: There is no stretch named 'gamma'; choose one of auto, mtf, asinh, log, sqrt, \
linear, zscale, percentile.
    """
    if name not in STRETCHES:
        msg = f"There is no stretch named {name!r}; choose one of {', '.join(STRETCHES)}."
        raise ValueError(msg)
    return name
