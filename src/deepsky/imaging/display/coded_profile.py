"""Create ICC profiles from the code points with which HEIC, AVIF and JPEG XL describe colours."""

from collections.abc import Callable
from typing import Any, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

__all__ = ["LINEAR", "coded_profile"]

LINEAR: Final = 8
"""Code point of the linear transfer function."""

_D65: Final = (0.3127, 0.3290, 1.0)
_PRIMARIES: Final = {
    1: (0.64, 0.33, 0.30, 0.60, 0.15, 0.06),  # BT.709, the primaries of sRGB
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046),  # BT.2020
    12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060),  # Display P3
}
"""Chromaticities x and y of red, green and blue by code point."""

_WHITE: Final = 203.0
"""Luminance of white in high dynamic range images, in candela per square metre (BT.2408)."""

_ENTRIES: Final = 1024


def coded_profile(primaries: int, transfer: int) -> bytes | None:
    """Return an ICC profile for a colour space with white point D65.

    Parameters
    ----------
    primaries : int
        Code point of the colour primaries.
    transfer : int
        Code point of the transfer characteristics.

    Returns
    -------
    bytes or None
        An ICC profile; None for sRGB, for the linear transfer function, which is a matter of the
        stretch, and for unknown or unsupported code points.

    References
    ----------
    ITU-T H.273, tables 2 and 3; ITU-R BT.2100 (PQ and HLG) and BT.2408 (white at 203 cd/m²).
    """
    curve = _CURVES.get(transfer)
    colours = _PRIMARIES.get(primaries, _PRIMARIES[1])
    if curve is None or (colours == _PRIMARIES[1] and curve is _srgb):
        return None
    table = np.rint(np.clip(curve(np.linspace(0, 1, _ENTRIES)), 0, 1) * 65535).astype(np.uint16)
    chromaticities = [
        value for x, y in zip(colours[::2], colours[1::2], strict=True) for value in (x, y, 1.0)
    ]
    return bytes(
        imagecodecs.cms_profile(
            "rgb", whitepoint=_D65, primaries=chromaticities, transferfunction=table
        )
    )


def _srgb(signal: NDArray[Any]) -> NDArray[Any]:
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def _perceptual_quantizer(signal: NDArray[Any]) -> NDArray[Any]:
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = signal ** (1 / m2)
    return 10_000 / _WHITE * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)


def _hybrid_log_gamma(signal: NDArray[Any]) -> NDArray[Any]:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return 1_000 / _WHITE * scene**1.2


_CURVES: Final[dict[int, Callable[[NDArray[Any]], NDArray[Any]]]] = {
    # Images encoded with the transfer function of BT.709 are displayed like sRGB.
    **dict.fromkeys((1, 6, 13, 14, 15), _srgb),
    16: _perceptual_quantizer,
    18: _hybrid_log_gamma,
}
"""Functions that convert the signal (0 to 1) to light relative to white, by code point."""
