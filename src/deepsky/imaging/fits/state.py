"""Find out from a FITS header whether an image is linear or finished."""

import re
from typing import Final

from deepsky.imaging.decoded import State
from deepsky.imaging.fits.cards import Cards, get_text

__all__ = ["find_state"]

_STRETCHES: Final = re.compile(
    # PixInsight
    r"HistogramTransformation|CurvesTransformation|MaskedStretch|ArcsinhStretch"
    r"|GeneralizedHyperbolicStretch"
    # Siril
    r"|Histogram Transf|Asinh Transf|Autostretch|\bGHS\b",
    re.IGNORECASE,
)
"""Entries that processing programs add to ``HISTORY`` when they stretch an image."""

_EXPOSURES: Final = re.compile(r"light|object|science", re.IGNORECASE)
_SENSOR_BITS: Final = 16


def find_state(cards: Cards) -> State | None:
    """Return the state of an image if its header states it plainly.

    Parameters
    ----------
    cards : mapping of str to str, int, float or bool
        The header.

    Returns
    -------
    {"linear", "finished"} or None
        ``"finished"`` if the history mentions a stretch. ``"linear"`` for a camera's exposure, that
        is, 16-bit integers with ``IMAGETYP``, an exposure time and no history.
    """
    history = str(cards.get("HISTORY", ""))
    if _STRETCHES.search(history):
        return "finished"
    is_exposure = (
        not history
        and cards.get("BITPIX") == _SENSOR_BITS
        and _EXPOSURES.search(get_text(cards, "IMAGETYP"))
        and ("EXPTIME" in cards or "EXPOSURE" in cards)
    )
    return "linear" if is_exposure else None
