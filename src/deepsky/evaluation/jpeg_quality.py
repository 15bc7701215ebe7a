"""Estimate the quality setting of JPEG files."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["estimate_jpeg_quality"]


def estimate_jpeg_quality(path: Path) -> int | None:
    """Estimate the quality setting with which a JPEG file was written.

    The result is the quality setting whose luminance quantization table in libjpeg is the most
    similar to the table in the file.

    Parameters
    ----------
    path : Path
        Image file.

    Returns
    -------
    int or None
        Quality from 1 to 100, or None if the file is not a JPEG file.
    """
    with Image.open(path) as image:
        tables = getattr(image, "quantization", None)
    if not tables:
        return None
    table = tables[0]
    return min(
        _tables(), key=lambda q: sum(abs(a - b) for a, b in zip(_tables()[q], table, strict=True))
    )


@cache
def _tables() -> dict[int, NDArray[np.int64]]:
    """Return the luminance quantization table that Pillow's libjpeg uses for each quality."""
    tables = {}
    for quality in range(1, 101):
        buffer = io.BytesIO()
        Image.new("L", (8, 8)).save(buffer, "JPEG", quality=quality)
        with Image.open(buffer) as image:
            tables[quality] = np.array(image.quantization[0])  # type: ignore[attr-defined]
    return tables
