"""Bright regions of an image: where objects may be."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.detection.boxes import Box

__all__ = ["bright_boxes"]

FRACTIONS: Final = tuple(np.linspace(0.15, 0.9, 8).tolist())
"""Thresholds, as fractions of the range from the sky to the brightest cell."""

SKY_PERCENTILE: Final = 5
MIN_CELLS: Final = 3
"""Minimum area of the box of a region, in cells."""

_OFFSET: Final = 4.0  # added to brightness before the logarithm, because zeros are frequent


def bright_boxes(pixels: NDArray[np.uint8], rows: int, columns: int) -> list[Box]:
    """Return boxes of regions that are brighter than what is around them.

    The brightness is averaged in the cells of a grid: by the median, which ignores stars, and by
    the mean, which does not, for the sake of star clusters. A region is a connected set of cells
    above one of eight thresholds, on a logarithmic scale.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB image.
    rows, columns : int
        Number of cells.

    Returns
    -------
    list of Box
        Boxes in pixels, which may overlap.
    """
    brightness = pixels.mean(axis=2, dtype=np.float32)
    edges = [
        np.linspace(0, length, count + 1).astype(int)
        for length, count in zip(brightness.shape, (rows, columns), strict=True)
    ]
    boxes: dict[Box, None] = {}  # a set that keeps the order
    for average in (np.median, np.mean):
        cells = np.array(
            [
                [average(brightness[top:bottom, left:right]) for left, right in _pairs(edges[1])]
                for top, bottom in _pairs(edges[0])
            ]
        )
        levels = np.log(cells + _OFFSET)
        sky, peak = np.percentile(levels, SKY_PERCENTILE), levels.max()
        for fraction in FRACTIONS:
            for top, left, bottom, right in _regions(levels > sky + fraction * (peak - sky)):
                if (bottom - top) * (right - left) >= MIN_CELLS:
                    x, y = edges[1], edges[0]
                    box = Box(float(x[left]), float(y[top]), float(x[right]), float(y[bottom]))
                    boxes.setdefault(box)
    return list(boxes)


def _pairs(edges: NDArray[np.int_]) -> list[tuple[int, int]]:
    """Return the start and the end of each cell, which contains at least one pixel."""
    return [
        (a, max(b, a + 1)) for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]


def _regions(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int, int, int]]:
    """Yield top, left, bottom and right of the connected regions of a mask."""
    left_over = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    while left_over:
        region = [left_over.pop()]
        for row, column in region:  # grows while its neighbours are added
            for cell in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if cell in left_over:
                    left_over.remove(cell)
                    region.append(cell)
        region_rows, region_columns = zip(*region, strict=True)
        yield (
            min(region_rows),
            min(region_columns),
            max(region_rows) + 1,
            max(region_columns) + 1,
        )
