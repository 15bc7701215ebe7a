"""Scale Pillow images down band by band, without a copy of the whole image."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.limits import Limits
from deepsky.imaging.shrink import BAND_BYTES, choose_factor, shrink

__all__ = ["decoded_bytes", "reduce_to_memory"]

_PILLOW_BYTES: Final = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}
"""Size of a pixel in Pillow's memory, in bytes; 4 in all other modes."""

_COPY_BYTES: Final = 10
"""Memory per pixel for the conversion to RGB and to an array, in bytes."""

_BLEND_BYTES: Final = 9
"""Memory per pixel for blending with black, in bytes."""


def decoded_bytes(image: Image.Image) -> int:
    """Return the size of an image in Pillow's memory.

    Parameters
    ----------
    image : PIL.Image.Image
        Image that is opened, but not necessarily decoded.

    Returns
    -------
    int
        Size in bytes.
    """
    return image.width * image.height * _PILLOW_BYTES.get(image.mode, 4)


def reduce_to_memory(image: Image.Image, limits: Limits) -> Image.Image:
    """Scale an image down if converting it at full size would exceed the memory limit.

    Parameters
    ----------
    image : PIL.Image.Image
        Decoded image.
    limits : Limits
        Its ``max_memory`` determines the size of the result.

    Returns
    -------
    PIL.Image.Image
        `image` itself, or a smaller image in mode ``"L"``, ``"RGB"``, ``"RGBA"`` or ``"CMYK"``.
    """
    has_alpha = image.has_transparency_data
    copies = _COPY_BYTES + (_BLEND_BYTES if has_alpha else 0)
    factor = choose_factor(*image.size, copies, limits, fixed_bytes=decoded_bytes(image))
    if factor == 1:
        return image
    mode = "RGBA" if has_alpha else {"1": "L", "L": "L", "CMYK": "CMYK"}.get(image.mode, "RGB")
    return Image.fromarray(shrink(_bands(image, mode), factor), mode)


def _bands(image: Image.Image, mode: str) -> Iterator[NDArray[np.uint8]]:
    width, height = image.size
    rows = max(1, BAND_BYTES // (4 * width))
    for top in range(0, height, rows):
        band = image.crop((0, top, width, min(height, top + rows)))
        yield np.asarray(band.convert(mode))
