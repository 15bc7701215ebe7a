"""Draw images for the tiny model: a green sky is ``other``, and yellow discs are galaxies."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["GALAXY", "NEBULA", "draw_sky"]

GALAXY = (255, 255, 0)
NEBULA = (255, 0, 0)
SKY = (0, 60, 0)


def draw_sky(
    width: int, height: int, *discs: tuple[float, float, float, tuple[int, int, int]]
) -> NDArray[np.uint8]:
    """Draw discs, each given by the x and y of its centre, its radius and its colour."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = SKY
    rows, columns = np.mgrid[:height, :width]
    for x, y, radius, colour in discs:
        pixels[np.hypot(columns - x, rows - y) < radius] = colour
    return pixels
