"""Blend transparent images with a black background."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["blend_image_on_black", "blend_on_black"]

_FLOAT_SCALES: Final = (1, 255, 65535)
_OPAQUE: Final = 255
_BAND_VALUES: Final = 100_000  # approximate number of values blended at a time


def blend_on_black(colours: NDArray[Any], opacity: NDArray[Any]) -> NDArray[Any]:
    """Blend grey or RGB values with black by multiplying them by alpha.

    Alpha that is zero throughout is ignored, as in Photoshop, Windows and web browsers: the
    program that wrote the file left the channel unused.

    Parameters
    ----------
    colours : ndarray of integers or floats, shape (height, width, 1 or 3)
        Grey or RGB values that are not premultiplied by alpha.
    opacity : ndarray, shape (height, width, 1)
        Alpha values: 0 is transparent. Opaque is the maximum of an integer dtype and 1 for floats.
        If no value exceeds 1 (integers) or 255 (16 bits and more), opaque is 1 or 255 instead; if
        floats exceed 1, it is 255 or 65535.

    Returns
    -------
    ndarray
        Blended values, with the shape and dtype of `colours`.
    """
    most = np.nanmax(opacity, initial=0)
    if most <= 0:
        return colours
    opaque = np.float32(_opaque(opacity.dtype, most))
    blended = np.empty(colours.shape, colours.dtype)
    rows = max(1, _BAND_VALUES // max(1, colours[0].size))
    for top in range(0, len(colours), rows):
        band = slice(top, top + rows)
        fraction = opacity[band] / opaque
        if opacity.dtype.kind != "u":
            fraction = np.clip(np.nan_to_num(fraction, nan=0, posinf=1), 0, 1)
        blended[band] = colours[band] * fraction
    return blended


def _opaque(dtype: np.dtype[Any], most: Any) -> float:
    """Return the smallest usual value for opaque that is not below the maximum alpha."""
    scales = _FLOAT_SCALES if dtype.kind == "f" else (1, _OPAQUE, np.iinfo(dtype).max)
    return float(next((scale for scale in scales if most <= scale), most))


def blend_image_on_black(image: Image.Image) -> Image.Image:
    """Blend a Pillow image with black, with the same rules as `blend_on_black`.

    Parameters
    ----------
    image : PIL.Image.Image
        Image with an alpha channel or a transparent colour, with up to 8 bits per channel.

    Returns
    -------
    PIL.Image.Image
        Image in mode ``"RGB"``.
    """
    layered = image.convert("RGBA")
    opacity = layered.getchannel("A")
    _, most = opacity.getextrema()
    if most == 0:
        return layered.convert("RGB")
    if most == 1:
        opacity = opacity.point(lambda value: value * _OPAQUE)
    canvas = Image.new("RGB", image.size)
    canvas.paste(layered, mask=opacity)
    return canvas
