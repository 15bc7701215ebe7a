"""Convert colours from the colour space of an ICC profile to sRGB.

Profiles are parsed by LittleCMS, through imagecodecs. A profile that is damaged, too large or does
not match the image is ignored, because the pixels are intact without it.

References
----------
ISO 15076-1:2010 (ICC.1:2010), *Image technology colour management*.
"""

from functools import lru_cache
from typing import Any, Final, Literal

import imagecodecs
import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_PROFILE_BYTES", "cmyk_to_srgb", "is_linear_profile", "to_srgb"]

MAX_PROFILE_BYTES: Final = 4 << 20
"""Maximum size of a profile in bytes. Profiles of printers have about 2 MiB."""

_SRGB: Final = imagecodecs.cms_profile("srgb")
_MIN_PROFILE_BYTES: Final = 132
_COLOUR_SPACE: Final = slice(16, 20)
_SIGNATURE: Final = slice(36, 40)
_RELATIVE_COLORIMETRIC: Final = 1
_BLACK_POINT_COMPENSATION: Final = 0x2000
_NO_OPTIMIZATION: Final = 0x100
_TOLERANCE: Final = 2  # largest difference from sRGB, in levels of 8 bits, that is ignored

_Space = Literal["GRAY", "RGB", "CMYK"]


def to_srgb(pixels: NDArray[Any], profile: bytes) -> NDArray[Any]:
    """Convert grey or RGB pixels to sRGB.

    Parameters
    ----------
    pixels : ndarray of uint8 or uint16, shape (height, width, 3)
        RGB values in the colour space of the profile. In a grey image, the channels are views of
        the same plane.
    profile : bytes
        ICC profile with the colour space ``RGB`` or, for a grey image, ``GRAY``.

    Returns
    -------
    ndarray
        sRGB values as uint8; `pixels` itself if the profile is ignored or differs from sRGB by at
        most 2 levels.
    """
    space = _space(profile)
    is_grey = pixels.strides[2] == 0
    if space is None or not (space == "RGB" or (space == "GRAY" and is_grey)):
        return pixels
    if not _differs_from_srgb(profile, space):
        return pixels
    if is_grey:
        levels = np.arange(np.iinfo(pixels.dtype).max + 1, dtype=pixels.dtype)
        table = _transform(_neutral(levels, space), profile, space)[0, :, 1]
        return np.broadcast_to(table[pixels[..., :1]], pixels.shape)
    return _transform(np.ascontiguousarray(pixels), profile, space)


def cmyk_to_srgb(inks: NDArray[np.uint8], profile: bytes) -> NDArray[np.uint8] | None:
    """Convert CMYK pixels to sRGB.

    Parameters
    ----------
    inks : ndarray of uint8, shape (height, width, 4)
        Amounts of cyan, magenta, yellow and black ink; 255 is the full amount.
    profile : bytes
        ICC profile of the printing process.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3), or None
        sRGB values; None if the profile is damaged or not a CMYK profile.
    """
    if _space(profile) != "CMYK":
        return None
    try:
        return _transform(np.ascontiguousarray(inks), profile, "CMYK")
    except imagecodecs.CmsError:
        return None


@lru_cache(maxsize=4)
def is_linear_profile(profile: bytes) -> bool:
    """Return whether the values in a profile's colour space are proportional to light.

    Parameters
    ----------
    profile : bytes
        ICC profile.

    Returns
    -------
    bool
    """
    space = _space(profile)
    if space is None or space == "CMYK":
        return False
    dark = 0.1
    try:
        shown = _transform(
            _neutral(np.array([dark], np.float32), space), profile, space, np.float32
        )
    except imagecodecs.CmsError:
        return False
    return bool(abs(shown[0, 0, 1] - (1.055 * dark ** (1 / 2.4) - 0.055)) < 0.02)


def _space(profile: bytes) -> _Space | None:
    """Return the colour space of a profile, or None if it is not a usable profile."""
    if not _MIN_PROFILE_BYTES <= len(profile) <= MAX_PROFILE_BYTES:
        return None
    if profile[_SIGNATURE] != b"acsp":
        return None
    match profile[_COLOUR_SPACE]:
        case b"GRAY":
            return "GRAY"
        case b"RGB ":
            return "RGB"
        case b"CMYK":
            return "CMYK"
        case _:
            return None


@lru_cache(maxsize=4)
def _differs_from_srgb(profile: bytes, space: _Space) -> bool:
    """Return whether a profile is valid and changes at least one of 256 greys or 729 colours."""
    greys = np.arange(256, dtype=np.uint8)
    steps = greys[::32] | (greys[::32] >> 3)
    colours = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(1, -1, 3)
    samples = [np.repeat(greys[np.newaxis, :, np.newaxis], 3, axis=-1), colours]
    try:
        changes = [
            np.abs(_transform(sample, profile, space).astype(int) - sample).max()
            for sample in (samples if space == "RGB" else samples[:1])
        ]
    except imagecodecs.CmsError:
        return False
    return bool(max(changes) > _TOLERANCE)


def _neutral(levels: NDArray[Any], space: _Space) -> NDArray[Any]:
    """Return an image of one row of greys, as stored in a colour space."""
    row = levels[np.newaxis, :, np.newaxis]
    return row if space == "GRAY" else np.repeat(row, 3, axis=-1)


def _transform(
    pixels: NDArray[Any], profile: bytes, space: _Space, dtype: type[np.generic] = np.uint8
) -> NDArray[Any]:
    # LittleCMS reduces colours of more than 8 bits to a coarse grid unless optimization is off.
    precise = _BLACK_POINT_COMPENSATION | (_NO_OPTIMIZATION if pixels.dtype != np.uint8 else 0)
    if space == "GRAY":
        pixels = pixels[..., 0]
    return imagecodecs.cms_transform(
        pixels,
        profile,
        _SRGB,
        colorspace=space.lower(),
        outcolorspace="rgb",
        outdtype=dtype,
        intent=_RELATIVE_COLORIMETRIC,
        flags=precise,
    )
