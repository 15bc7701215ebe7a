"""Periodic removal of expired and unused data while the server is running."""

from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from flask import Flask

if TYPE_CHECKING:
    from deepsky.server.state import State

__all__ = ["RetentionThread"]

SECONDS_BETWEEN: Final = 3600


class RetentionThread:
    """Thread that calls `Storage.clean_up` once at the start and then every hour.

    Parameters
    ----------
    app : Flask
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._state: State = app.extensions["deepsky"]
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop the thread, and wait for the removal in progress to finish."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                days = self._state.settings.retention_days
                self._state.storage.clean_up(days, stop=self._stopped.is_set)
            except Exception:
                # The thread continues after any error, because the next attempt may succeed.
                self._app.logger.exception(
                    "The storage could not be cleaned up; the next attempt is in one hour"
                )
            self._stopped.wait(SECONDS_BETWEEN)
