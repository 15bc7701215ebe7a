"""Tiles of an image at several scales, for a viewer that zooms into the image.

At the highest level, the image has its full size. At each lower level, it has half the width and
height, rounded up, down to one pixel at level 0, as in the Deep Zoom format. At each level, the
image is divided into tiles. Reading an image takes much longer than encoding a tile, so tiles are
rendered in blocks of neighbouring tiles.

References
----------
OpenSeadragon documentation, *Deep Zoom image tile source*.
"""

import zipfile
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.image_data import to_pillow
from deepsky.imaging.processes.tasks import ReadImage

__all__ = ["BLOCK_TILES", "TILE_SIDE", "Block", "Tile", "find_level", "render_tiles"]

TILE_SIDE: Final = 512
"""Width and height of a tile, in pixels; tiles at the right and lower edges can be smaller."""

BLOCK_TILES: Final = 8
"""Maximum number of tiles in a row and in a column of a block."""

_BLOCK_SIDE: Final = TILE_SIDE * BLOCK_TILES
_QUALITY: Final = 90


@dataclass(frozen=True, slots=True)
class Block:
    """A block of tiles at one level.

    Attributes
    ----------
    level : int
        Level, from 0.
    column, row : int
        Position of the block, from 0 at the top left.
    """

    level: int
    column: int
    row: int

    @property
    def name(self) -> str:
        """Text that identifies the block among those of the same image, for a file name."""
        return f"{self.level}-{self.column}-{self.row}"


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile at one level.

    Attributes
    ----------
    level : int
        Level, from 0.
    column, row : int
        Position of the tile, from 0 at the top left.

    Examples
    --------
    >>> Tile(13, 9, 2).block
    Block(level=13, column=1, row=0)
    >>> Tile(13, 9, 2).exists(6000, 4000), Tile(13, 12, 2).exists(6000, 4000)
    (True, False)
    """

    level: int
    column: int
    row: int

    @property
    def block(self) -> Block:
        """The block that contains the tile."""
        return Block(self.level, self.column // BLOCK_TILES, self.row // BLOCK_TILES)

    @property
    def name(self) -> str:
        """Name of the tile in the archive of its block."""
        return f"{self.column}_{self.row}.jpg"

    def exists(self, width: int, height: int) -> bool:
        """Return whether an image has this tile.

        Parameters
        ----------
        width, height : int
            Full size of the image, in pixels.
        """
        if not 0 <= self.level <= find_level(width, height):
            return False
        columns, rows = (-(-side // TILE_SIDE) for side in _size(width, height, self.level))
        return 0 <= self.column < columns and 0 <= self.row < rows


def find_level(width: int, height: int) -> int:
    """Return the level at which an image has its full size.

    Parameters
    ----------
    width, height : int
        Full size of the image, in pixels.

    Examples
    --------
    >>> find_level(6000, 4000)
    13
    """
    return (max(width, height) - 1).bit_length()


def render_tiles(
    read: ReadImage, block: Block, size: tuple[int, int], *, stretch: StretchChoice = "auto"
) -> bytes:
    """Read an image, and render the tiles of a block.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.
    block : Block
    size : (int, int)
        Full width and height of the image, in pixels.
    stretch : str
        Name of the stretch; see `deepsky.imaging.read.read_image`.

    Returns
    -------
    bytes
        Uncompressed ZIP archive of JPEG files, one for each tile, named by `Tile.name`.

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    width, height = _size(*size, block.level)
    read = partial(read, stretch=stretch)
    is_full = block.level == find_level(*size)
    pixels = (read() if is_full else read(at_least=min(width, height))).pixels
    left, top = block.column * _BLOCK_SIDE, block.row * _BLOCK_SIDE
    right, bottom = min(left + _BLOCK_SIDE, width), min(top + _BLOCK_SIDE, height)
    image = _crop(pixels, (left / width, top / height, right / width, bottom / height))
    if image.size != (right - left, bottom - top):
        image = image.resize((right - left, bottom - top), Image.Resampling.LANCZOS)
    return _archive(image, block)


def _size(width: int, height: int, level: int) -> tuple[int, int]:
    """Return the width and height of an image at a level."""
    scale = 1 << max(0, find_level(width, height) - level)
    return -(-width // scale), -(-height // scale)


def _crop(pixels: NDArray[np.uint8], part: tuple[float, float, float, float]) -> Image.Image:
    """Return a part of an image, given by the fractions of its left, top, right and lower edge."""
    rows, columns = pixels.shape[:2]
    left, right = round(part[0] * columns), round(part[2] * columns)
    top, bottom = round(part[1] * rows), round(part[3] * rows)
    return to_pillow(pixels[top : max(bottom, top + 1), left : max(right, left + 1)])


def _archive(image: Image.Image, block: Block) -> bytes:
    """Encode the tiles of a block, and return them in an archive."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for top in range(0, image.height, TILE_SIDE):
            for left in range(0, image.width, TILE_SIDE):
                right = min(left + TILE_SIDE, image.width)
                bottom = min(top + TILE_SIDE, image.height)
                encoded = BytesIO()
                image.crop((left, top, right, bottom)).save(encoded, "JPEG", quality=_QUALITY)
                column = block.column * BLOCK_TILES + left // TILE_SIDE
                row = block.row * BLOCK_TILES + top // TILE_SIDE
                archive.writestr(Tile(block.level, column, row).name, encoded.getvalue())
    return buffer.getvalue()
