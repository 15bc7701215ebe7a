"""Removes, now and then, what is too old or of no use."""

from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from flask import Flask

if TYPE_CHECKING:
    from deepsky.server.state import State

__all__ = ["Housekeeping"]

SECONDS_BETWEEN: Final = 3600


class Housekeeping:
    """A thread that tidies when the server starts, and every hour.

    Parameters
    ----------
    app : Flask
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._state: State = app.extensions["deepsky"]
        self._ending = Event()
        self._thread = Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End, after what is being removed."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                days = self._state.settings.retention_days
                self._state.storage.tidy(days, stop=self._ending.is_set)
            except Exception:  # whatever it is, the next round may go well
                self._app.logger.exception("Tidying failed; it is tried again in an hour")
            self._ending.wait(SECONDS_BETWEEN)
