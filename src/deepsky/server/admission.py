"""Admission control: a limit on concurrent requests, and rate limits."""

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

REDIS_SECONDS: Final = 1
"""Timeout for connecting to Redis and for each Redis command, in seconds."""


class Admission:
    """Limit on the number of concurrent requests of one kind.

    Parameters
    ----------
    slots : int
        Maximum number of requests that are handled at the same time. Each occupies one slot.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._taken = 0
        self._lock = Lock()

    @property
    def taken(self) -> int:
        """Number of occupied slots."""
        return self._taken

    def check(self) -> None:
        """Check that a slot is free.

        Raises
        ------
        ProblemError
            If all slots are occupied.
        """
        if self._taken == self.slots:
            raise ProblemError(
                503,
                "overloaded",
                f"The server is already handling {self.slots} requests of this kind, the maximum "
                "number. Try again in a moment.",
                {"Retry-After": str(RETRY_SECONDS)},
            )

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Occupy a slot for the duration of a ``with`` block.

        Raises
        ------
        ProblemError
            If all slots are occupied.
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
    """Per-client rate limit on requests that change data.

    Parameters
    ----------
    rate : str
        Maximum number of requests per unit of time, such as ``"1200/minute"``. An empty string
        disables the limit.
    storage : str
        URL of the storage for the request counters. ``memory://`` counts only the requests to this
        process; ``redis://…`` counts the requests to all servers that use the same Redis. While
        Redis is unavailable, each server counts only its own requests.
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
        """Count a request from a client, and reject it if the client exceeds the rate limit.

        Parameters
        ----------
        client : str
            Unique identifier of the client.

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
            LOG.warning(
                "Redis is unavailable; the rate limit counts only requests to this server: %s",
                error.storage_error,
            )
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
