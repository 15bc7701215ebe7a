"""How strongly a JPEG file was compressed."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["estimate_jpeg_quality"]


def estimate_jpeg_quality(path: Path) -> int | None:
    """Estimate the quality, 1 to 100, that a JPEG file was written with.

    It is the one whose table of quantisation is nearest, as libjpeg scales them.

    Returns
    -------
    int or None
        None for other files than JPEG.
    """
    with Image.open(path) as image:
        tables = getattr(image, "quantization", None)
    if not tables:
        return None
    own = tables[0]
    return min(
        _tables(), key=lambda q: sum(abs(a - b) for a, b in zip(_tables()[q], own, strict=True))
    )


@cache
def _tables() -> dict[int, NDArray[np.int64]]:
    """Quantisation of brightness at each quality, as Pillow's libjpeg writes it."""
    tables = {}
    for quality in range(1, 101):
        buffer = io.BytesIO()
        Image.new("L", (8, 8)).save(buffer, "JPEG", quality=quality)
        with Image.open(buffer) as image:
            tables[quality] = np.array(image.quantization[0])  # type: ignore[attr-defined]
    return tables
