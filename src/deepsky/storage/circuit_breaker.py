"""Refuse requests at once while a database server does not respond."""

from threading import Lock, get_ident
from time import monotonic
from typing import Final

from deepsky.errors import StorageError

__all__ = ["CircuitBreaker"]

ATTEMPT_SECONDS: Final = 1
"""Minimum time between two attempts to reach a server that does not respond, in seconds."""


class CircuitBreaker:
    """Switch that is open while a server does not respond.

    Without it, every request waits until its own time limit, and further requests queue for longer.
    While the switch is open, one thread at a time attempts to reach the server, and the others are
    refused [1]_.

    References
    ----------
    .. [1] M. T. Nygard, *Release It!*, 2nd ed., Pragmatic Bookshelf, 2018, section 5.2,
       "Circuit Breaker".
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._next_attempt: float | None = None
        self._attempting: int | None = None

    def check(self) -> None:
        """Check that the calling thread may use the server.

        Raises
        ------
        StorageError
            If the server does not respond, and no attempt is due.
        """
        with self._lock:
            if self._next_attempt is None or self._attempting == get_ident():
                return
            if monotonic() < self._next_attempt:
                msg = "The database server does not respond. Try again in a moment."
                raise StorageError(msg)
            self._next_attempt = monotonic() + ATTEMPT_SECONDS
            self._attempting = get_ident()

    def open(self) -> None:
        """Record that the server has not responded in time."""
        with self._lock:
            self._next_attempt = monotonic() + ATTEMPT_SECONDS
            self._attempting = None

    def close(self) -> None:
        """Record that the server has responded."""
        self._next_attempt = None
