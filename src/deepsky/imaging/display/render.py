"""Render decoded values as 8-bit RGB: mosaic, orientation and stretch."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import NoImageDataError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.colour_profile import is_linear_profile, to_srgb
from deepsky.imaging.display.mosaic import remove_mosaic
from deepsky.imaging.display.orientation import apply_orientation, swaps_axes
from deepsky.imaging.display.stretch import to_eight_bits
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.display.variation import varies

__all__ = ["render"]

_STEP: Final = 16  # step between the pixels that are examined first


def render(
    decoded: DecodedImage, stretch: StretchChoice = "auto", at_least: int | None = None
) -> tuple[NDArray[np.uint8], str | None, tuple[int, int]]:
    """Render a decoded image as 8-bit RGB.

    A mosaic is demosaicked, the orientation is applied, and linear values are stretched, in this
    order. Orientation comes before the stretch, because the stretch then writes its result in the
    order of the displayed rows; the result is the same.

    Parameters
    ----------
    decoded : DecodedImage
        Values and metadata, as returned by a reader.
    stretch : str
        Name of the stretch; ``"auto"`` stretches only linear images.
    at_least : int, optional
        Minimum length of the shorter side, in pixels, for demosaicking at reduced size; see
        `deepsky.imaging.display.mosaic.demosaic`. By default, images are rendered at full size.

    Returns
    -------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB, after the orientation is applied. The array can be read-only and a view of the values.
    stretch : str or None
        Name of the stretch, as returned by `deepsky.imaging.display.stretch.to_eight_bits`.
    size : (int, int)
        Full width and height in pixels, after the orientation is applied.

    Raises
    ------
    NoImageDataError
        If the values contain no finite value, or all pixels have the same colour.
    """
    values, is_mosaic = _without_mosaic(decoded, at_least)
    if not varies(values):
        msg = "The image shows nothing, because all pixels have the same colour; use another image."
        raise NoImageDataError(msg)
    values = apply_orientation(values, decoded.orientation)
    pixels, applied = to_eight_bits(
        values,
        stretch,
        full_scale=decoded.full_scale,
        state="linear" if is_mosaic else decoded.state,
    )
    if decoded.icc_profile is not None:
        pixels = _with_profile(decoded.icc_profile, values, pixels, applied)
    return pixels, applied, _full_size(decoded)


def _with_profile(
    profile: bytes, values: NDArray[Any], pixels: NDArray[np.uint8], stretch: str | None
) -> NDArray[np.uint8]:
    """Convert rendered pixels to sRGB.

    Values in a linear colour space are already converted to display values if they were stretched.
    """
    if not is_linear_profile(profile):
        return to_srgb(pixels, profile)
    if stretch is not None:
        return pixels
    if values.dtype == np.uint16:  # 8 bits would be too few for the shadows of linear values
        planes = values[..., np.newaxis] if values.ndim == 2 else values
        pixels = np.broadcast_to(planes, pixels.shape)
    return to_srgb(pixels, profile)


def _full_size(decoded: DecodedImage) -> tuple[int, int]:
    height, width, *_ = decoded.values.shape
    size = decoded.size or (width, height)
    return size[::-1] if swaps_axes(decoded.orientation) else size


def _without_mosaic(decoded: DecodedImage, at_least: int | None) -> tuple[NDArray[Any], bool]:
    """Return the values without a mosaic, and whether they were one; mosaics are linear."""
    values = decoded.values
    if decoded.state == "finished" and decoded.mosaic is None:
        return values, False
    if values.ndim == 2 or values.shape[2] == 1:
        grey = values.reshape(values.shape[:2])
    elif _is_grey(values[::_STEP, ::_STEP]):
        grey = values[..., 0]
    else:
        return values, False
    demosaicked = remove_mosaic(grey, decoded.mosaic, at_least)
    is_mosaic = demosaicked is not grey and _is_grey(values)
    return (demosaicked if is_mosaic else values), is_mosaic


def _is_grey(values: NDArray[Any]) -> bool:
    """Return whether all channels are equal, as in grey images that were saved as RGB."""
    return values.ndim == 2 or bool((values[..., 1:] == values[..., :1]).all())
