"""The scale bar, the arrows to the north and to the east, and the strip with the title."""

from collections.abc import Sequence
from math import cos, radians, sin
from typing import Final

import numpy as np

from deepsky.annotation.angles import angle_text, declination_text, field_text, right_ascension_text
from deepsky.annotation.font import shorten, text_width
from deepsky.annotation.names import object_names
from deepsky.annotation.scene import Box, Line, Text
from deepsky.annotation.style import GREY, WHITE, Style, class_colour
from deepsky.identification.fields import SkyFields
from deepsky.record import Record

__all__ = ["draw_compass", "draw_scale_bar", "draw_title", "strip_height"]

CREDIT: Final = "deepsky"
NOT_PLACED: Final = "Objects are not drawn: the place of this image on the sky is not known"

_BARS: Final = np.array([1, 2, 5, 10, 20, 30])
_ANGLES: Final = np.concatenate([_BARS / 3600, _BARS / 60, [1, 2, 5, 10, 20, 30]])
"""Lengths of the scale bar in degrees."""

_LONGEST_BAR: Final = 0.22
"""Maximum length of the scale bar, as a fraction of the width."""


def draw_scale_bar(
    sky: SkyFields, size: tuple[int, int], scale: float, style: Style
) -> tuple[Sequence[Line], Sequence[Text], Box]:
    """Draw a scale bar in the lower left corner.

    Parameters
    ----------
    sky : SkyFields
    size : (int, int)
        Width and height of the drawing in pixels.
    scale : float
        Size of the drawing divided by that of the image.
    style : Style

    Returns
    -------
    lines : sequence of Line
    texts : sequence of Text
    box : Box
        Area of the scale bar.
    """
    pixel = sky["pixel_scale"] / 3600 / scale
    longest = _LONGEST_BAR * size[0] * pixel
    fitting = [angle for angle in _ANGLES if angle <= longest]
    angle = float(fitting[-1]) if fitting else longest / 2
    unit, length = style.text, angle / pixel
    left, y, tick = unit, size[1] - unit, 0.35 * unit
    corners = [(left, y - tick), (left, y), (left + length, y), (left + length, y - tick)]
    text = Text(
        text=angle_text(angle),
        x=left + length / 2,
        y=y - 0.75 * unit,
        size=unit,
        colour=WHITE,
        anchor="middle",
        halo=unit / 9,
    )
    width = max(length, text_width(text.text, unit))
    middle = left + length / 2
    box = (middle - width / 2, y - 1.5 * unit, middle + width / 2, y + 0.3 * unit)
    return [_furniture_line(corners, style)], [text], box


def draw_compass(
    sky: SkyFields, size: tuple[int, int], style: Style
) -> tuple[Sequence[Line], Sequence[Text], Box]:
    """Draw arrows to the north and to the east in the lower right corner.

    Parameters
    ----------
    sky : SkyFields
    size : (int, int)
        Width and height of the drawing in pixels.
    style : Style

    Returns
    -------
    lines : sequence of Line
    texts : sequence of Text
    box : Box
        Area of the arrows.
    """
    unit = style.text
    reach = 3.2 * unit
    x, y = size[0] - reach - 0.3 * unit, size[1] - reach - 0.3 * unit
    lines, texts = [], []
    for name, position_angle in (("N", 0.0), ("E", 90.0)):
        turn = radians(position_angle - sky["orientation"])
        across, up = (1 if sky["mirrored"] else -1) * sin(turn), cos(turn)
        tip = np.array([x + 2.1 * unit * across, y - 2.1 * unit * up])
        back, side = np.array([-across, up]) * 0.45 * unit, np.array([up, across]) * 0.2 * unit
        lines.append(_furniture_line([(x, y), tip], style))
        lines.append(_furniture_line([tip + back + side, tip, tip + back - side], style))
        texts.append(
            Text(
                text=name,
                x=x + 2.7 * unit * across,
                y=y - 2.7 * unit * up,
                size=unit * 0.9,
                colour=WHITE,
                anchor="middle",
                halo=unit / 9,
            )
        )
    return lines, texts, (x - reach, y - reach, x + reach, y + reach)


def _furniture_line(points: Sequence[object], style: Style) -> Line:
    corners = np.array(points, dtype=float)
    return Line(points=corners, colour=WHITE, width=style.line, halo=style.line * 0.8)


def strip_height(style: Style) -> int:
    """Return the height of the strip below the image in pixels.

    Parameters
    ----------
    style : Style
    """
    return round(3.9 * style.text)


def draw_title(record: Record, size: tuple[int, int], style: Style) -> Sequence[Text]:
    """Write the object, the class and its probability, and the place on the sky below the image.

    Parameters
    ----------
    record : Record
    size : (int, int)
        Width and height of the image in pixels.
    style : Style

    Returns
    -------
    sequence of Text
    """
    unit = style.text
    margin, large, small = unit, 1.35 * unit, 0.85 * unit
    upper, lower = size[1] + 1.3 * unit, size[1] + 2.8 * unit
    room = size[0] - 2 * margin
    credit = text_width(CREDIT, small)
    label = _class_text(record)
    label_width = text_width(label, large)
    name = shorten(", ".join(object_names(record)), large, room - label_width - unit)
    offset = text_width(name, large) + unit if name else 0
    texts = [
        Text(
            text=shorten(label, large, room),
            x=margin + offset,
            y=upper,
            size=large,
            colour=class_colour(record["label"]),
        ),
        Text(
            text=shorten(_details(record), small, room - credit - unit),
            x=margin,
            y=lower,
            size=small,
            colour=GREY,
        ),
        Text(text=CREDIT, x=size[0] - margin, y=lower, size=small, colour=GREY, anchor="end"),
        Text(text=name, x=margin, y=upper, size=large, colour=WHITE),
    ]
    return [text for text in texts if text.text]


def _class_text(record: Record) -> str:
    label, probabilities = record["label"], record["probabilities"]
    if label is None or not probabilities:
        return ""
    name = "not a deep-sky object" if label == "other" else label.replace("_", " ")
    doubt = "" if record["verdict"] == "confident" else f" ({record['verdict']})"
    return f"{name} {probabilities[label]:.0%}{doubt}"


def _details(record: Record) -> str:
    sky = record["sky"]
    if sky is None:
        return NOT_PLACED
    return " · ".join(
        [
            f"{right_ascension_text(sky['ra'])}  {declination_text(sky['dec'])}",
            field_text(sky["width"], sky["height"]),
            f'{sky["pixel_scale"]:.3g}"/pixel',
        ]
    )
