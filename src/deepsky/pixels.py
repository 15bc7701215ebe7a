"""Convert arrays and Pillow images to 8-bit RGB pixels for classification."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.display.stretch import to_eight_bits
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.raster.pillow import to_rgb

__all__ = ["ImageLike", "as_rgb"]

ImageLike = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.floating] | Image.Image | ImageData
"""Image types that classifiers accept; see `as_rgb`."""

TOLERANCE: Final = 0.01
"""Tolerance for floats outside the range 0 to 1. Resampling or sharpening can cause such values."""

EXPECTED: Final = "Pass an array of uint8, uint16, or floats from 0 to 1"

HIGH_DEPTH: Final = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
"""Pillow modes with more than 8 bits. Pillow would clip the values to 8 bits, not scale them."""


def as_rgb(image: ImageLike) -> NDArray[np.uint8]:
    """Convert an image to 8-bit RGB in the same way as `deepsky.read_image` converts files.

    Parameters
    ----------
    image : ndarray, PIL.Image.Image or ImageData
        Arrays have shape (height, width) or (height, width, 1) for grey, (height, width, 3) for
        RGB or (height, width, 4) for RGBA, with the first row at the top. uint8 values are used
        unchanged. uint16 values range from 0 to 65535 and floats from 0 to 1; both are stretched
        if they are linear. NaN and masked values become black. RGBA images are composited on
        black.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)

    Raises
    ------
    TypeError
        If `image` has an unsupported type, or is an array of an unsupported dtype.
    ValueError
        If the image has no pixels, or if it is an array that has an unsupported shape or contains
        floats outside the range 0 to 1.
    """
    if isinstance(image, ImageData):
        return image.pixels
    if isinstance(image, Image.Image):
        return _from_pillow(image)
    if isinstance(image, np.ma.MaskedArray):
        return _from_array(image.filled(0))
    if isinstance(image, np.ndarray):
        return _from_array(np.asarray(image))
    msg = (
        f"Cannot classify an object of type {type(image).__name__}. {EXPECTED}, a Pillow image, "
        "or the result of deepsky.read_image. To classify a file, use deepsky.classify(path)."
    )
    raise TypeError(msg)


def _from_pillow(image: Image.Image) -> NDArray[np.uint8]:
    if 0 in image.size:
        msg = f"Cannot classify an image of size {image.size}: it has no pixels."
        raise ValueError(msg)
    upright = ImageOps.exif_transpose(image)
    if upright.mode in HIGH_DEPTH:
        return _from_array(np.asarray(upright))
    return np.asarray(to_rgb(upright))


def _from_array(array: NDArray[Any]) -> NDArray[np.uint8]:
    _check_dtype(array.dtype)
    _check_shape(array.shape)
    if array.dtype.kind == "f":
        _check_range(array)
    if array.dtype == np.uint8 and array.ndim == 3 and array.shape[2] > 1:
        return array if array.shape[2] == 3 else np.asarray(to_rgb(Image.fromarray(array)))
    if array.ndim == 3 and array.shape[2] == 4:
        array = blend_on_black(array[..., :3], array[..., 3:])
    pixels, _ = to_eight_bits(array)
    return pixels


def _check_dtype(dtype: np.dtype[Any]) -> None:
    if dtype.kind == "f" or (dtype.kind == "u" and dtype.itemsize <= 2):
        return
    msg = f"Cannot classify an array of {dtype}. {EXPECTED}."
    raise TypeError(msg)


def _check_shape(shape: tuple[int, ...]) -> None:
    if 0 in shape:
        msg = f"Cannot classify an array of shape {shape}: it has no pixels."
        raise ValueError(msg)
    if len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4)):
        return
    msg = (
        f"Cannot classify an array of shape {shape}. Pass (height, width) for grey, "
        "(height, width, 3) for RGB or (height, width, 4) for RGBA."
    )
    if len(shape) == 3 and shape[0] in (1, 3, 4):
        msg += " numpy.moveaxis(image, 0, -1) moves the channels to the end."
    raise ValueError(msg)


def _check_range(array: NDArray[np.floating]) -> None:
    finite = array[np.isfinite(array)]
    if finite.size and (finite.min() < -TOLERANCE or finite.max() > 1 + TOLERANCE):
        msg = (
            f"Cannot classify an array of floats from {finite.min():g} to {finite.max():g}. Pass "
            "values from 0 to 1, for example image / 255 if the values range from 0 to 255."
        )
        raise ValueError(msg)
