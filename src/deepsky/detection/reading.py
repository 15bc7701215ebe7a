"""Read images at the size at which objects are looked for. Runs in reader processes."""

from dataclasses import replace
from functools import partial
from math import sqrt
from typing import Final

import numpy as np
from PIL import Image

from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.image_data import ImageData, to_pillow
from deepsky.imaging.processes.tasks import ReadImage
from deepsky.preprocessing import reduce_unplaced
from deepsky.sky.reduction import ReducedImage

__all__ = ["MAX_PIXELS", "SHORTER_SIDE", "read_for_finding", "shrink"]

SHORTER_SIDE: Final = 2048
"""Maximum length of the shorter side, in pixels."""

MAX_PIXELS: Final = 12_000_000
"""Maximum number of pixels."""


def read_for_finding(
    read: ReadImage, *, solve: bool = False, stretch: StretchChoice = "auto"
) -> tuple[ImageData, ReducedImage | None]:
    """Read an image, and reduce it if it is large.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.
    solve : bool
        Whether to reduce the image for plate solving if its place on the sky is not known.
    stretch : str
        Name of the stretch; see `deepsky.imaging.read.read_image`.

    Returns
    -------
    image : ImageData
        As returned by `shrink`.
    reduced : ReducedImage or None
        Image for plate solving; None if it was not requested, or if the image file contains the
        place on the sky.

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    read = partial(read, stretch=stretch)
    image = read(at_least=SHORTER_SIDE)
    return shrink(image), reduce_unplaced(image, read) if solve else None


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
