"""Draw contact sheets: rows of images with captions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

__all__ = ["Tile", "draw_sheet"]

SIDE: Final = 220
CAPTION: Final = 46
HEADING: Final = 40
MARGIN: Final = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """An image and its caption.

    Attributes
    ----------
    image : Image or None
        Image of any size, or None to draw a black square.
    caption : str
        One or two lines of text; long lines are cut off.
    """

    image: Image.Image | None
    caption: str


def draw_sheet(
    sections: Mapping[str, Sequence[Tile]],
    *,
    columns: int = 5,
    paper: str = "white",
    ink: str = "black",
) -> Image.Image:
    """Draw a contact sheet.

    Parameters
    ----------
    sections : mapping of str to sequence of Tile
        Tiles to draw under each heading. An empty heading is not drawn.
    columns : int
        Number of tiles per row.
    paper, ink : str
        Colours of the background and of the text, in any form that `PIL.ImageColor` accepts.

    Returns
    -------
    Image
        Contact sheet as an RGB image.

    Examples
    --------
    >>> from deepsky.contact_sheet import Tile, draw_sheet
    >>> draw_sheet({"Galaxies": [Tile(None, "M 51")]}, columns=1).size
    (236, 322)
    """
    height = MARGIN + sum(_height(*section, columns) for section in sections.items())
    sheet = Image.new("RGB", (columns * (SIDE + MARGIN) + MARGIN, height), paper)
    draw = ImageDraw.Draw(sheet)
    top = MARGIN
    for heading, tiles in sections.items():
        draw.text((MARGIN, top + MARGIN), heading, ink, ImageFont.load_default(18))
        for number, tile in enumerate(tiles):
            row, column = divmod(number, columns)
            left = MARGIN + column * (SIDE + MARGIN)
            below = top + (HEADING if heading else 0) + row * (SIDE + CAPTION + MARGIN)
            _draw_tile(sheet, tile, (left, below), ink)
        top += _height(heading, tiles, columns)
    return sheet


def _height(heading: str, tiles: Sequence[Tile], columns: int) -> int:
    rows = -(-len(tiles) // columns)
    return (HEADING if heading else 0) + rows * (SIDE + CAPTION + MARGIN)


def _draw_tile(sheet: Image.Image, tile: Tile, position: tuple[int, int], ink: str) -> None:
    cell = Image.new("RGB", (SIDE, SIDE + CAPTION), sheet.getpixel((0, 0)))
    if tile.image:
        image = ImageOps.pad(tile.image.convert("RGB"), (SIDE, SIDE), color="black")
    else:
        image = Image.new("RGB", (SIDE, SIDE), "black")
    cell.paste(image)
    draw = ImageDraw.Draw(cell)
    draw.multiline_text((0, SIDE + 4), tile.caption, ink, ImageFont.load_default(13))
    sheet.paste(cell, position)
