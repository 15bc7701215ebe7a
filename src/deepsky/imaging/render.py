"""Render decoded values as 8-bit RGB: mosaic, orientation and stretch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.colour_profile import is_linear_profile, to_srgb
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.mosaic import average_mosaic
from deepsky.imaging.orientation import apply_orientation, swaps_axes
from deepsky.imaging.stretch import to_eight_bits

__all__ = ["render"]


def render(decoded: DecodedImage) -> tuple[NDArray[np.uint8], str | None, tuple[int, int]]:
    """Render a decoded image as 8-bit RGB.

    A mosaic is converted to grey, the orientation is applied, and linear values are stretched, in
    this order. Orientation comes before the stretch, because the stretch then writes its result in
    the order of the displayed rows; the result is the same.

    Parameters
    ----------
    decoded : DecodedImage
        Values and metadata, as returned by a reader.

    Returns
    -------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB, after the orientation is applied. The array can be read-only and a view of the values.
    stretch : str or None
        Name of the stretch, as returned by `deepsky.imaging.stretch.to_eight_bits`.
    size : (int, int)
        Full width and height in pixels, after the orientation is applied.

    Raises
    ------
    NoImageDataError
        If the values contain no finite value.
    """
    values = apply_orientation(_without_mosaic(decoded), decoded.orientation)
    pixels, stretch = to_eight_bits(values)
    if decoded.icc_profile is not None:
        pixels = _with_profile(decoded.icc_profile, values, pixels, stretch)
    return pixels, stretch, _full_size(decoded, pixels)


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


def _full_size(decoded: DecodedImage, pixels: NDArray[np.uint8]) -> tuple[int, int]:
    if decoded.size is None:
        height, width, _ = pixels.shape
        return width, height
    return decoded.size[::-1] if swaps_axes(decoded.orientation) else decoded.size


def _without_mosaic(decoded: DecodedImage) -> NDArray[Any]:
    values = decoded.values
    is_grey = values.ndim == 2 or values.shape[2] == 1
    if decoded.mosaic is None or not is_grey:
        return values
    return average_mosaic(values.reshape(values.shape[:2]))
