"""The interface of plate-solving engines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solving import SOLVE_SECONDS, Reason

__all__ = ["Limits", "Reason", "Solution", "Solver", "Unsolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on one search.

    Attributes
    ----------
    seconds : float
        Wall time, and also CPU time where the system can limit it.
    cancelled : callable
        Function that is called often. When it returns True, the search ends, and the engine's
        processes are killed.
    """

    seconds: float = SOLVE_SECONDS
    cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Solution:
    """A place on the sky that an engine has found.

    Attributes
    ----------
    header : str
        WCS as the text of a FITS header, with ICRS coordinates, for the pixels at full size: FITS
        pixel (1, 1) is the top left pixel.
    """

    header: str


@dataclass(frozen=True, slots=True)
class Unsolved:
    """An image that has not been placed on the sky.

    Attributes
    ----------
    reason : Reason
    """

    reason: Reason


class Solver(Protocol):
    """A plate-solving engine.

    Attributes
    ----------
    name : str
        Name of the engine, such as ``"solve-field"``.
    """

    name: str

    def is_available(self) -> bool:
        """Return whether the engine and its star index are installed.

        Returns
        -------
        bool
        """

    def settings(self) -> str:
        """Describe everything except image, hints and limits that solutions depend on.

        Returns
        -------
        str
            For example, the star indexes with their sizes.
        """

    def solve(self, image: ReducedImage, hints: SearchHints, limits: Limits) -> Solution | Unsolved:
        """Search for the place of an image within the hints.

        Parameters
        ----------
        image : ReducedImage
        hints : SearchHints
            Region and pixel scales to search.
        limits : Limits

        Returns
        -------
        Solution or Unsolved
        """
