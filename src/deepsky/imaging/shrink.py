"""Read images that are too large for the memory limit at a reduced size, band by band."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.limits import Limits

__all__ = ["BAND_BYTES", "choose_factor", "render_bytes", "shrink"]

BAND_BYTES = 32_000_000
"""Approximate size of a band of rows in bytes."""


def render_bytes(channels: int, itemsize: int) -> int:
    """Return the memory that rendering needs per pixel of a decoded image.

    Parameters
    ----------
    channels : int
        Number of channels per pixel.
    itemsize : int
        Size of a value in bytes.

    Returns
    -------
    int
        Bytes per pixel: the decoded values and, at the same time, either the rendered 8-bit
        channels or their copy in Pillow's format (4 bytes per RGB pixel).
    """
    return channels * (itemsize + 1) + (4 if channels > 1 else 1)


def choose_factor(
    width: int, height: int, pixel_bytes: int, limits: Limits, *, fixed_bytes: int = 0
) -> int:
    """Choose the factor by which an image is scaled down so that it fits into the memory limit.

    Parameters
    ----------
    width, height : int
        Full size of the image in pixels.
    pixel_bytes : int
        Memory needed per pixel of the image that results from scaling, in bytes.
    limits : Limits
        Its ``max_memory`` determines the factor.
    fixed_bytes : int
        Memory that is needed regardless of the factor, in bytes.

    Returns
    -------
    int
        1, or the smallest even factor that is sufficient. An even factor averages whole blocks of a
        Bayer mosaic.

    Raises
    ------
    TooMuchMemoryError
        If `fixed_bytes` exceeds the memory limit.
    """
    needed = width * height * pixel_bytes
    if fixed_bytes + needed <= limits.image_memory:
        return 1
    limits.check_memory(fixed_bytes + 4 * BAND_BYTES)
    room = max(BAND_BYTES, limits.image_memory - fixed_bytes - 4 * BAND_BYTES)
    factor = 2
    while needed > room * factor**2:
        factor += 2
    return factor


def shrink(bands: Iterable[NDArray[Any]], factor: int) -> NDArray[Any]:
    """Scale an image down by an integer factor. Each result is the mean of a block of pixels.

    Rows and columns that do not fill a block at the lower and right edges are omitted.

    Parameters
    ----------
    bands : iterable of ndarray, shape (rows, columns) or (rows, columns, channels)
        The image from top to bottom, in bands of any number of rows. Only a few bands are in memory
        at the same time.
    factor : int
        Side length of a block in pixels.

    Returns
    -------
    ndarray
        The scaled image with the dtype of `bands`. NaN is ignored, unless a block contains nothing
        else.
    """
    parts: list[NDArray[Any]] = []
    rest: NDArray[Any] | None = None
    for band in bands:
        rows = band if rest is None else np.concatenate([rest, band])
        whole = len(rows) // factor * factor
        if whole:
            parts.append(_average(rows[:whole], factor, factor))
        rest = rows[whole:].copy()
    if not parts and rest is not None:  # the image has fewer rows than a block
        parts.append(_average(rest, len(rest), factor))
    return np.concatenate(parts)


def _average(band: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """Return the mean of each block of `rows` times `columns` pixels."""
    columns = min(columns, band.shape[1])
    mean: NDArray[Any]
    if band.dtype.kind != "f":
        return np.rint(_sum(band, rows, columns) / (rows * columns)).astype(band.dtype)
    with np.errstate(all="ignore"):
        known = ~np.isnan(band)
        counts = rows * columns if known.all() else _sum(known, rows, columns)
        total = _sum(band if known.all() else np.where(known, band, 0), rows, columns)
        mean = (total / counts).astype(band.dtype)
        return mean


def _sum(band: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """Return the sum of each block of `rows` times `columns` pixels."""
    height, width = band.shape[0] // rows, band.shape[1] // columns
    # Sums of integers of 8 and 16 bits are exact in single precision for blocks of 16 by 16 pixels.
    exact = np.float32 if band.dtype.itemsize <= 2 and rows * columns <= 256 else np.float64
    lines = band.reshape(height, rows, *band.shape[1:]).sum(axis=1, dtype=exact)
    blocks = lines[:, : width * columns].reshape(height, width, columns, *band.shape[2:])
    total: NDArray[Any] = blocks[:, :, 0].copy()
    for column in range(1, columns):
        total += blocks[:, :, column]
    return total
