"""Windows: the whole image, and overlapping squares at several scales."""

from math import ceil
from typing import Final

from deepsky.detection.boxes import Box

__all__ = ["MAX_WINDOWS", "choose_windows"]

DIVISORS: Final = (1, 2, 4)
"""Sides of the windows, as fractions of the image's shorter side."""

MAX_WINDOWS: Final = 250
"""Maximum number of windows. Scales that would exceed it, in very long images, are left out."""


def choose_windows(width: int, height: int) -> list[list[Box]]:
    """Return the windows in which the networks look for objects, by scale.

    Parameters
    ----------
    width, height : int
        Size of the image in pixels.

    Returns
    -------
    list of list of Box
        The whole image, and for each scale squares that cover the image and overlap by at least
        half of their side.

    Examples
    --------
    >>> [len(boxes) for boxes in choose_windows(1500, 1000)]
    [1, 2, 15, 77]
    """
    scales = [[Box(0, 0, width, height)]]
    for divisor in DIVISORS:
        side = min(width, height) / divisor
        boxes = [
            Box(x, y, x + side, y + side)
            for y in _starts(height, side)
            for x in _starts(width, side)
        ]
        if sum(map(len, scales)) + len(boxes) <= MAX_WINDOWS:
            scales.append(boxes)
    return scales


def _starts(length: float, side: float) -> list[float]:
    """Return where windows begin, so that they cover a length and overlap by at least half."""
    steps = ceil(2 * (length - side) / side - 1e-6)
    return [(length - side) * step / max(steps, 1) for step in range(steps + 1)]
