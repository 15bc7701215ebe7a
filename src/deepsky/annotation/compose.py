"""Compose the annotations of an image."""

from typing import Final

from deepsky.annotation.furniture import draw_compass, draw_scale_bar, draw_title, strip_height
from deepsky.annotation.labels import place_labels
from deepsky.annotation.outlines import Outline, find_outlines
from deepsky.annotation.scene import Line, Scene, Text
from deepsky.annotation.style import Style, class_colour
from deepsky.record import Record

__all__ = ["compose"]

_LARGEST: Final = 10
"""Semi-major axis, as a multiple of the longer side, up to which outlines are drawn."""


def compose(record: Record, size: tuple[int, int], *, grid: bool = False) -> Scene:
    """Compose the annotations of an image: outlines, labels, scale, directions and title.

    Parameters
    ----------
    record : Record
        Record of the image. If its place on the sky is not known, only the title is written.
    size : (int, int)
        Width and height of the drawing in pixels, with the aspect ratio of the image.
    grid : bool
        Whether to draw lines of equal right ascension and declination.

    Returns
    -------
    Scene
    """
    style = Style.for_size(*size)
    title = draw_title(record, size, style)
    lines: list[Line] = []
    texts: list[Text] = []
    sky, width, height = record["sky"], record["width"], record["height"]
    if sky is not None and width and height:
        scale = size[0] / width
        bar, bar_texts, bar_box = draw_scale_bar(sky, size, scale, style)
        arrows, arrow_texts, arrow_box = draw_compass(sky, size, style)
        taken = [bar_box, arrow_box]
        if grid and sky["wcs"]:
            from deepsky.annotation.grid import draw_grid  # astropy.wcs is slow to import

            drawn = draw_grid(
                sky["wcs"], (width, height), scale, style.text, style.line * 0.6, taken
            )
            lines += drawn.lines
            texts += drawn.texts
            taken += drawn.boxes
        outlines = find_outlines(record, scale, style.text)
        largest = _LARGEST * max(size)
        lines += [_line(each, style) for each in reversed(outlines) if each.semi_major < largest]
        texts += place_labels(outlines, size, style.text, taken)
        lines += [*bar, *arrows]
        texts += [*bar_texts, *arrow_texts]
    return Scene(
        width=size[0],
        height=size[1],
        strip=strip_height(style),
        lines=lines,
        texts=[*texts, *title],
    )


def _line(outline: Outline, style: Style) -> Line:
    width = style.line * (1.6 if outline.is_subject else 1.0)
    return Line(
        points=outline.points(max(4.0, style.text / 2)),
        colour=class_colour(next(iter(outline.entry["labels"]), None)),
        width=width,
        halo=style.line * 0.6,
    )
