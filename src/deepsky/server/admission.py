"""Lets in no more work than can be done: who finds it full is told at once, and when to return."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import time
from typing import Final

from limits import RateLimitItem, errors, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter

from deepsky.server.problems import Refusal

__all__ = ["Admission", "RateLimit"]

LOG: Final = logging.getLogger(__name__)

RETRY_SECONDS = 1
"""A place is free again within about as long as an image takes."""

REDIS_SECONDS: Final = 1
"""How long a request waits for Redis at each try."""


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
        several servers together. While Redis does not answer, each counts for itself.
    """

    def __init__(self, rate: str, storage: str) -> None:
        self._rate = parse(rate) if rate else None
        shared = storage_from_string(
            storage,
            wrap_exceptions=True,
            socket_connect_timeout=REDIS_SECONDS,
            socket_timeout=REDIS_SECONDS,
        )
        self._shared = SlidingWindowCounterRateLimiter(shared)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, client: str) -> None:
        """Count a request of a client.

        Raises
        ------
        Refusal
            If it is one too many.
        """
        if self._rate is None:
            return
        try:
            _hit(self._shared, self._rate, client)
        except errors.StorageError as error:
            LOG.warning("Requests are counted by this process alone: %s", error.storage_error)
            _hit(self._own, self._rate, client)


def _hit(limiter: RateLimiter, rate: RateLimitItem, client: str) -> None:
    if limiter.hit(rate, client):
        return
    seconds = max(1, round(limiter.get_window_stats(rate, client).reset_time - time()))
    raise Refusal(
        429,
        "too_many_requests",
        f"No more than {rate} are answered. Try again in {seconds} seconds.",
        {"Retry-After": str(seconds)},
    )
