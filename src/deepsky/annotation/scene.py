"""Lines and texts that are drawn over an image, independent of the output format."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

__all__ = ["Box", "Colour", "Line", "Scene", "Text"]

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A polyline.

    Attributes
    ----------
    points : ndarray, shape (n, 2)
        Corners (x, y) in pixels; (0, 0) is the top left corner of the image.
    colour : (int, int, int)
        Red, green and blue, from 0 to 255.
    width : float
        Width in pixels.
    opacity : float
        From 0 to 1.
    halo : float
        Width of a dark border on each side in pixels.
    """

    points: NDArray[Any]
    colour: Colour
    width: float
    opacity: float = 1.0
    halo: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line of text.

    Attributes
    ----------
    text : str
    x, y : float
        Position in pixels; `y` is the vertical middle of the text.
    size : float
        Font size in pixels.
    colour : (int, int, int)
    anchor : {"start", "middle", "end"}
        Which part of the text is at `x`.
    halo : float
        Width of a dark border around the letters in pixels.
    """

    text: str
    x: float
    y: float
    size: float
    colour: Colour
    anchor: Literal["start", "middle", "end"] = "start"
    halo: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is drawn over and below an image.

    Attributes
    ----------
    width, height : int
        Size of the image in pixels.
    strip : int
        Height of the dark strip below the image, which contains the title, in pixels.
    lines : sequence of Line
        Drawn in this order, below the texts and only over the image.
    texts : sequence of Text
    """

    width: int
    height: int
    strip: int
    lines: Sequence[Line] = field(default_factory=tuple)
    texts: Sequence[Text] = field(default_factory=tuple)
