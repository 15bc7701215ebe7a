"""Boxes: rectangles in an image, and how they overlap."""

from dataclasses import dataclass
from typing import Self

__all__ = ["Box"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in an image, in pixels from the outer edges of the first column and row.

    The first pixel extends from 0 to 1, so that `right` minus `left` is the width.

    Attributes
    ----------
    left, top, right, bottom : float
    """

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Self:
        """Return the box of a size around a centre.

        Parameters
        ----------
        x, y : float
            Centre.
        width, height : float

        Returns
        -------
        Box
        """
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Area in square pixels; 0 if the box is empty."""
        return max(self.width, 0) * max(self.height, 0)

    def enlarged(self, factor: float) -> Self:
        """Return a box with the same centre whose sides are multiplied by a factor.

        Parameters
        ----------
        factor : float

        Returns
        -------
        Box
        """
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return self.around(x, y, factor * self.width, factor * self.height)

    def clipped(self, width: float, height: float) -> Self:
        """Return the part of the box that is inside an image.

        Parameters
        ----------
        width, height : float
            Size of the image.

        Returns
        -------
        Box
        """
        return type(self)(
            min(max(self.left, 0), width),
            min(max(self.top, 0), height),
            max(min(self.right, width), 0),
            max(min(self.bottom, height), 0),
        )

    def scaled(self, factor_x: float, factor_y: float) -> Self:
        """Return the box in an image whose size is multiplied by two factors.

        Parameters
        ----------
        factor_x, factor_y : float

        Returns
        -------
        Box
        """
        return type(self)(
            self.left * factor_x, self.top * factor_y, self.right * factor_x, self.bottom * factor_y
        )

    def intersection(self, other: "Box") -> float:
        """Return the area that two boxes share, in square pixels.

        Parameters
        ----------
        other : Box

        Returns
        -------
        float
        """
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0) * max(height, 0)

    def iou(self, other: "Box") -> float:
        """Return the intersection over union (IoU) of two boxes, from 0 to 1.

        Parameters
        ----------
        other : Box

        Returns
        -------
        float

        Examples
        --------
        >>> Box(0, 0, 2, 1).iou(Box(1, 0, 3, 1))
        0.3333333333333333
        """
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union else 0.0
