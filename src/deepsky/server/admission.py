"""Admission control: limits on concurrent requests, fair turns, and rate limits."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import time
from typing import Final

from limits import RateLimitItem, errors, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter

from deepsky.errors import ReadCancelledError
from deepsky.server.problems import OverloadedError, ProblemError
from deepsky.server.turns import NoTurnError, Turns
from deepsky.server.waiting_client import Client

__all__ = ["Admission", "RateLimit", "wait_for_turn"]

LOG: Final = logging.getLogger(__name__)

TURN_SECONDS: Final = 4.0
"""Maximum time to wait for a turn before a request is refused, in seconds."""

REDIS_SECONDS: Final = 1
"""Timeout for connecting to Redis and for each Redis command, in seconds."""


class Admission:
    """Limit on the number of concurrent requests of one kind.

    Parameters
    ----------
    slots : int
        Maximum number of requests that are handled at the same time. Each occupies one slot.
    reserve : int
        Number of additional slots for clients that occupy no other slot, so that one client cannot
        occupy all.

    Attributes
    ----------
    taken : int
        Number of occupied slots.
    """

    def __init__(self, slots: int, reserve: int = 0) -> None:
        self.slots = slots
        self._reserve = reserve
        self._taken_by: Counter[str] = Counter()
        self._lock = Lock()
        self.taken = 0

    def check(self, client: str) -> None:
        """Check that a slot is free for a client.

        Parameters
        ----------
        client : str
            Unique identifier of the client.

        Raises
        ------
        ProblemError
            If no slot is free.
        """
        slots = self.slots if client in self._taken_by else self.slots + self._reserve
        if self.taken >= slots:
            detail = (
                f"The server is already handling {self.taken} requests of this kind. "
                "Try again in a moment."
            )
            raise OverloadedError(detail)

    @contextmanager
    def slot(self, client: str) -> Iterator[None]:
        """Occupy a slot for the duration of a ``with`` block.

        Parameters
        ----------
        client : str
            Unique identifier of the client.

        Raises
        ------
        ProblemError
            If no slot is free.
        """
        with self._lock:
            self.check(client)
            self.taken += 1
            self._taken_by[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self.taken -= 1
                self._taken_by[client] -= 1
                if not self._taken_by[client]:
                    del self._taken_by[client]


@contextmanager
def wait_for_turn(
    turns: Turns, client: Client, seconds: float | None = TURN_SECONDS
) -> Iterator[None]:
    """Wait for a client's turn, which lasts until the end of a ``with`` block.

    Parameters
    ----------
    turns : Turns
    client : Client
    seconds : float, optional
        Maximum time to wait, in seconds. None waits without a limit.

    Raises
    ------
    ProblemError
        If the client gets no turn in time.
    ReadCancelledError
        If the client has gone.
    """
    try:
        with turns.turn(client.name, seconds=seconds, cancelled=client.has_gone):
            yield
    except NoTurnError as error:
        if client.has_gone():
            raise ReadCancelledError from error
        detail = "The server is busy with other images. Try again in a moment."
        raise OverloadedError(detail) from error


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
