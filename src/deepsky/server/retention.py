"""Periodic removal of expired, unused and deleted data while the server is running."""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from flask import Flask

if TYPE_CHECKING:
    from deepsky.server.state import State

__all__ = ["RetentionThread"]

SECONDS_BETWEEN: Final = 3600
"""Time between two removals of expired and unused data, in seconds."""

ERASE_SECONDS: Final = 30
"""Time between two removals of deleted content from the database's files, in seconds."""


class RetentionThread:
    """Thread that removes expired, unused and deleted data.

    It calls `Storage.clean_up` once at the start and then every hour, and `Database.erase_deleted`
    every 30 seconds.

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
        next_clean_up = monotonic()
        while not self._stopped.is_set():
            if monotonic() >= next_clean_up:
                next_clean_up += SECONDS_BETWEEN
                self._try(self._clean_up)
            self._try(self._erase_deleted)
            self._stopped.wait(ERASE_SECONDS)

    def _try(self, task: Callable[[], object]) -> None:
        try:
            task()
        except Exception:
            # The thread continues after any error, because the next attempt may succeed.
            self._app.logger.exception("Removing data failed and is tried again later")

    def _clean_up(self) -> None:
        self._state.storage.clean_up(self._state.settings.retention_days, stop=self._stopped.is_set)

    def _erase_deleted(self) -> None:
        self._state.storage.database.erase_deleted()
