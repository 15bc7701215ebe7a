"""Tiles show the image at its place and scale."""

import io
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from deepsky.imaging import read_image
from deepsky.imaging.tiles import TILE_SIDE, Block, Tile, find_level, render_tiles

SIZE = (5000, 1300)


@pytest.fixture(scope="module")
def gradient(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a JPEG, wider than a block, whose colours state the position."""
    x, y = np.meshgrid(np.linspace(0, 255, SIZE[0]), np.linspace(0, 255, SIZE[1]))
    path = tmp_path_factory.mktemp("tiles") / "gradient.jpg"
    pixels = np.stack([x, y, np.full_like(x, 128)], -1)
    Image.fromarray(pixels.astype(np.uint8)).save(path, quality=95)
    return path


def render(path: Path, block: Block, size: tuple[int, int] = SIZE) -> dict[str, Any]:
    archive = zipfile.ZipFile(io.BytesIO(render_tiles(partial(read_image, path), block, size)))
    opened = ((name, Image.open(io.BytesIO(archive.read(name)))) for name in archive.namelist())
    return {name: np.asarray(image.convert("RGB"), float) for name, image in opened}


def test_tiles_of_all_blocks_together_are_the_image(gradient: Path) -> None:
    level = find_level(*SIZE)
    tiles = render(gradient, Block(level, 0, 0)) | render(gradient, Block(level, 1, 0))
    rows = [np.concatenate([tiles[f"{x}_{y}.jpg"] for x in range(10)], axis=1) for y in range(3)]
    whole = np.concatenate(rows)

    assert len(tiles) == 30
    assert whole.shape == (SIZE[1], SIZE[0], 3)
    assert np.abs(whole - read_image(gradient).pixels).mean() < 2


@pytest.mark.parametrize("reduction", [1, 2, 3, 12])
def test_tiles_of_lower_levels_show_the_same_places(gradient: Path, reduction: int) -> None:
    level = find_level(*SIZE) - reduction
    tiles = render(gradient, Block(level, 0, 0))
    width, height = (-(-side // 2**reduction) for side in SIZE)
    last = Tile(level, (width - 1) // TILE_SIDE, (height - 1) // TILE_SIDE)
    shown = tiles[last.name]

    assert len(tiles) == (last.column + 1) * (last.row + 1)
    assert shown.shape[:2] == (height - last.row * TILE_SIDE, width - last.column * TILE_SIDE)
    if shown.size > 12:
        expected = [255 * (1 - 0.5 / width), 255 * (1 - 0.5 / height)]
        assert shown[-1, -1, :2] == pytest.approx(expected, abs=4)


def test_orientation_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    image = Image.new("RGB", (700, 600))
    image.paste((255, 0, 0), (0, 0, 700, 300))
    exif = Image.Exif()
    exif[0x0112] = 6  # the stored top is on the right
    image.save(path, exif=exif)

    tiles = render(path, Block(10, 0, 0), (600, 700))
    assert sorted(tiles) == ["0_0.jpg", "0_1.jpg", "1_0.jpg", "1_1.jpg"]
    assert tiles["0_0.jpg"][:, :290].max() < 10
    assert tiles["1_1.jpg"][..., 0].min() > 240


def test_image_that_is_decoded_smaller_than_its_size_is_scaled_up(gradient: Path) -> None:
    def read_small(**_: Any) -> Any:
        return read_image(gradient, at_least=300)

    block = Block(find_level(*SIZE), 1, 0)
    archive = zipfile.ZipFile(io.BytesIO(render_tiles(read_small, block, SIZE)))
    with Image.open(io.BytesIO(archive.read("9_2.jpg"))) as tile:
        assert tile.size == (5000 - 9 * 512, 1300 - 2 * 512)
        assert tile.getpixel((tile.width - 1, tile.height - 1))[:2] == pytest.approx(  # type: ignore[index]
            (255, 255), abs=4
        )


@pytest.mark.parametrize(
    ("level", "column", "row", "exists"),
    [(0, 0, 0, True), (13, 9, 2, True), (13, 10, 2, False), (13, 9, 3, False), (14, 0, 0, False)],
)
def test_tiles_outside_the_image_do_not_exist(
    level: int, column: int, row: int, exists: bool
) -> None:
    assert Tile(level, column, row).exists(*SIZE) is exists
