"""Plate solving on the server: a limited number of engines, which all clients share fairly."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Final

from deepsky.errors import ReadCancelledError, SolverError
from deepsky.identification.position import find_position
from deepsky.imaging.image_data import ImageInfo
from deepsky.server.admission import Admission, wait_for_turn
from deepsky.server.settings import Settings
from deepsky.server.turns import Turns
from deepsky.server.waiting_client import Client
from deepsky.sky.reduction import ReducedImage

if TYPE_CHECKING:
    from deepsky.sky.solvers import PositionFinder, SearchResult

__all__ = ["Solving"]

WAITS: Final = 2
"""Maximum time to wait for a turn, in units of the time limit of a search."""

RESERVE: Final = 1
"""Number of additional requests, by clients that have no other one in progress."""


class Solving:
    """Plate-solving engines that search for the image of one client after the other.

    Parameters
    ----------
    settings : Settings

    Raises
    ------
    SolverError
        If the engine in the settings is not installed.
    """

    def __init__(self, settings: Settings) -> None:
        self._finder = _make_finder(settings)
        self._seconds = settings.solve_seconds
        self._admission = Admission(settings.solver_slots, RESERVE)
        self._turns = Turns(settings.solver_processes)
        self._closed = Event()

    @property
    def engine(self) -> str | None:
        """Name of the engine; None if the server solves no images."""
        return None if self._finder is None else self._finder.solver.name

    def require_engine(self) -> None:
        """Check that the server solves images.

        Raises
        ------
        SolverError
            If it does not.
        """
        if self._finder is None:
            msg = (
                "This server does not find the places of images on the sky. The operator can "
                "enable plate solving with the setting DEEPSKY_SOLVER."
            )
            raise SolverError(msg)

    @contextmanager
    def slot(self, client: Client) -> Iterator[None]:
        """Occupy a slot for the duration of a ``with`` block, which reads and solves an image.

        Parameters
        ----------
        client : Client

        Raises
        ------
        ProblemError
            If no slot is free.
        """
        with self._admission.slot(client.name):
            yield

    def find(
        self, client: Client, image: ImageInfo, reduced: ReducedImage, name: str
    ) -> "SearchResult":
        """Find the place of an image when it is the client's turn.

        Parameters
        ----------
        client : Client
            Client that waits for the result. If it closes the connection, the search ends.
        image : ImageInfo
            Metadata of the image.
        reduced : ReducedImage
        name : str
            Name of the file, which may contain the name of an object.

        Returns
        -------
        SearchResult

        Raises
        ------
        SolverError
            If the server solves no images.
        ProblemError
            If the client gets no turn in time.
        ReadCancelledError
            If the client has gone, or the server stops.
        """
        from deepsky.sky.solvers import Limits  # astropy is slow to import

        self.require_engine()
        assert self._finder is not None  # noqa: S101
        limits = Limits(
            seconds=self._seconds, cancelled=lambda: self._closed.is_set() or client.has_gone()
        )
        with wait_for_turn(self._turns, client, WAITS * self._seconds):
            result = find_position(self._finder, image, reduced, name, limits)
        if result.reason == "cancelled":
            raise ReadCancelledError
        return result

    def close(self) -> None:
        """End all searches, and kill the engines."""
        self._closed.set()


def _make_finder(settings: Settings) -> "PositionFinder | None":
    if settings.solver == "never":
        return None
    from deepsky.sky.solvers import make_finder  # astropy is slow to import

    # Nothing is kept in a cache, because deleting a classification must leave nothing behind.
    return make_finder(settings.solver, processes=settings.solver_processes)
