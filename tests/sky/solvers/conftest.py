"""Images and stand-ins for plate-solving engines."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture
def star_image() -> NDArray[np.uint8]:
    """Image of 3,200 by 1,700 pixels with 60 round stars."""
    return draw_stars(np.random.default_rng(1).uniform(20, 1680, (60, 2)), 1700, 3200)


def draw_stars(
    positions: NDArray[np.float64],
    height: int,
    width: int,
    fluxes: NDArray[np.float64] | None = None,
) -> NDArray[np.uint8]:
    """Draw stars as Gaussians with a standard deviation of 2 pixels on a noisy sky."""
    rng = np.random.default_rng(0)
    image = rng.normal(20, 2, (height, width)).astype(np.float32)
    y, x = np.mgrid[-12:13, -12:13]
    peaks = np.full(len(positions), 150.0) if fluxes is None else fluxes
    for (star_x, star_y), peak in zip(positions, peaks, strict=True):
        column, row = round(star_x), round(star_y)
        if not (12 < column < width - 13 and 12 < row < height - 13):
            continue
        radius = (x + column - star_x) ** 2 + (y + row - star_y) ** 2
        image[row - 12 : row + 13, column - 12 : column + 13] += peak * np.exp(-radius / 8)
    grey = np.clip(image, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=2)


@pytest.fixture
def fake_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Install a Python script under a name as the only program in PATH."""
    if sys.platform == "win32":
        pytest.skip("Windows does not start scripts by their first line")

    def install(name: str, script: str) -> Path:
        folder = tmp_path / "programs"
        folder.mkdir()
        path = folder / name
        path.write_text(f"#!{sys.executable}\n{script}", "utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return path

    return install


@pytest.fixture
def index_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with a file named like an index of astrometry.net, in DEEPSKY_SOLVER_INDEXES."""
    folder = tmp_path / "own indexes"
    folder.mkdir()
    (folder / "index-4107.fits").write_bytes(b"")
    (folder / "d05_0101.1476").write_bytes(b"")
    monkeypatch.setenv("DEEPSKY_SOLVER_INDEXES", os.pathsep.join(["", str(folder)]))
    return folder
