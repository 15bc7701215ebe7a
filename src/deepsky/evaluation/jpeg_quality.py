"""Estimate the quality setting of JPEG files."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["estimate_jpeg_quality"]


def estimate_jpeg_quality(path: Path) -> int | None:
    """Estimate the quality setting that a JPEG file was written with.

    The result is the quality for which libjpeg's luminance quantization table is closest to the
    file's.

    Parameters
    ----------
    path : Path
        An image file.

    Returns
    -------
    int or None
        From 1 to 100; None if the file is not JPEG.
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
    """Return the luminance quantization table for each quality, as Pillow's libjpeg writes it."""
    tables = {}
    for quality in range(1, 101):
        buffer = io.BytesIO()
        Image.new("L", (8, 8)).save(buffer, "JPEG", quality=quality)
        with Image.open(buffer) as image:
            tables[quality] = np.array(image.quantization[0])  # type: ignore[attr-defined]
    return tables
