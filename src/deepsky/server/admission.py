"""Lets in no more work than can be done: who finds it full is told at once, and when to return."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import time

from limits import parse
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from deepsky.server.problems import Refusal

__all__ = ["Admission", "RateLimit"]

RETRY_SECONDS = 1
"""A place is free again within about as long as a picture takes."""


class Admission:
    """A number of places for classifications that wait or are worked on.

    Parameters
    ----------
    places : int
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._taken = 0
        self._lock = Lock()

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self._taken

    def check(self) -> None:
        """Raise Refusal if all places are taken."""
        if self._taken == self.places:
            raise Refusal(
                503,
                "overloaded",
                f"The server works on {self.places} requests already. Try again in a moment.",
                {"Retry-After": str(RETRY_SECONDS)},
            )

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place while the block lasts.

        Raises
        ------
        Refusal
            If all are taken.
        """
        with self._lock:
            self.check()
            self._taken += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken -= 1


class RateLimit:
    """How often each client may ask.

    Parameters
    ----------
    rate : str
        Such as ``"1200/minute"``; empty for no limit.
    storage : str
        Where requests are counted: ``memory://`` for this process alone, or ``redis://…`` for
        several servers together.
    """

    def __init__(self, rate: str, storage: str) -> None:
        self._rate = parse(rate) if rate else None
        self._limiter = SlidingWindowCounterRateLimiter(storage_from_string(storage))

    def count(self, client: str) -> None:
        """Count a request of a client.

        Raises
        ------
        Refusal
            If it is one too many.
        """
        if self._rate is None or self._limiter.hit(self._rate, client):
            return
        reset = self._limiter.get_window_stats(self._rate, client).reset_time
        seconds = max(1, round(reset - time()))
        raise Refusal(
            429,
            "too_many_requests",
            f"No more than {self._rate} are answered. Try again in {seconds} seconds.",
            {"Retry-After": str(seconds)},
        )
