"""Sizes and colours of annotated images."""

from dataclasses import dataclass
from typing import Final, Self

from deepsky.annotation.scene import Colour
from deepsky.models.evidence import COLOURS
from deepsky.taxonomy import Label

__all__ = ["GREY", "STRIP", "WHITE", "Style", "class_colour", "lighten"]

WHITE: Final = (245, 245, 245)
GREY: Final = (165, 165, 165)
STRIP: Final = (18, 18, 20)
"""Colour of the strip below the image."""


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in pixels, which depend on the size of the image.

    Attributes
    ----------
    text : float
        Font size of labels.
    line : float
        Width of outlines.
    """

    text: float
    line: float

    @classmethod
    def for_size(cls, width: int, height: int) -> Self:
        """Return the style for an image.

        Parameters
        ----------
        width, height : int
            Size of the image in pixels.
        """
        text = max(9.0, min(6 + max(width, height) / 110, min(width, height) / 12))
        return cls(text=text, line=max(1.2, text / 11))


def class_colour(label: Label | None) -> Colour:
    """Return the colour of a class: that of its evidence overlay, or white.

    Parameters
    ----------
    label : str or None
        None for objects of no class. Labels of a person's own model are white.
    """
    return COLOURS.get(label, WHITE) if label else WHITE


def lighten(colour: Colour) -> Colour:
    """Return a lighter colour, which is legible over an image of the same colour.

    Parameters
    ----------
    colour : (int, int, int)
    """
    red, green, blue = ((value + 255) // 2 for value in colour)
    return red, green, blue
