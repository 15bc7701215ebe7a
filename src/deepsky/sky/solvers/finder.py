"""Find the places of images on the sky: hinted search, blind search, cache and limits."""

import os
import time
from dataclasses import replace
from threading import BoundedSemaphore

import numpy as np
from numpy.typing import NDArray

from deepsky.sky.position import SkyPosition
from deepsky.sky.solvers.cache import SolutionCache
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.solver import Limits, Solution, Solver, Unsolved

__all__ = ["PositionFinder"]


class PositionFinder:
    """Find the places of images on the sky with a plate-solving engine.

    Several threads may use a finder at the same time.

    Parameters
    ----------
    solver : Solver or None
        As returned by `choose_solver`.
    processes : int, optional
        Number of engines that run at the same time. By default, one for every two CPU cores.
    cache : SolutionCache or None
        None to keep no results.
    """

    def __init__(
        self,
        solver: Solver | None,
        *,
        processes: int | None = None,
        cache: SolutionCache | None = None,
    ) -> None:
        self.solver = solver
        self.cache = cache
        self._turns = BoundedSemaphore(processes or max(1, (os.cpu_count() or 1) // 2))

    def find(
        self,
        pixels: NDArray[np.uint8],
        hints: SearchHints | None = None,
        limits: Limits | None = None,
    ) -> SkyPosition | Unsolved:
        """Find the place of an image: first within the hints, then on the whole sky.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (height, width, 3)
            RGB pixels at full size, as returned by `deepsky.read_image`.
        hints : SearchHints, optional
            Hints may be wrong. Up to half of the time is spent on them.
        limits : Limits, optional
            Limits on the total time. Waiting for other engines does not count.

        Returns
        -------
        SkyPosition or Unsolved
        """
        hints, limits = hints or SearchHints(), limits or Limits()
        if self.solver is None or not self.solver.is_available():
            return Unsolved("no engine installed")
        height, width = pixels.shape[:2]
        key = self.cache and self.cache.key(pixels, self.solver, hints, limits.seconds)
        result = self.cache.get(key) if self.cache and key else None
        if result is None:
            result = self._search(self.solver, pixels, hints, limits)
            if self.cache and key:
                self.cache.put(key, result)
        if isinstance(result, Unsolved):
            return result
        position = SkyPosition.from_header(result.header, width, height, self.solver.name)
        return position or Unsolved("no match")

    def _search(
        self, solver: Solver, pixels: NDArray[np.uint8], hints: SearchHints, limits: Limits
    ) -> Solution | Unsolved:
        while not self._turns.acquire(timeout=0.1):
            if limits.cancelled is not None and limits.cancelled.is_set():
                return Unsolved("cancelled")
        try:
            end = time.monotonic() + limits.seconds
            if hints != SearchHints():
                result = solver.solve(pixels, hints, replace(limits, seconds=limits.seconds / 2))
                # Hints may be wrong; but the number of stars does not depend on them.
                if isinstance(result, Solution) or result.reason in {"too few stars", "cancelled"}:
                    return result
            left = replace(limits, seconds=max(1.0, end - time.monotonic()))
            return solver.solve(pixels, SearchHints(), left)
        finally:
            self._turns.release()
