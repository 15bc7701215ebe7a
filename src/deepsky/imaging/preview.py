"""Pictures as people are shown them."""

from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["encode_png", "preview_size", "render_preview"]

LONGEST_SIDE: Final = 1600
QUALITY: Final = 88


def preview_size(width: int, height: int) -> tuple[int, int]:
    """Give the size of a picture's preview, in pixels."""
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def render_preview(pixels: NDArray[np.uint8]) -> bytes:
    """Make a preview: JPEG without metadata.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB, upright and stretched.
    """
    height, width, _ = pixels.shape
    image = Image.fromarray(pixels)
    if preview_size(width, height) != image.size:
        image = image.resize(
            preview_size(width, height), Image.Resampling.LANCZOS, reducing_gap=3.0
        )
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def encode_png(rgba: NDArray[np.uint8]) -> bytes:
    """Encode a layer as PNG.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
    """
    buffer = BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
