from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from deepsky.sky.reduction import ReducedImage, reduce_image
from deepsky.sky.solvers import (
    Limits,
    PositionFinder,
    SearchHints,
    Solution,
    Unsolved,
    solve_field,
)
from deepsky.sky.solvers.solve_field import SolveField
from tests.sky.drawn_field import draw_field, require_engine

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
print({output!r})
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


def install_fake(
    install: Install, kept: Path, *, solved: bool = True, found: int = 99, output: str = ""
) -> None:
    cards = list(CARDS.items())
    script = FAKE_SOLVE_FIELD.format(
        kept=str(kept), solved=solved, cards=cards, found=found, output=output
    )
    install("solve-field", script)


@pytest.mark.usefixtures("index_folder")
def test_solution_is_for_the_full_size(
    fake_program: Install, tmp_path: Path, star_image: ReducedImage
) -> None:
    install_fake(fake_program, tmp_path / "kept")
    position = PositionFinder(SolveField()).find(star_image).position
    assert position is not None
    assert (position.ra, position.dec) == pytest.approx((10, 40))
    assert position.pixel_scale == pytest.approx(1.8)  # half of 3.6 arcseconds
    assert position.width == pytest.approx(1.6, rel=1e-3)
    assert not position.mirrored


def test_hints_and_own_configuration_reach_the_engine(
    fake_program: Install, tmp_path: Path, star_image: ReducedImage, index_folder: Path
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
@pytest.mark.parametrize(
    ("found", "output", "reason"),
    [
        (3, "Did not solve", "too few stars"),
        (99, "Did not solve", "no match"),
        (99, "Total CPU time limit reached!\nDid not solve", "time limit"),
    ],
)
def test_reason_of_failure_is_told(
    found: int,
    output: str,
    reason: str,
    fake_program: Install,
    tmp_path: Path,
    star_image: ReducedImage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solve_field, "can_find_stars", lambda: False)
    install_fake(fake_program, tmp_path / "kept", solved=False, found=found, output=output)
    result = SolveField().solve(star_image, SearchHints(), Limits(seconds=200))
    assert result == Unsolved(reason)  # type: ignore[arg-type]


@pytest.mark.usefixtures("index_folder")
def test_image_is_written_top_row_first_where_sep_is_missing(
    fake_program: Install,
    tmp_path: Path,
    star_image: ReducedImage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solve_field, "can_find_stars", lambda: False)
    install_fake(fake_program, tmp_path / "kept")
    SolveField().solve(star_image, SearchHints(), Limits(seconds=200))
    written = fits.getdata(tmp_path / "kept" / "image.fits")
    np.testing.assert_allclose(written, star_image.luminance)


@pytest.mark.usefixtures("index_folder")
@pytest.mark.skipif(find_spec("sep") is None, reason="sep is not installed")
def test_own_star_finder_of_the_engine_comes_second(
    fake_program: Install, tmp_path: Path, star_image: ReducedImage
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
    result = SolveField().solve(
        reduce_image(np.zeros((9, 9, 3), np.uint8)), SearchHints(), Limits()
    )
    assert result == Unsolved("no engine installed")


@pytest.mark.parametrize("name", ["solve-field", "astrometry"])
@pytest.mark.parametrize("factor", [1, 2])
def test_real_engine_finds_a_drawn_field(name: str, factor: int) -> None:
    solver = require_engine(name)
    width, height = 1200 * factor, 800 * factor
    pixels, wcs = draw_field(84.0, -5.0, 6, width, height)
    hints = SearchHints(ra=85, dec=-4, radius=5)
    finder = PositionFinder(solver)
    position = finder.find(reduce_image(pixels), hints, Limits(seconds=120)).position
    assert position is not None
    assert not position.mirrored
    points = np.array([(0, 0), (width - 1, 0), (0, height - 1), (width / 2, height / 2)])
    found = position.wcs.all_world2pix(wcs.all_pix2world(points, 0), 0)
    assert np.hypot(*(found - points).T).max() < 3 * factor
