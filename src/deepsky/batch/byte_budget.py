"""Limit the memory that loaded files occupy at the same time."""

from threading import Condition

__all__ = ["ByteBudget"]


class ByteBudget:
    """Thread-safe budget of bytes.

    Parameters
    ----------
    total : int
        Maximum number of bytes that can be taken at the same time. A single request for more is
        granted if nothing else is taken.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._taken = 0
        self._closed = False
        self._changed = Condition()

    def take(self, size: int) -> None:
        """Take some bytes; wait until enough bytes are free.

        Parameters
        ----------
        size : int
            Number of bytes.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._fits(size))
            self._taken += size

    def give_back(self, size: int) -> None:
        """Return bytes that were taken.

        Parameters
        ----------
        size : int
            Number of bytes.
        """
        with self._changed:
            self._taken -= size
            self._changed.notify_all()

    def close(self) -> None:
        """Let all waiting and later requests succeed at once."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _fits(self, size: int) -> bool:
        return self._taken == 0 or self._taken + size <= self._total
