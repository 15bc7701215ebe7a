"""Draw evidence maps as contour lines.

The lines are white with a dark edge, so they are visible on dark sky, on bright cores and in red
light, and do not look like a part of the object as a coloured layer does.
"""

from collections.abc import Sequence
from typing import Final, cast

import numpy as np
from contourpy import LineType, contour_generator
from numpy.typing import NDArray

from deepsky.models.evidence import strength_map
from deepsky.taxonomy import LABELS, Label

__all__ = ["LEVELS", "contour_lines", "contours_svg"]

LEVELS: Final = (0.25, 0.5, 0.75)
"""Strength of the evidence on each contour line, relative to the strongest evidence for any
class."""

RASTER: Final = 192
"""Length of the longer side of the raster on which the lines are traced, in pixels."""

RELATIVE_WIDTHS: Final = (1 / 290, 1 / 220, 1 / 160)
"""Width of the lines of each level, relative to the longer side of the image."""

Line = NDArray[np.float64]


def contour_lines(
    evidence: NDArray[np.float32],
    label: Label,
    size: tuple[int, int],
    labels: Sequence[Label] = LABELS,
) -> list[list[Line]]:
    """Trace the lines on which the evidence for a class has the values of `LEVELS`.

    Parameters
    ----------
    evidence : ndarray of float32, shape (k, rows, columns)
        Evidence maps of all classes; see `Prediction.evidence`.
    label : str
        The class.
    size : (int, int)
        Width and height of the image, in pixels.
    labels : sequence of k labels
        Labels of the model in the order of the maps. By default, those of the shipped models.

    Returns
    -------
    list of list of ndarray of float64, shape (n, 2)
        For each level, the points of each line in pixels; 0 is the left or upper edge of the
        image. Lines are closed, or end near the edge of the image. A level above all values has no
        lines.

    Examples
    --------
    >>> import deepsky
    >>> prediction = deepsky.classify("samples/m-90.jpg")
    >>> [len(lines) > 0 for lines in contour_lines(prediction.evidence, "galaxy", (320, 240))]
    [True, True, True]
    """
    scale = max(size) / RASTER
    width, height = (max(round(side / scale), 2) for side in size)
    strength = strength_map(evidence, label, (width, height), labels)
    x = (np.arange(width) + 0.5) * size[0] / width
    y = (np.arange(height) + 0.5) * size[1] / height
    generator = contour_generator(x, y, strength, line_type=LineType.Separate)
    # Other line types return tuples.
    return [cast("list[Line]", generator.lines(level)) for level in LEVELS]


def contours_svg(
    evidence: NDArray[np.float32],
    label: Label,
    size: tuple[int, int],
    labels: Sequence[Label] = LABELS,
) -> bytes:
    """Draw the contour lines of the evidence for a class as a transparent layer.

    Parameters
    ----------
    evidence : ndarray of float32, shape (k, rows, columns)
        Evidence maps of all classes; see `Prediction.evidence`.
    label : str
        The class.
    size : (int, int)
        Width and height of the image, in pixels.
    labels : sequence of k labels
        Labels of the model in the order of the maps. By default, those of the shipped models.

    Returns
    -------
    bytes
        SVG document of the given size, encoded in UTF-8. The stronger the evidence, the thicker
        the line. Without evidence for the class, nothing is drawn.

    References
    ----------
    Scalable Vector Graphics (SVG) 1.1, W3C (2011).
    """
    width, height = size
    paths = []
    for lines, relative in zip(
        contour_lines(evidence, label, size, labels), RELATIVE_WIDTHS, strict=True
    ):
        data = "".join(_path(line) for line in lines)
        if data:
            stroke = relative * max(size)
            paths += [
                f'<path d="{data}" stroke="#000" stroke-opacity="0.6" '
                f'stroke-width="{2.6 * stroke:.2f}"/>',
                f'<path d="{data}" stroke="#fff" stroke-width="{stroke:.2f}"/>',
            ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" fill="none" stroke-linejoin="round" '
        'stroke-linecap="round">'
    )
    return "\n".join([head, *paths, "</svg>\n"]).encode()


def _path(line: Line) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
    return f"M{points}{'Z' if np.array_equal(line[0], line[-1]) else ''}"
