"""Lines of equal right ascension and declination."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from deepsky.annotation.angles import declination_text, right_ascension_text
from deepsky.annotation.font import text_width
from deepsky.annotation.scene import Box, Line, Text
from deepsky.catalogue.projection import Projection
from deepsky.sky.vectors import unit_vectors

__all__ = ["Grid", "draw_grid"]

_COLOUR: Final = (150, 190, 255)
_LINES: Final = 5
"""Approximate number of lines along the shorter side."""

_POINTS: Final = 400
_SAMPLES: Final = 33
_ARC: Final = np.array([1, 2, 5, 10, 20, 30]) / 3600
_DECLINATIONS: Final = np.concatenate([_ARC, _ARC * 60, [1, 2, 5, 10, 15, 30, 45]])
_TIME: Final = np.array([1, 2, 5, 10, 20, 30]) / 240
_RIGHT_ASCENSIONS: Final = np.concatenate([_TIME / 10, _TIME, _TIME * 60, [15, 30, 45, 90]])
"""Possible distances of lines in degrees."""


class Grid(NamedTuple):
    """Lines and texts of a grid.

    Attributes
    ----------
    lines : list of Line
    texts : list of Text
    boxes : list of Box
        Areas of the texts.
    """

    lines: list[Line]
    texts: list[Text]
    boxes: list[Box]


def draw_grid(
    header: str,
    size: tuple[int, int],
    scale: float,
    text: float,
    line: float,
    taken: Sequence[Box],
) -> Grid:
    """Draw lines of equal right ascension and declination, with their values at the border.

    Parameters
    ----------
    header : str
        The WCS of the image at full size, as cards of a FITS header.
    size : (int, int)
        Full width and height of the image in pixels.
    scale : float
        Size of the drawing divided by that of the image.
    text : float
        Font size in pixels.
    line : float
        Width of the lines in pixels.
    taken : sequence of Box
        Areas in which there must be no texts.

    Returns
    -------
    Grid
    """
    wcs = WCS(fits.Header.fromstring(header), fix=False)
    projection = Projection(wcs, *size)
    drawn = size[0] * scale, size[1] * scale
    grid = Grid([], [], [])
    for name, coordinates in _parallels_and_meridians(wcs, size):
        x, y = projection.pixels(unit_vectors(*coordinates))
        points = np.stack([(x + 0.5) * scale, (y + 0.5) * scale], -1)
        for part in _visible_parts(points, drawn):
            grid.lines.append(Line(points=part, colour=_COLOUR, width=line, opacity=0.45))
        inside = ((points > 0) & (points < drawn)).all(axis=1)
        used = [*taken, *grid.boxes]
        label = _find_label(points[inside], name, drawn, text * 0.85, used)
        if label is not None:
            grid.texts.append(label[0])
            grid.boxes.append(label[1])
    return grid


def _parallels_and_meridians(
    wcs: WCS, size: tuple[int, int]
) -> Iterator[tuple[str, tuple[NDArray[Any], NDArray[Any]]]]:
    """Yield the text and the right ascensions and declinations of each line."""
    x, y = np.meshgrid(*(np.linspace(-0.5, length - 0.5, _SAMPLES) for length in size))
    world = np.asarray(wcs.all_pix2world(np.stack([x.ravel(), y.ravel()], -1), 0))
    ra, dec = world[np.isfinite(world).all(axis=1)].T
    if not len(ra):
        return
    middle = ra[len(ra) // 2]
    offset = (ra - middle + 180) % 360 - 180
    is_around_pole = np.ptp(offset) > 300
    south, north = dec.min(), dec.max()
    west, east = (-180.0, 180.0) if is_around_pole else (offset.min(), offset.max())
    if is_around_pole:
        south, north = (south, 90.0) if dec.mean() > 0 else (-90.0, north)
    extent = min(size) / max(size) * (north - south if is_around_pole else np.ptp(dec))
    step = _choose(_DECLINATIONS, max(extent, (north - south) / 2) / _LINES)
    gap = step / 2 if is_around_pole else 0.0  # meridians end before they meet at the pole
    ras = middle + np.linspace(west, east, _POINTS)
    for value in np.arange(np.ceil(south / step), np.floor(north / step) + 1) * step:
        if abs(value) < 90:
            yield declination_text(value, step), (ras, np.full(_POINTS, value))
    step = _choose(_RIGHT_ASCENSIONS, (east - west) / _LINES)
    decs = np.linspace(max(south, gap - 90), min(north, 90 - gap), _POINTS)
    first, last = np.ceil((middle + west) / step), np.floor((middle + east) / step)
    count = round(360 / step) if is_around_pole else last - first + 1
    for value in (first + np.arange(count)) * step:
        yield right_ascension_text(value % 360, step), (np.full(_POINTS, value), decs)


def _choose(steps: NDArray[Any], wanted: float) -> float:
    return float(steps[np.argmin(np.abs(np.log(steps / max(wanted, 1e-9))))])


def _visible_parts(points: NDArray[Any], size: tuple[float, float]) -> Iterator[NDArray[Any]]:
    """Yield the parts of a line in the image, each with one point beyond the border."""
    limits = np.array(size)
    inside: NDArray[np.bool_] = np.all((points >= 0) & (points <= limits), axis=1)
    near = inside.copy()
    near[:-1] |= inside[1:]
    near[1:] |= inside[:-1]
    near &= np.isfinite(points).all(axis=1)
    changes = np.flatnonzero(np.diff(near.astype(int), prepend=0, append=0))
    for start, end in zip(changes[::2], changes[1::2], strict=True):
        if end - start > 1:
            yield points[start:end]


def _find_label(
    points: NDArray[Any], name: str, size: tuple[float, float], font: float, taken: Sequence[Box]
) -> tuple[Text, Box] | None:
    """Place a text at the end of a line, where it meets the border of the image."""
    if len(points) < 2:
        return None
    width, height = text_width(name, font), font * 1.1
    for x, y in (points[0], points[-1]):
        margin = 0.4 * font
        left = float(np.clip(x + 0.3 * font, margin, size[0] - width - margin))
        middle = float(np.clip(y - 0.6 * font, margin + height / 2, size[1] - margin - height / 2))
        box = (left, middle - height / 2, left + width, middle + height / 2)
        is_free = not any(
            box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1] for b in taken
        )
        if is_free:
            return Text(text=name, x=left, y=middle, size=font, colour=_COLOUR, halo=font / 10), box
    return None
