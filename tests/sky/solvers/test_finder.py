import re
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deepsky.errors import SolverError
from deepsky.imaging.metadata import PositionHints
from deepsky.sky.reduction import ReducedImage, reduce_image
from deepsky.sky.solvers import (
    SOLVERS,
    Limits,
    PositionFinder,
    Reason,
    SearchHints,
    Solution,
    SolutionCache,
    Unsolved,
    astap,
    astrometry_package,
    choose_solver,
)
from deepsky.sky.solving import SOLVER_CHOICES

IMAGE = reduce_image(np.zeros((600, 800, 3), np.uint8))
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

    def solve(self, image: ReducedImage, hints: SearchHints, limits: Limits) -> Solution | Unsolved:
        assert image is IMAGE
        self.searches.append((hints, limits.seconds))
        return self.results.pop(0)


def test_hints_are_tried_first_then_the_whole_sky() -> None:
    solver = ScriptedSolver(Unsolved("no match"), SOLUTION)
    position = PositionFinder(solver).find(IMAGE, HINTS, Limits(seconds=60)).position
    assert position is not None
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


@pytest.mark.parametrize("focal_length", [1e-3, 1e9])
def test_impossible_scale_is_no_hint(focal_length: float) -> None:
    hints = SearchHints.collect(PositionHints(focal_length=focal_length, pixel_size=3.76))
    assert hints == SearchHints()


def test_images_with_too_few_stars_are_not_searched_twice() -> None:
    solver = ScriptedSolver(Unsolved("too few stars"))
    assert PositionFinder(solver).find(IMAGE, HINTS).reason == "too few stars"


@pytest.mark.parametrize("result", [SOLUTION, Unsolved("no match"), Unsolved("time limit")])
def test_result_is_kept(result: Solution | Unsolved, tmp_path: Path) -> None:
    cache = SolutionCache(tmp_path)
    first = PositionFinder(ScriptedSolver(result), cache=cache).find(IMAGE)
    again = PositionFinder(ScriptedSolver(), cache=cache).find(IMAGE)
    assert again[:2] == first[:2]


@pytest.mark.parametrize("reason", ["cancelled", "engine failed"])
def test_accidental_failure_is_not_kept(reason: Reason, tmp_path: Path) -> None:
    cache = SolutionCache(tmp_path)
    PositionFinder(ScriptedSolver(Unsolved(reason)), cache=cache).find(IMAGE)
    position = PositionFinder(ScriptedSolver(SOLUTION), cache=cache).find(IMAGE).position
    assert position is not None


@pytest.mark.parametrize("reason", ["no match", "time limit"])
def test_failed_search_is_repeated_only_with_more_time(reason: Reason, tmp_path: Path) -> None:
    cache = SolutionCache(tmp_path)
    failing = PositionFinder(ScriptedSolver(Unsolved(reason)), cache=cache)
    assert failing.find(IMAGE, limits=Limits(seconds=20)).reason == reason
    assert failing.find(IMAGE, limits=Limits(seconds=10)).reason == reason
    patient = PositionFinder(ScriptedSolver(SOLUTION), cache=cache)
    assert patient.find(IMAGE, limits=Limits(seconds=30)).position is not None
    assert failing.find(IMAGE, limits=Limits(seconds=10)).position is not None


@pytest.mark.parametrize(
    ("factor", "is_placed"), [(0.15, False), (0.3, True), (4, True), (7, False)]
)
def test_place_whose_scale_contradicts_the_header_is_refused(
    factor: float, is_placed: bool
) -> None:
    hints = SearchHints.collect(PositionHints(pixel_scale=3.6 * factor))
    result = PositionFinder(ScriptedSolver(SOLUTION)).find(IMAGE, hints)
    assert (result.position is not None) == is_placed
    assert result.reason == (None if is_placed else "scale contradicts the header")


def test_key_depends_on_pixels_hints_and_engine() -> None:
    solver = ScriptedSolver()
    other = ScriptedSolver()
    other.name = "other"
    changed = IMAGE.luminance.copy()
    changed[5, 5] = 1
    keys = {
        SolutionCache.key(IMAGE, solver, SearchHints()),
        SolutionCache.key(replace(IMAGE, luminance=changed), solver, SearchHints()),
        SolutionCache.key(replace(IMAGE, factor=2), solver, SearchHints()),
        SolutionCache.key(IMAGE, solver, HINTS),
        SolutionCache.key(IMAGE, other, SearchHints()),
    }
    assert len(keys) == 5


def test_damaged_cache_and_unwritable_folder_do_no_harm(tmp_path: Path) -> None:
    cache = SolutionCache(tmp_path)
    PositionFinder(ScriptedSolver(SOLUTION), cache=cache).find(IMAGE)
    (file,) = tmp_path.rglob("*.json")
    file.write_bytes(b"\xff{")
    result = PositionFinder(ScriptedSolver(Unsolved("no match")), cache=cache).find(IMAGE)
    assert result.reason == "no match"
    no_folder = SolutionCache(file / "folder")
    result = PositionFinder(ScriptedSolver(Unsolved("no match")), cache=no_folder).find(IMAGE)
    assert result.reason == "no match"


def test_no_more_engines_than_allowed_run_at_once() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    class CountingSolver(ScriptedSolver):
        def solve(
            self,
            image: ReducedImage,  # noqa: ARG002
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
    threads = [threading.Thread(target=finder.find, args=(IMAGE,)) for _ in range(6)]
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
            image: ReducedImage,  # noqa: ARG002
            hints: SearchHints,  # noqa: ARG002
            limits: Limits,  # noqa: ARG002
        ) -> Solution | Unsolved:
            started.set()
            proceed.wait()
            return Unsolved("no match")

    finder = PositionFinder(WaitingSolver(), processes=1)
    thread = threading.Thread(target=finder.find, args=(IMAGE,))
    thread.start()
    started.wait()
    cancelled.set()
    assert finder.find(IMAGE, limits=Limits(cancelled=cancelled.is_set)).reason == "cancelled"
    proceed.set()
    thread.join()


def test_no_engine_is_chosen_if_solving_is_not_wanted() -> None:
    assert choose_solver("never") is None


@pytest.mark.parametrize(("name", "engine"), [("auto", "No plate solver"), ("astap", "astap")])
def test_missing_engine_is_an_error_that_says_how_to_install_one(
    name: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(astrometry_package, "index_files", list)
    monkeypatch.setattr(astap, "_PROGRAMS", ())
    with pytest.raises(SolverError, match=engine) as caught:
        choose_solver(name)
    assert {"Debian", "macOS", "Windows"} <= set(re.findall(r"\w+", str(caught.value)))


def test_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="solve-field, astap, astrometry"):
        choose_solver("asttap")


def test_all_engines_can_be_chosen() -> None:
    assert ("never", "auto", *SOLVERS) == SOLVER_CHOICES
