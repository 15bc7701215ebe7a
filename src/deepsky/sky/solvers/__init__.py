"""Plate solving: find the place of an image on the sky from its stars, with installed engines."""

from deepsky.sky.solvers.cache import SolutionCache
from deepsky.sky.solvers.choice import SOLVERS, choose_solver, make_finder
from deepsky.sky.solvers.finder import PositionFinder, SearchResult
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.solver import Limits, Reason, Solution, Solver, Unsolved

__all__ = [
    "SOLVERS",
    "Limits",
    "PositionFinder",
    "Reason",
    "SearchHints",
    "SearchResult",
    "Solution",
    "SolutionCache",
    "Solver",
    "Unsolved",
    "choose_solver",
    "make_finder",
]
