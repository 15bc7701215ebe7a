"""Admission control: places for concurrent work, and rate limits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import time
from typing import Final

from limits import RateLimitItem, errors, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter

from deepsky.server.problems import ProblemError

__all__ = ["Admission", "RateLimit"]

LOG: Final = logging.getLogger(__name__)

RETRY_SECONDS = 1
"""Value of Retry-After if all places are taken: about as long as one image takes."""

REDIS_SECONDS: Final = 1
"""Time limit for connecting to Redis, and for each of its responses."""


class Admission:
    """A fixed number of places for requests that do the same kind of work.

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
        """Number of places that are taken."""
        return self._taken

    def check(self) -> None:
        """Check that a place is free.

        Raises
        ------
        ProblemError
            If all places are taken.
        """
        if self._taken == self.places:
            raise ProblemError(
                503,
                "overloaded",
                f"The server already handles {self.places} such requests. Try again in a moment.",
                {"Retry-After": str(RETRY_SECONDS)},
            )

    @contextmanager
    def place(self) -> Iterator[None]:
        """Occupy a place for the duration of the block.

        Raises
        ------
        ProblemError
            If all places are taken.
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
    """A limit on how often each client may change something.

    Parameters
    ----------
    rate : str
        Such as ``"1200/minute"``; empty for no limit.
    storage : str
        Where requests are counted: ``memory://`` for this process, or ``redis://…`` for several
        servers together. While Redis does not respond, each server counts its own requests.
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
        self._local = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, client: str) -> None:
        """Count a request.

        Parameters
        ----------
        client : str
            Identifies the client.

        Raises
        ------
        ProblemError
            If the client has exceeded the rate limit.
        """
        if self._rate is None:
            return
        try:
            _hit(self._shared, self._rate, client)
        except errors.StorageError as error:
            LOG.warning("Rate limits count this server's requests only: %s", error.storage_error)
            _hit(self._local, self._rate, client)


def _hit(limiter: RateLimiter, rate: RateLimitItem, client: str) -> None:
    if limiter.hit(rate, client):
        return
    seconds = max(1, round(limiter.get_window_stats(rate, client).reset_time - time()))
    raise ProblemError(
        429,
        "too_many_requests",
        f"The rate limit is {rate}. Try again in {seconds} seconds.",
        {"Retry-After": str(seconds)},
    )
