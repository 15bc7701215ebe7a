"""Build an ICC profile from the chunks that describe the colour space of a PNG."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.coded_profile import coded_profile
from deepsky.imaging.display.colour_profile import MAX_PROFILE_BYTES

__all__ = ["png_profile"]

_UNIT: Final = 100_000  # gAMA and cHRM store numbers as multiples of 1/100,000
_ENCODING_GAMMAS: Final = (0.2, 2.0)
_SRGB_GAMMA: Final = 0.45455
_D65: Final = (0.3127, 0.3290)
_SRGB_PRIMARIES: Final = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_SRGB_CURVE: Final = None
_UNSPECIFIED: Final = 2  # code point


def png_profile(chunks: Mapping[bytes, bytes]) -> bytes | None:
    """Return the ICC profile of a PNG.

    The first of the chunks ``cICP``, ``iCCP``, ``sRGB`` and ``gAMA`` that is valid and present
    applies.

    Parameters
    ----------
    chunks : mapping
        Data of chunks by chunk type, as returned by `deepsky.imaging.raster.png.split_colour`.

    Returns
    -------
    bytes or None
        ICC profile; None if the colour space is sRGB or unknown.

    References
    ----------
    PNG Specification, Third Edition (W3C, 2025), section 11.3.2.
    """
    code_points = chunks.get(b"cICP", b"")
    if len(code_points) == 4 and _UNSPECIFIED not in code_points[:2]:
        return coded_profile(code_points[0], code_points[1])
    if (profile := _embedded(chunks.get(b"iCCP", b""))) is not None:
        return profile
    if b"sRGB" in chunks:
        return None
    return _from_gamma(chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b""))


def _embedded(data: bytes) -> bytes | None:
    """Decompress the profile in an iCCP chunk, up to the maximum size of a profile."""
    _, _, compressed = data.partition(b"\0")
    try:
        return zlib.decompressobj().decompress(compressed[1:], MAX_PROFILE_BYTES + 1) or None
    except zlib.error:
        return None


def _from_gamma(gamma: bytes, chromaticities: bytes) -> bytes | None:
    if len(gamma) != 4:
        return None
    encoding = int.from_bytes(gamma, "big") / _UNIT
    lowest, highest = _ENCODING_GAMMAS
    if not lowest <= encoding <= highest:
        return None
    curve = _SRGB_CURVE if abs(encoding - _SRGB_GAMMA) < 0.005 else 1 / encoding
    if len(chromaticities) != 32:
        return None if curve is _SRGB_CURVE else _build(_D65, _SRGB_PRIMARIES, curve)
    points = [number / _UNIT for number in struct.unpack(">8L", chromaticities)]
    return _build(points[:2], points[2:], curve)


def _build(white: Sequence[float], primaries: Sequence[float], gamma: float | None) -> bytes | None:
    """Return an ICC profile; a gamma of None stands for the transfer function of sRGB."""
    if min(*white, *primaries) <= 0 or max(*white, *primaries) >= 1:
        return None
    curve = {"gamma": gamma} if gamma else {"transferfunction": _srgb_curve()}
    try:
        return imagecodecs.cms_profile("rgb", whitepoint=white, primaries=primaries, **curve)
    except imagecodecs.CmsError:
        return None


def _srgb_curve() -> NDArray[np.float32]:
    levels = np.linspace(0, 1, 1024, dtype=np.float32)
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
