"""Read images at the size at which objects are looked for. Runs in reader processes."""

from dataclasses import replace
from math import sqrt
from typing import Final

import numpy as np
from PIL import Image

from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.image_data import ImageData, to_pillow
from deepsky.imaging.processes.tasks import ReadImage

__all__ = ["MAX_PIXELS", "SHORTER_SIDE", "read_for_finding", "shrink"]

SHORTER_SIDE: Final = 2048
"""Maximum length of the shorter side, in pixels."""

MAX_PIXELS: Final = 12_000_000
"""Maximum number of pixels."""


def read_for_finding(read: ReadImage, *, stretch: StretchChoice = "auto") -> ImageData:
    """Read an image, and reduce it if it is large.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.
    stretch : str
        Name of the stretch; see `deepsky.imaging.read.read_image`.

    Returns
    -------
    ImageData

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    return shrink(read(at_least=SHORTER_SIDE, stretch=stretch))


def shrink(image: ImageData) -> ImageData:
    """Reduce an image to at most `SHORTER_SIDE` and `MAX_PIXELS`.

    Parameters
    ----------
    image : ImageData

    Returns
    -------
    ImageData
        Its `width` and `height` are still those of the image at full size.
    """
    rows, columns = image.pixels.shape[:2]
    factor = min(SHORTER_SIDE / min(rows, columns), sqrt(MAX_PIXELS / (rows * columns)))
    if factor >= 1:
        return image
    size = max(round(factor * columns), 1), max(round(factor * rows), 1)
    scaled = to_pillow(image.pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    return replace(image, pixels=np.asarray(scaled.convert("RGB")))
