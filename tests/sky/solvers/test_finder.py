import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from deepsky.imaging.metadata import PositionHints
from deepsky.sky.position import SkyPosition
from deepsky.sky.solvers import (
    Limits,
    PositionFinder,
    Reason,
    SearchHints,
    Solution,
    SolutionCache,
    Unsolved,
    choose_solver,
)

PIXELS = np.zeros((600, 800, 3), np.uint8)
HINTS = SearchHints.collect(PositionHints(ra=83.8, dec=-5.4, focal_length=400, pixel_size=3.76))
CARDS = [
    "CTYPE1  = 'RA---TAN'",
    "CTYPE2  = 'DEC--TAN'",
    "CRVAL1  =                 83.8",
    "CRVAL2  =                 -5.4",
    "CRPIX1  =                400.5",
    "CRPIX2  =                300.5",
    "CD1_1   =               -0.001",
    "CD2_2   =               -0.001",
]
SOLUTION = Solution("".join(card.ljust(80) for card in CARDS))


class ScriptedSolver:
    """A solver that returns given results one after the other, and keeps the hints."""

    name = "scripted"

    def __init__(self, *results: Solution | Unsolved) -> None:
        self.results = list(results)
        self.searches: list[tuple[SearchHints, float]] = []

    def is_available(self) -> bool:
        return True

    def settings(self) -> str:
        return "one index"

    def solve(
        self, pixels: NDArray[np.uint8], hints: SearchHints, limits: Limits
    ) -> Solution | Unsolved:
        assert pixels.shape == PIXELS.shape
        self.searches.append((hints, limits.seconds))
        return self.results.pop(0)


def test_hints_are_tried_first_then_the_whole_sky() -> None:
    solver = ScriptedSolver(Unsolved("no match"), SOLUTION)
    position = PositionFinder(solver).find(PIXELS, HINTS, Limits(seconds=60))
    assert isinstance(position, SkyPosition)
    assert (position.ra, position.dec, position.source) == pytest.approx((83.8, -5.4, "scripted"))
    (hinted, seconds), (blind, _) = solver.searches
    assert (hinted, seconds) == (HINTS, 30)
    assert blind == SearchHints()


def test_scale_hint_comes_from_focal_length_and_pixel_size() -> None:
    scale = 3.76e-3 / 400 * 206265
    assert HINTS.min_scale is not None
    assert HINTS.max_scale is not None
    assert HINTS.min_scale < scale < HINTS.max_scale
    assert (HINTS.min_scale * HINTS.max_scale) ** 0.5 == pytest.approx(scale, rel=1e-4)


def test_images_with_too_few_stars_are_not_searched_twice() -> None:
    solver = ScriptedSolver(Unsolved("too few stars"))
    assert PositionFinder(solver).find(PIXELS, HINTS) == Unsolved("too few stars")


@pytest.mark.parametrize("result", [SOLUTION, Unsolved("no match"), Unsolved("time limit")])
def test_result_is_kept(result: Solution | Unsolved, tmp_path: Path) -> None:
    cache = SolutionCache(tmp_path)
    first = PositionFinder(ScriptedSolver(result), cache=cache).find(PIXELS)
    again = PositionFinder(ScriptedSolver(), cache=cache).find(PIXELS)
    assert again == first


@pytest.mark.parametrize("reason", ["cancelled", "engine failed"])
def test_accidental_failure_is_not_kept(reason: Reason, tmp_path: Path) -> None:
    cache = SolutionCache(tmp_path)
    PositionFinder(ScriptedSolver(Unsolved(reason)), cache=cache).find(PIXELS)
    position = PositionFinder(ScriptedSolver(SOLUTION), cache=cache).find(PIXELS)
    assert isinstance(position, SkyPosition)


def test_key_depends_on_pixels_hints_limits_and_engine() -> None:
    solver = ScriptedSolver()
    other = ScriptedSolver()
    other.name = "other"
    changed = PIXELS.copy()
    changed[5, 5, 0] = 1
    keys = {
        SolutionCache.key(PIXELS, solver, SearchHints(), 60),
        SolutionCache.key(changed, solver, SearchHints(), 60),
        SolutionCache.key(PIXELS.reshape(800, 600, 3), solver, SearchHints(), 60),
        SolutionCache.key(PIXELS, solver, HINTS, 60),
        SolutionCache.key(PIXELS, solver, SearchHints(), 30),
        SolutionCache.key(PIXELS, other, SearchHints(), 60),
    }
    assert len(keys) == 6


def test_damaged_cache_and_unwritable_folder_do_no_harm(tmp_path: Path) -> None:
    cache = SolutionCache(tmp_path)
    PositionFinder(ScriptedSolver(SOLUTION), cache=cache).find(PIXELS)
    (file,) = tmp_path.rglob("*.json")
    file.write_bytes(b"\xff{")
    result = PositionFinder(ScriptedSolver(Unsolved("no match")), cache=cache).find(PIXELS)
    assert result == Unsolved("no match")
    no_folder = SolutionCache(file / "folder")
    result = PositionFinder(ScriptedSolver(Unsolved("no match")), cache=no_folder).find(PIXELS)
    assert result == Unsolved("no match")


def test_no_more_engines_than_allowed_run_at_once() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    class CountingSolver(ScriptedSolver):
        def solve(
            self,
            pixels: NDArray[np.uint8],  # noqa: ARG002
            hints: SearchHints,  # noqa: ARG002
            limits: Limits,  # noqa: ARG002
        ) -> Solution | Unsolved:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.05)
            with lock:
                running -= 1
            return Unsolved("no match")

    finder = PositionFinder(CountingSolver(), processes=2)
    threads = [threading.Thread(target=finder.find, args=(PIXELS,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_waiting_search_can_be_cancelled() -> None:
    started, proceed, cancelled = threading.Event(), threading.Event(), threading.Event()

    class WaitingSolver(ScriptedSolver):
        def solve(
            self,
            pixels: NDArray[np.uint8],  # noqa: ARG002
            hints: SearchHints,  # noqa: ARG002
            limits: Limits,  # noqa: ARG002
        ) -> Solution | Unsolved:
            started.set()
            proceed.wait()
            return Unsolved("no match")

    finder = PositionFinder(WaitingSolver(), processes=1)
    thread = threading.Thread(target=finder.find, args=(PIXELS,))
    thread.start()
    started.wait()
    cancelled.set()
    assert finder.find(PIXELS, limits=Limits(cancelled=cancelled)) == Unsolved("cancelled")
    proceed.set()
    thread.join()


def test_without_an_engine_nothing_is_placed() -> None:
    assert choose_solver("never") is None
    assert PositionFinder(None).find(PIXELS) == Unsolved("no engine installed")


def test_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="solve-field, astap, astrometry"):
        choose_solver("asttap")
