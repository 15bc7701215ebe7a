"""Read planes of FITS images that exceed the memory limit at a reduced size."""

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.fits.layout import Layout
from deepsky.imaging.limits import Limits
from deepsky.imaging.shrink import BAND_BYTES, choose_factor, render_bytes, shrink

__all__ = ["choose_plane_factor", "read_reduced"]

ReadRows = Callable[[int | None, int, int], NDArray[Any]]
"""Function that returns rows of a plane: of the channel with the given index, or of the whole plane
if the index is None, from the first row to before the last."""


def choose_plane_factor(
    layout: Layout, stored_bytes: int, value_bytes: int, limits: Limits, fixed_bytes: int
) -> int:
    """Choose the factor by which a plane is scaled down so that it fits into the memory limit.

    Parameters
    ----------
    layout : Layout
        Size and shape of the plane.
    stored_bytes, value_bytes : int
        Size of a stored value and of a physical value, in bytes.
    limits : Limits
        Its ``max_memory`` determines the factor.
    fixed_bytes : int
        Memory that is needed regardless of the factor, in bytes.

    Returns
    -------
    int
        1 if the plane fits into the memory at full size.

    Raises
    ------
    TooMuchMemoryError
        If `fixed_bytes` exceeds the memory limit.
    """
    channels = prod(layout.shape) // (layout.height * layout.width)
    rendered = render_bytes(channels, value_bytes)
    needed = max(channels * (stored_bytes + max(stored_bytes, value_bytes)), rendered)
    return choose_factor(layout.width, layout.height, needed, limits, fixed_bytes=fixed_bytes)


def read_reduced(
    read: ReadRows, layout: Layout, value_bytes: int, factor: int, step: int = 1
) -> NDArray[Any]:
    """Read a plane in bands of rows, and scale it down.

    Parameters
    ----------
    read : callable
        Function that reads some rows of the plane.
    layout : Layout
        Size and shape of the plane.
    value_bytes : int
        Size of a value in bytes.
    factor : int
        Factor by which the plane is scaled down.
    step : int
        Number of rows that are best read together. Each band is a multiple of it.

    Returns
    -------
    ndarray
        The plane, with the axes of ``layout.shape``.
    """
    channels = range(layout.shape[0]) if layout.colour_axis == 0 else None
    in_row = 3 if layout.colour_axis == 2 else 1
    rows = step * max(1, BAND_BYTES // (value_bytes * layout.width * in_row * step))

    def bands(channel: int | None) -> Iterator[NDArray[Any]]:
        for top in range(0, layout.height, rows):
            yield read(channel, top, min(layout.height, top + rows))

    if channels is None:
        return shrink(bands(None), factor)
    return np.stack([shrink(bands(channel), factor) for channel in channels])
