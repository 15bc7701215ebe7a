import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from deepsky.sky.position import SkyPosition
from deepsky.sky.solvers import (
    Limits,
    PositionFinder,
    SearchHints,
    Solution,
    Unsolved,
    choose_solver,
    solve_field,
)
from deepsky.sky.solvers.indexes import index_files
from deepsky.sky.solvers.solve_field import SolveField
from tests.sky.solvers.conftest import draw_stars

FAKE_SOLVE_FIELD = """
# A stand-in for solve-field: keeps its arguments and configuration, and writes a fixed solution.
import shutil, sys
from pathlib import Path
from astropy.io import fits
kept = Path({kept!r})
kept.mkdir(exist_ok=True)
(kept / "arguments").write_text("\\n".join(sys.argv[1:]))
shutil.copy("engine.cfg", kept)
shutil.copy(sys.argv[-1], kept)
if {solved}:
    header = fits.Header({cards!r})
    fits.PrimaryHDU(header=header).writeto("solution.wcs")
print("simplexy: found {found} sources.")
"""
CARDS = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRVAL1": 10.0,
    "CRVAL2": 40.0,
    "CRPIX1": 800.5,
    "CRPIX2": 425.5,
    "CD1_1": -1e-3,
    "CD1_2": 0.0,
    "CD2_1": 0.0,
    "CD2_2": -1e-3,
    "OBJECT": "index",
}
Install = Callable[[str, str], Path]


def install_fake(install: Install, kept: Path, *, solved: bool = True, found: int = 99) -> None:
    cards = list(CARDS.items())
    script = FAKE_SOLVE_FIELD.format(kept=str(kept), solved=solved, cards=cards, found=found)
    install("solve-field", script)


@pytest.mark.usefixtures("index_folder")
def test_solution_is_for_the_full_size(
    fake_program: Install, tmp_path: Path, star_image: NDArray[np.uint8]
) -> None:
    install_fake(fake_program, tmp_path / "kept")
    position = PositionFinder(SolveField()).find(star_image)
    assert isinstance(position, SkyPosition)
    assert (position.ra, position.dec) == pytest.approx((10, 40))
    assert position.pixel_scale == pytest.approx(1.8)  # half of 3.6 arcseconds
    assert position.width == pytest.approx(1.6, rel=1e-3)
    assert not position.mirrored


def test_hints_and_own_configuration_reach_the_engine(
    fake_program: Install, tmp_path: Path, star_image: NDArray[np.uint8], index_folder: Path
) -> None:
    install_fake(fake_program, tmp_path / "kept")
    hints = SearchHints(ra=10.5, dec=-40, radius=5, min_scale=1, max_scale=2.5)
    assert isinstance(SolveField().solve(star_image, hints, Limits(seconds=200)), Solution)
    arguments = (tmp_path / "kept" / "arguments").read_text("utf-8").splitlines()
    assert {
        "--ra=10.50000",
        "--dec=-40.00000",
        "--radius=5.000",
        "--scale-low=2.00000",
        "--scale-high=5.00000",
        "--scale-units=arcsecperpix",
    } <= set(arguments)
    configuration = (tmp_path / "kept" / "engine.cfg").read_text("utf-8").splitlines()
    limit = int(configuration[0].removeprefix("cpulimit "))
    assert 0 < limit <= 200  # part of the time limit: less if stars were found with sep first
    assert f"index {index_folder / 'index-4107.fits'}" in configuration


@pytest.mark.usefixtures("index_folder")
@pytest.mark.parametrize(("found", "reason"), [(3, "too few stars"), (99, "no match")])
def test_reason_of_failure_is_told(
    found: int,
    reason: str,
    fake_program: Install,
    tmp_path: Path,
    star_image: NDArray[np.uint8],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solve_field, "can_find_stars", lambda: False)
    install_fake(fake_program, tmp_path / "kept", solved=False, found=found)
    result = SolveField().solve(star_image, SearchHints(), Limits(seconds=200))
    assert result == Unsolved(reason)  # type: ignore[arg-type]


@pytest.mark.usefixtures("index_folder")
def test_image_is_written_top_row_first_where_sep_is_missing(
    fake_program: Install,
    tmp_path: Path,
    star_image: NDArray[np.uint8],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solve_field, "can_find_stars", lambda: False)
    install_fake(fake_program, tmp_path / "kept")
    SolveField().solve(star_image, SearchHints(), Limits(seconds=200))
    written = fits.getdata(tmp_path / "kept" / "image.fits")
    blocks = star_image[..., 0].reshape(850, 2, 1600, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(written, blocks, atol=0.01)


@pytest.mark.usefixtures("index_folder")
@pytest.mark.skipif(find_spec("sep") is None, reason="sep is not installed")
def test_own_star_finder_of_the_engine_comes_second(
    fake_program: Install, tmp_path: Path, star_image: NDArray[np.uint8]
) -> None:
    install_fake(fake_program, tmp_path / "kept", solved=False)
    SolveField().solve(star_image, SearchHints(), Limits(seconds=200))
    assert len(fits.getdata(tmp_path / "kept" / "stars.xyls")) == 60
    assert (tmp_path / "kept" / "image.fits").is_file()
    configuration = (tmp_path / "kept" / "engine.cfg").read_text("utf-8")
    assert 100 < int(configuration.split()[1]) < 200  # what the first search left


def test_program_without_index_files_is_not_available(
    fake_program: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_fake(fake_program, tmp_path / "kept")
    monkeypatch.setattr(solve_field, "index_files", list)
    assert not SolveField().is_available()
    result = SolveField().solve(np.zeros((9, 9, 3), np.uint8), SearchHints(), Limits())
    assert result == Unsolved("no engine installed")


def find_bright_stars(ra: float, dec: float, radius: float) -> NDArray[np.float64]:
    """Return right ascensions and declinations of stars in the Tycho-2 index."""
    index = next(file for file in index_files() if "tycho2-10" in file.name)
    command = ["query-starkd", "-r", str(ra), "-d", str(dec), "-R", str(radius), str(index)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.replace(",", " ").split() for line in output.splitlines()]
    return np.array([row[:2] for row in rows if len(row) >= 2 and row[0][:1].isdigit()], float)


@pytest.mark.parametrize("name", ["solve-field", "astrometry"])
@pytest.mark.parametrize("factor", [1, 2])
def test_real_engine_finds_a_drawn_field(name: str, factor: int) -> None:
    solver = choose_solver(name)
    if solver is None or not solver.is_available() or shutil.which("query-starkd") is None:
        pytest.skip(f"{name}, its index files or query-starkd are not installed")
    if not any("tycho2-10" in file.name for file in index_files()):
        pytest.skip("the Tycho-2 index of fields from 1 degree is not installed")
    width, height = 1200 * factor, 800 * factor
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [84.0, -5.0]
    wcs.wcs.crpix = [width / 2 + 0.5, height / 2 + 0.5]
    angle, scale = np.radians(30), 6 / width
    rotation = [[-np.cos(angle), np.sin(angle)], [-np.sin(angle), -np.cos(angle)]]
    wcs.wcs.cd = scale * np.array(rotation)
    stars = wcs.all_world2pix(find_bright_stars(84, -5, 4), 0)
    pixels = draw_stars(stars, height, width, np.geomspace(220, 40, len(stars)))
    hints = SearchHints(ra=85, dec=-4, radius=5)
    position = PositionFinder(solver).find(pixels, hints, Limits(seconds=120))
    assert isinstance(position, SkyPosition)
    assert not position.mirrored
    points = np.array([(0, 0), (width - 1, 0), (0, height - 1), (width / 2, height / 2)])
    places = wcs.all_pix2world(points, 0)
    found = position.wcs.all_world2pix(places, 0)
    assert np.hypot(*(found - points).T).max() < 3 * factor
