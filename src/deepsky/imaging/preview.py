"""Images as people are shown them."""

from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.image_data import to_pillow

__all__ = ["SIDES", "PreviewSize", "encode_png", "preview_size", "render_preview", "shrink_preview"]

LONGEST_SIDE: Final = 1600
QUALITY: Final = 88

PreviewSize = Literal["small", "medium", "large"]
SIDES: Final[dict[PreviewSize, int]] = {"small": 320, "medium": 640, "large": LONGEST_SIDE}
"""Most pixels a side of each size: of a tile in a list, the same on a fine screen, and in full."""


def preview_size(width: int, height: int) -> tuple[int, int]:
    """Give the size of an image's preview, in pixels."""
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def render_preview(pixels: NDArray[np.uint8], size: tuple[int, int] | None = None) -> bytes:
    """Make a preview: JPEG without metadata.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB, upright and stretched.
    size : (int, int), optional
        Width and height of the preview, in pixels; by default `preview_size` of `pixels`.
    """
    image = to_pillow(pixels)
    size = size or preview_size(*image.size)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.0)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def shrink_preview(preview: Path, longest_side: int) -> bytes:
    """Make a smaller preview of a preview; one that is small enough stays as large as it is.

    Parameters
    ----------
    preview : Path
        A JPEG that `render_preview` made.
    longest_side : int
        Most pixels a side.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    with Image.open(preview) as image:
        image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=1.0)
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
