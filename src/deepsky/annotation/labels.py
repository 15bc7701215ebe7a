"""Place the names of objects next to their outlines so that they do not overlap."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.annotation.font import text_width
from deepsky.annotation.outlines import Outline
from deepsky.annotation.scene import Box, Text
from deepsky.annotation.style import class_colour, lighten

__all__ = ["place_labels"]

_DIRECTIONS: Final = np.radians(
    [0, 180, -90, 90, -45, 45, -135, 135, -20, 20, -160, 160, -70, 70, -110, 110]
)
"""Directions from the centre of an object, the preferred ones first."""

_LARGE: Final = 2.5
"""Semi-major axis, as a multiple of the font size, from which common names are written."""

_HIDEABLE: Final = 10
"""Semi-major axis, as a multiple of the font size, up to which a label could hide an object."""

_GAP: Final = 0.35
_PADDING: Final = 0.2
_HEIGHT: Final = 1.1
"""Distances and heights as multiples of the font size."""

_STEEP: Final = 0.5
"""Cosine of a direction up to which it is above or below."""

_CROSSING: Final = 1.0
_INSIDE: Final = 6.0
_LATER: Final = 0.3
"""Cost of a point of an outline below a label, of a label in its outline, and of less preferred
directions."""


def place_labels(
    outlines: Sequence[Outline], size: tuple[int, int], text: float, taken: Sequence[Box]
) -> Sequence[Text]:
    """Place the labels of objects.

    Parameters
    ----------
    outlines : sequence of Outline
        Outlines, the most important ones first.
    size : (int, int)
        Width and height of the image in pixels.
    text : float
        Font size in pixels.
    taken : sequence of Box
        Areas in which there must be no labels.

    Returns
    -------
    sequence of Text
        The labels for which there is room.
    """
    avoided = [np.empty((0, 2)), *(_points_to_avoid(outline, text) for outline in outlines)]
    points = np.concatenate(avoided)
    boxes, labels = list(taken), []
    for outline in outlines:
        font = text * (1.2 if outline.is_subject else 1.0)
        for name in _names(outline, text):
            box = _find_place(outline, (text_width(name, font), font), size, boxes, points)
            if box is not None:
                boxes.append(box)
                labels.append(_label(name, box, font, outline))
                break
    return labels


def _points_to_avoid(outline: Outline, text: float) -> NDArray[Any]:
    """Return points on an outline, and in it if a label could hide the object."""
    edge = outline.points(text / 2)
    if outline.semi_major > _HIDEABLE * text:
        return edge
    centre = np.array([outline.x, outline.y])
    return np.concatenate([edge, *(centre + factor * (edge - centre) for factor in (0.2, 0.6))])


def _names(outline: Outline, text: float) -> Iterator[str]:
    """Yield the texts to try for a label."""
    entry = outline.entry
    is_large = outline.semi_major >= _LARGE * text or entry["name"].startswith("M ")
    if entry["common_name"] and (outline.is_subject or is_large):
        yield f"{entry['name']} · {entry['common_name']}"
    yield entry["name"]


def _find_place(
    outline: Outline,
    text: tuple[float, float],
    size: tuple[int, int],
    taken: Sequence[Box],
    points: NDArray[Any],
) -> Box | None:
    """Return the free place with the lowest cost for a text of a width and a font size."""
    best, lowest = None, np.inf
    for cost, box in _candidates(outline, *text, size):
        if cost >= lowest or not _is_free(box, size, taken, text[1]):
            continue
        left, top, right, bottom = box
        x, y = points.T
        crossed = np.count_nonzero((x > left) & (x < right) & (y > top) & (y < bottom))
        cost += _CROSSING * crossed
        if cost < lowest:
            best, lowest = box, cost
    return best


def _candidates(
    outline: Outline, width: float, font: float, size: tuple[int, int]
) -> Iterator[tuple[float, Box]]:
    """Yield places outside and inside of the outline, with their costs."""
    height, gap = _HEIGHT * font, _GAP * font
    for number, direction in enumerate(_DIRECTIONS):
        x, y = outline.edge(direction)
        cos, sin = np.cos(direction), np.sin(direction)
        # The side of the box towards the outline moves smoothly around the box.
        shift_x = np.clip(1.5 * cos, -1, 1) * width / 2 + gap * cos
        shift_y = np.clip(1.5 * sin, -1, 1) * height / 2 + gap * sin
        cost = _LATER * number
        if abs(cos) < _STEEP:  # above or below the object, labels may be shifted into the image
            room = max(size[0] - 2 * gap - width, 0) / 2
            shift_x += np.clip(x + shift_x, size[0] / 2 - room, size[0] / 2 + room) - x - shift_x
        yield cost, _box(x + shift_x, y + shift_y, width, height)
        yield cost + _INSIDE, _box(x - shift_x, y - shift_y, width, height)
    yield _LATER * len(_DIRECTIONS) + _INSIDE, _box(outline.x, outline.y, width, height)


def _box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _is_free(box: Box, size: tuple[int, int], taken: Sequence[Box], font: float) -> bool:
    margin = _PADDING * font
    left, top, right, bottom = box
    if left < margin or top < margin or right > size[0] - margin or bottom > size[1] - margin:
        return False
    return not any(
        left < other[2] + margin
        and right > other[0] - margin
        and top < other[3] + margin
        and bottom > other[1] - margin
        for other in taken
    )


def _label(name: str, box: Box, font: float, outline: Outline) -> Text:
    return Text(
        text=name,
        x=box[0],
        y=(box[1] + box[3]) / 2,
        size=font,
        colour=lighten(class_colour(next(iter(outline.entry["labels"]), None))),
        halo=font / 9,
    )
