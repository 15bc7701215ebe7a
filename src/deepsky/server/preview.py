"""Pictures as the page shows them."""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Preview", "encode_png", "render_preview"]

LONGEST_SIDE: Final = 1600
QUALITY: Final = 88


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture made small enough to show.

    Attributes
    ----------
    jpeg : bytes
        The picture as JPEG, without metadata.
    size : (int, int)
        Width and height, in pixels.
    """

    jpeg: bytes
    size: tuple[int, int]


def render_preview(pixels: NDArray[np.uint8]) -> Preview:
    """Make a preview.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB, upright and stretched.
    """
    image = Image.fromarray(pixels)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return Preview(buffer.getvalue(), image.size)


def encode_png(rgba: NDArray[np.uint8]) -> bytes:
    """Encode a layer as PNG.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
    """
    buffer = BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
