"""Images and stand-ins for plate-solving engines."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from deepsky.sky.reduction import ReducedImage, reduce_image
from tests.sky.drawn_field import draw_stars


@pytest.fixture
def star_image() -> ReducedImage:
    """Image of 3,200 by 1,700 pixels with 60 round stars, at half size."""
    positions = np.random.default_rng(1).uniform(20, 1680, (60, 2))
    return reduce_image(draw_stars(positions, 1700, 3200))


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
