"""Find the places of images on the sky: hinted search, blind search, cache and limits."""

import os
import time
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Final, NamedTuple

from deepsky.sky.position import SkyPosition
from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.cache import SolutionCache
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.solver import Limits, Reason, Solution, Solver, Unsolved

__all__ = ["PositionFinder", "SearchResult"]

_SCALE_RATIO: Final = 5.0
"""Largest ratio of the pixel scale to that in the header. Binning or drizzling by up to 4, or a
focal reducer, which the header often omits, does not exceed it."""


class SearchResult(NamedTuple):
    """Result of searching for the place of one image.

    Attributes
    ----------
    position : SkyPosition or None
    reason : Reason or None
        Why the image has not been placed; None if it has.
    seconds : float
        Duration of the search, without waiting for other engines.
    """

    position: SkyPosition | None
    reason: Reason | None
    seconds: float


class PositionFinder:
    """Find the places of images on the sky with a plate-solving engine.

    Several threads may use a finder at the same time.

    Parameters
    ----------
    solver : Solver
        As returned by `choose_solver`.
    processes : int, optional
        Number of engines that run at the same time. By default, one for every two CPU cores.
    cache : SolutionCache or None
        None to keep no results.
    """

    def __init__(
        self,
        solver: Solver,
        *,
        processes: int | None = None,
        cache: SolutionCache | None = None,
    ) -> None:
        self.solver = solver
        self.cache = cache
        self._turns = BoundedSemaphore(processes or max(1, (os.cpu_count() or 1) // 2))

    def find(
        self,
        image: ReducedImage,
        hints: SearchHints | None = None,
        limits: Limits | None = None,
    ) -> SearchResult:
        """Find the place of an image: first within the hints, then on the whole sky.

        Parameters
        ----------
        image : ReducedImage
            As returned by `deepsky.sky.reduction.reduce_image`.
        hints : SearchHints, optional
            Hints may be wrong. Up to half of the time is spent on them. A place whose pixel scale
            differs from that of the hints by more than a factor of 5 is refused.
        limits : Limits, optional
            Limits on the total time. Waiting for other engines does not count.

        Returns
        -------
        SearchResult
        """
        hints, limits = hints or SearchHints(), limits or Limits()
        while not self._turns.acquire(timeout=0.1):
            if limits.cancelled():
                return SearchResult(None, "cancelled", 0.0)
        start = time.monotonic()
        try:
            result = self._recall_or_search(image, hints, limits)
        finally:
            self._turns.release()
        seconds = time.monotonic() - start
        if isinstance(result, Unsolved):
            return SearchResult(None, result.reason, seconds)
        name = self.solver.name
        position = SkyPosition.from_header(result.header, image.width, image.height, name)
        if position is None:
            return SearchResult(None, "no match", seconds)
        if not _fits_scale(position, hints):
            return SearchResult(None, "scale contradicts the header", seconds)
        return SearchResult(position, None, seconds)

    def _recall_or_search(
        self, image: ReducedImage, hints: SearchHints, limits: Limits
    ) -> Solution | Unsolved:
        """Return the result of an earlier search with at least as much time, or search."""
        if self.cache is None:
            return self._search(image, hints, limits)
        key = self.cache.key(image, self.solver, hints)
        result = self.cache.get(key, limits.seconds)
        if result is None:
            result = self._search(image, hints, limits)
            self.cache.put(key, result, limits.seconds)
        return result

    def _search(
        self, image: ReducedImage, hints: SearchHints, limits: Limits
    ) -> Solution | Unsolved:
        end = time.monotonic() + limits.seconds
        if hints != SearchHints():
            first = replace(limits, seconds=limits.seconds / 2)
            result = self.solver.solve(image, hints, first)
            # Hints may be wrong; but the number of stars does not depend on them.
            if isinstance(result, Solution) or result.reason in {"too few stars", "cancelled"}:
                return result
        left = replace(limits, seconds=max(1.0, end - time.monotonic()))
        return self.solver.solve(image, SearchHints(), left)


def _fits_scale(position: SkyPosition, hints: SearchHints) -> bool:
    if hints.min_scale is None or hints.max_scale is None:
        return True
    low, high = hints.min_scale / _SCALE_RATIO, hints.max_scale * _SCALE_RATIO
    return low <= position.pixel_scale <= high
