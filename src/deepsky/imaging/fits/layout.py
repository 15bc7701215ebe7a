"""Determine how the axes of a FITS array form planes, and whether a plane is grey or in colour."""

from dataclasses import dataclass
from math import prod
from typing import Final

from deepsky.imaging.fits.cards import Cards, get_text

__all__ = ["Layout", "find_image_axes", "find_layout"]

_COLOURS: Final = 3
_NOT_COLOURS: Final = (
    *("AWAV", "BETA", "ENER", "FELO", "FREQ", "VELO", "VOPT", "VRAD", "WAVE", "WAVN", "ZOPT"),
    *("STOKES", "TIME", "UTC", "TAI"),
)
"""Beginnings of ``CTYPE`` values of axes that are not colours (FITS Standard 4.0, table 25)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the axes of a FITS array form planes.

    Attributes
    ----------
    height, width : int
        Size of a plane in pixels.
    planes : int
        Number of planes. The three channels of a colour image are one plane.
    shape : tuple of int
        Shape of a plane as it is stored: (height, width), (3, height, width) or (height, width, 3).
    """

    height: int
    width: int
    planes: int
    shape: tuple[int, ...]

    @property
    def colour_axis(self) -> int | None:
        """Index of the colour axis in `shape`, or None if a plane is grey."""
        return None if len(self.shape) == 2 else 0 if self.shape[1:] == self._size else 2

    @property
    def _size(self) -> tuple[int, int]:
        return self.height, self.width


def find_layout(shape: tuple[int, ...], cards: Cards) -> Layout | None:
    """Determine the layout of a FITS array.

    Axes of length 1 are ignored. The array is in colour if the third of the remaining axes or the
    fastest-varying of at least three axes has length 3, unless ``CTYPE`` states that this axis is
    the wavelength, the polarisation or the time.

    Parameters
    ----------
    shape : tuple of int
        Axis lengths in NumPy order, in which the last axis varies fastest.
    cards : mapping
        Values in the header by keyword.

    Returns
    -------
    Layout or None
        None if the array has no pixels or fewer than two axes that are longer than 1.
    """
    axes = [
        (length, get_text(cards, f"CTYPE{len(shape) - index}"))
        for index, length in enumerate(shape)
        if length != 1
    ]
    if len(axes) < 2 or 0 in shape:
        return None
    *_, height, width = lengths = [length for length, _ in axes]
    if len(axes) > 2 and _is_colour(axes[-3]):
        return Layout(height, width, prod(lengths[:-3]), (_COLOURS, height, width))
    if len(axes) > 2 and _is_colour(axes[-1]):
        height, width = lengths[-3:-1]
        return Layout(height, width, prod(lengths[:-3]), (height, width, _COLOURS))
    return Layout(height, width, prod(lengths[:-2]), (height, width))


def find_image_axes(shape: tuple[int, ...], layout: Layout) -> tuple[int, int]:
    """Return the FITS numbers of the horizontal and the vertical axis of the image.

    Parameters
    ----------
    shape : tuple of int
        Axis lengths in NumPy order, as for `find_layout`.
    layout : Layout
        Result of `find_layout`.

    Returns
    -------
    (int, int)
        Numbers of the axes, starting at 1 with the fastest-varying one.
    """
    numbers = [number for number, length in enumerate(shape[::-1], 1) if length != 1]
    first = 1 if layout.colour_axis == 2 else 0  # the fastest-varying axis is the colour
    return numbers[first], numbers[first + 1]


def _is_colour(axis: tuple[int, str]) -> bool:
    length, kind = axis
    return length == _COLOURS and not kind.startswith(_NOT_COLOURS)
