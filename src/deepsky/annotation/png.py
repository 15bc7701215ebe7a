"""Draw an annotated image as PNG."""

from io import BytesIO
from itertools import groupby, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from deepsky.annotation.font import load_font, to_plain
from deepsky.annotation.scene import Line, Scene
from deepsky.annotation.style import STRIP

__all__ = ["draw_png"]

_HALO: Final = 0.6
"""Opacity of the dark border of lines."""

_ANCHORS: Final = {"start": "lm", "middle": "mm", "end": "rm"}
_XMP: Final = "XML:com.adobe.xmp"
_COMPRESSION: Final = 4


def draw_png(scene: Scene, image: Image.Image, *, xmp: str = "", comment: str = "") -> bytes:
    """Draw an annotated image.

    Parameters
    ----------
    scene : Scene
    image : PIL.Image.Image
        The image, of the size of the scene.
    xmp : str
        XMP document to embed.
    comment : str
        Comment to embed, in ASCII.

    Returns
    -------
    bytes
        The drawing, encoded as PNG.
    """
    canvas = Image.new("RGB", (scene.width, scene.height + scene.strip), STRIP)
    drawing = image.convert("RGB")
    for (colour, opacity), lines in groupby(scene.lines, lambda line: (line.colour, line.opacity)):
        _draw_lines(drawing, list(lines), colour, opacity)
    canvas.paste(drawing)
    pen = ImageDraw.Draw(canvas)
    for text in scene.texts:
        pen.text(
            (text.x, text.y),
            to_plain(text.text),
            text.colour,
            load_font(text.size),
            _ANCHORS[text.anchor],
            stroke_width=text.halo,
            stroke_fill="black",
        )
    info = PngInfo()
    if comment:
        info.add_text("Comment", comment)
    if xmp:
        info.add_itxt(_XMP, xmp)
    buffer = BytesIO()
    canvas.save(buffer, "PNG", pnginfo=info, compress_level=_COMPRESSION)
    return buffer.getvalue()


def _draw_lines(
    drawing: Image.Image, lines: list[Line], colour: tuple[int, int, int], opacity: float
) -> None:
    """Draw lines of one colour with their dark borders, smoothly."""
    halo, core = (np.zeros(drawing.size[::-1], np.uint8) for _ in range(2))
    for line in lines:
        for start, end in pairwise(line.points):
            _add_segment(core, halo, (start, end), line)
    for mask, fill, strength in ((halo, (0, 0, 0), _HALO), (core, colour, opacity)):
        if mask.any():
            alpha = Image.fromarray(mask).point(lambda value, s=strength: value * s)
            drawing.paste(fill, mask=alpha)


def _add_segment(
    core: NDArray[np.uint8],
    halo: NDArray[np.uint8],
    segment: tuple[NDArray[Any], NDArray[Any]],
    line: Line,
) -> None:
    """Add a segment with round ends to the masks; the border of lines is antialiased."""
    start, end = segment
    reach = line.width / 2 + line.halo + 1
    height, width = core.shape
    left, top = np.floor(np.minimum(start, end) - reach).astype(int).clip(0)
    right, bottom = np.ceil(np.maximum(start, end) + reach).astype(int).clip(0)
    right, bottom = min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        return
    x = np.arange(left, right, dtype=np.float32) + 0.5 - start[0]
    y = np.arange(top, bottom, dtype=np.float32)[:, np.newaxis] + 0.5 - start[1]
    dx, dy = end - start
    along = np.clip((x * dx + y * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
    distance = np.hypot(x - along * dx, y - along * dy)
    area = np.s_[top:bottom, left:right]
    for mask, half in ((core, line.width / 2), (halo, line.width / 2 + line.halo)):
        alpha = (255 * np.clip(half + 0.5 - distance, 0, 1)).astype(np.uint8)
        np.maximum(mask[area], alpha, out=mask[area])
