"""Draw images of stars, at random places or as they are on the sky."""

import shutil
import subprocess

import numpy as np
import pytest
from astropy.wcs import WCS
from numpy.typing import NDArray

from deepsky.sky.solvers import SOLVERS, Solver
from deepsky.sky.solvers.indexes import index_files

__all__ = ["draw_field", "draw_stars", "require_engine"]


def require_engine(name: str = "solve-field") -> Solver:
    """Return an engine that can solve the images of `draw_field`, or skip the test."""
    solver = SOLVERS[name]
    if not solver.is_available() or shutil.which("query-starkd") is None:
        pytest.skip(f"{name}, its index files or query-starkd are not installed")
    if not any("tycho2-10" in file.name for file in index_files()):
        pytest.skip("the Tycho-2 index of fields from 1 degree is not installed")
    return solver


def draw_field(
    ra: float, dec: float, degrees: float, width: int, height: int
) -> tuple[NDArray[np.uint8], WCS]:
    """Draw the stars of the Tycho-2 index in a field whose up direction is 30 degrees from north.

    The result is the image and its WCS.
    """
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [ra, dec]
    wcs.wcs.crpix = [width / 2 + 0.5, height / 2 + 0.5]
    angle = np.radians(30)
    rotation = [[-np.cos(angle), np.sin(angle)], [-np.sin(angle), -np.cos(angle)]]
    wcs.wcs.cd = degrees / width * np.array(rotation)
    stars = wcs.all_world2pix(_find_bright_stars(ra, dec, 0.7 * degrees), 0)
    return draw_stars(stars, height, width, np.geomspace(220, 40, len(stars))), wcs


def _find_bright_stars(ra: float, dec: float, radius: float) -> NDArray[np.float64]:
    """Return right ascensions and declinations of stars in the Tycho-2 index."""
    index = next(file for file in index_files() if "tycho2-10" in file.name)
    command = ["query-starkd", "-r", str(ra), "-d", str(dec), "-R", str(radius), str(index)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.replace(",", " ").split() for line in output.splitlines()]
    return np.array([row[:2] for row in rows if len(row) >= 2 and row[0][:1].isdigit()], float)


def draw_stars(
    positions: NDArray[np.float64],
    height: int,
    width: int,
    fluxes: NDArray[np.float64] | None = None,
) -> NDArray[np.uint8]:
    """Draw stars as Gaussians with a standard deviation of 2 pixels on a noisy sky."""
    rng = np.random.default_rng(0)
    image = rng.normal(20, 2, (height, width)).astype(np.float32)
    y, x = np.mgrid[-12:13, -12:13]
    peaks = np.full(len(positions), 150.0) if fluxes is None else fluxes
    for (star_x, star_y), peak in zip(positions, peaks, strict=True):
        column, row = round(star_x), round(star_y)
        if not (12 < column < width - 13 and 12 < row < height - 13):
            continue
        radius = (x + column - star_x) ** 2 + (y + row - star_y) ** 2
        image[row - 12 : row + 13, column - 12 : column + 13] += peak * np.exp(-radius / 8)
    grey = np.clip(image, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=2)
