"""Render previews as JPEG, and encode images as PNG."""

from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.image_data import to_pillow
from deepsky.imaging.preview_kind import LONGEST_SIDE, PREVIEW, PreviewKind

__all__ = [
    "SIDES",
    "PreviewSize",
    "encode_png",
    "preview_size",
    "render_preview",
    "shrink_preview",
]

PreviewSize = Literal["small", "medium", "large"]
SIDES: Final[dict[PreviewSize, int]] = {"small": 320, "medium": 640, "large": LONGEST_SIDE}
"""Maximum length of the longest side of a preview, in pixels, for each named size.

``small`` is for tiles in lists, ``medium`` for tiles on high-density screens, and ``large`` for
full previews.
"""


_FULL_COLOUR: Final = 95


def preview_size(width: int, height: int, kind: PreviewKind = PREVIEW) -> tuple[int, int]:
    """Return the size of an image's preview.

    Parameters
    ----------
    width, height : int
        Size of the image, in pixels.
    kind : PreviewKind

    Returns
    -------
    (int, int)
        Width and height of the preview, in pixels. Neither exceeds the longest side of `kind`, and
        the preview is never larger than the image.

    Examples
    --------
    >>> preview_size(6000, 4000)
    (1600, 1067)
    """
    scale = min(1.0, kind.longest_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def render_preview(
    pixels: NDArray[np.uint8], size: tuple[int, int] | None = None, kind: PreviewKind = PREVIEW
) -> bytes:
    """Render a preview as JPEG without metadata.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        RGB values, after orientation and stretch are applied.
    size : (int, int), optional
        Width and height of the preview, in pixels. The default is the `preview_size` of the image.
    kind : PreviewKind

    Returns
    -------
    bytes
        The preview, encoded as JPEG.
    """
    image = to_pillow(pixels)
    size = size or preview_size(*image.size, kind)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.0)
    buffer = BytesIO()
    subsampling = "4:4:4" if kind.quality >= _FULL_COLOUR else "4:2:0"
    image.save(buffer, "JPEG", quality=kind.quality, subsampling=subsampling)
    return buffer.getvalue()


def shrink_preview(preview: Path, longest_side: int) -> bytes:
    """Scale a preview down so that its longest side does not exceed a maximum length.

    Parameters
    ----------
    preview : Path
        JPEG file created by `render_preview`.
    longest_side : int
        Maximum length of the longest side, in pixels. A smaller preview keeps its size.

    Returns
    -------
    bytes
        The scaled preview, encoded as JPEG.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    """
    with Image.open(preview) as image:
        image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=1.0)
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=PREVIEW.quality)
    return buffer.getvalue()


def encode_png(rgba: NDArray[np.uint8]) -> bytes:
    """Encode an image with an alpha channel as PNG.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        RGB and alpha values.

    Returns
    -------
    bytes
        The image, encoded as PNG.
    """
    buffer = BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
