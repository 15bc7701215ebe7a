"""Reader processes that all clients of the server share fairly."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from deepsky.imaging import ReaderPool
from deepsky.imaging.processes.tasks import ReadImage
from deepsky.server.admission import TURN_SECONDS, wait_for_turn
from deepsky.server.settings import Settings
from deepsky.server.turns import Turns
from deepsky.server.waiting_client import Client

__all__ = ["Readers"]

T = TypeVar("T")

RESERVE: Final = 1
"""Number of additional reader processes, for clients of which no other image is being read."""


class Readers:
    """Reader processes that read one image after the other of each client that is waiting.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._turns = Turns(settings.readers, RESERVE)
        self._pool = ReaderPool(
            settings.readers + RESERVE, seconds=settings.read_seconds, limits=settings.limits
        )

    def start(self) -> None:
        """Start the processes.

        Raises
        ------
        RuntimeError
            If a process could not be started.
        """
        self._pool.start()

    def close(self) -> None:
        """End all processes."""
        self._pool.close()

    def read(
        self,
        client: Client,
        path: Path,
        work: Callable[[ReadImage], T],
        *,
        seconds: float | None = TURN_SECONDS,
    ) -> T:
        """Read an image when it is the client's turn; see `ReaderPool.read`.

        Parameters
        ----------
        client : Client
            Client that waits for the image. If it closes the connection, reading is cancelled.
        path : Path
            Path of the image file.
        work : callable
            Function that is called in the reader process.
        seconds : float, optional
            Maximum time to wait for a turn, in seconds. None waits without a limit.

        Returns
        -------
        object
            The return value of `work`.

        Raises
        ------
        ImageError
            If the image cannot be read.
        ProblemError
            If the client gets no turn in time.
        ReadCancelledError
            If the client has closed the connection.
        """
        with wait_for_turn(self._turns, client, seconds):
            return self._pool.read(path, work, cancelled=client.has_gone)
