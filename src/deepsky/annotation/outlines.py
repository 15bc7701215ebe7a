"""Outlines of the objects in an image."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.annotation.names import object_names
from deepsky.identification.fields import FieldObjectFields
from deepsky.record import Record

__all__ = ["Outline", "find_outlines"]

_HIDDEN: Final = {"star", "double star", "unknown"}
"""Kinds that are outlined only if they are the object that the image shows."""

_COMPONENT: Final = " NED"
"""Part of the names of components of objects, which are outlined themselves."""

_SMALLEST: Final = 0.6
"""Minimum semi-major axis of an outline, as a multiple of the font size."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The ellipse of an object.

    Attributes
    ----------
    entry : FieldObjectFields
    x, y : float
        Centre in pixels of the drawing; (0, 0) is the top left corner of the image.
    semi_major, semi_minor : float
        Half lengths of the axes in pixels.
    angle : float
        Angle of the major axis in radians from the +x axis towards the +y axis.
    is_subject : bool
        Whether this is the object that the image shows.
    """

    entry: FieldObjectFields
    x: float
    y: float
    semi_major: float
    semi_minor: float
    angle: float
    is_subject: bool

    def points(self, spacing: float) -> NDArray[Any]:
        """Return points on the ellipse.

        Parameters
        ----------
        spacing : float
            Approximate distance of the points in pixels.

        Returns
        -------
        ndarray, shape (n, 2)
            The last point is the same as the first.
        """
        count = int(np.clip(2 * np.pi * self.semi_major / spacing, 48, 720))
        turn = np.linspace(0, 2 * np.pi, count + 1)
        along, across = self.semi_major * np.cos(turn), self.semi_minor * np.sin(turn)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.stack(
            [self.x + along * cos - across * sin, self.y + along * sin + across * cos], -1
        )

    def edge(self, direction: float) -> tuple[float, float]:
        """Return the point of the ellipse in a direction from its centre.

        Parameters
        ----------
        direction : float
            Angle in radians from the +x axis towards the +y axis.
        """
        turn = direction - self.angle
        across = self.semi_minor * np.cos(turn)
        radius = (
            self.semi_major * self.semi_minor / np.hypot(across, self.semi_major * np.sin(turn))
        )
        return self.x + radius * np.cos(direction), self.y + radius * np.sin(direction)


def find_outlines(record: Record, scale: float, text: float) -> Sequence[Outline]:
    """Return the outlines of the objects in an image.

    Parameters
    ----------
    record : Record
    scale : float
        Size of the drawing divided by that of the image.
    text : float
        Font size in pixels. Objects much smaller than the text get a circle of this size.

    Returns
    -------
    sequence of Outline
        The object that the image shows first, then those that fit best.
    """
    subject = next(iter(object_names(record)), None)
    outlines = [
        _outline(entry, scale, text, is_subject=entry["name"] == subject)
        for entry in record["objects"] or ()
        if entry["name"] == subject or not _is_hidden(entry)
    ]
    return sorted(outlines, key=lambda outline: not outline.is_subject)


def _is_hidden(entry: FieldObjectFields) -> bool:
    return entry["kind"] in _HIDDEN or _COMPONENT in entry["name"]


def _outline(entry: FieldObjectFields, scale: float, text: float, *, is_subject: bool) -> Outline:
    major = (entry["semi_major"] or 0) * scale
    minor = (entry["semi_minor"] or 0) * scale
    if major < _SMALLEST * text:
        major = minor = _SMALLEST * text
    return Outline(
        entry=entry,
        x=(entry["x"] + 0.5) * scale,
        y=(entry["y"] + 0.5) * scale,
        semi_major=major,
        semi_minor=max(minor, 0.5 * _SMALLEST * text),
        angle=float(np.radians(entry["angle"])),
        is_subject=is_subject,
    )
