"""Fair turns at a limited resource: clients that wait are served in rotation."""

from asyncio import wait_for, wrap_future
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from threading import Lock
from time import monotonic
from typing import Final

__all__ = ["NoTurnError", "Turns"]

POLL_SECONDS: Final = 0.1
"""Interval between two checks whether the client has gone, in seconds."""


class NoTurnError(Exception):
    """No turn was granted in time, or the client has gone."""


class Turns:
    """Limit on the concurrent use of a resource, with a queue that is fair to all clients.

    Clients that wait are served in rotation (round-robin): a client that waits with many requests
    delays another client by one of these requests at most. The class is thread-safe, and can be
    used in threads (`turn`) and in coroutines (`async_turn`).

    Parameters
    ----------
    places : int
        Maximum number of concurrent turns.
    reserve : int
        Number of additional turns. They are granted only to clients that have no other turn, so
        that they are free for other clients even if one client has all other turns.
    """

    def __init__(self, places: int, reserve: int = 0) -> None:
        self._places = places
        self._reserve = reserve
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[Future[None]]] = OrderedDict()
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """Number of requests for turns that wait."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    @contextmanager
    def turn(
        self,
        client: str,
        *,
        seconds: float | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[None]:
        """Wait for a turn, which lasts until the end of the ``with`` block.

        Parameters
        ----------
        client : str
            Identifier of the client.
        seconds : float, optional
            Maximum time to wait, in seconds; unlimited by default.
        cancelled : callable
            Function that returns whether waiting has become useless. It is called often.

        Raises
        ------
        NoTurnError
            If no turn is granted in time, or waiting is cancelled.
        """
        turn = self._request(client)
        deadline = monotonic() + seconds if seconds is not None else float("inf")
        while not turn.done():
            try:
                turn.result(POLL_SECONDS)
            except TimeoutError as error:
                # If the turn has just been granted, it cannot be withdrawn.
                if (cancelled() or monotonic() > deadline) and self._withdraw(client, turn):
                    raise NoTurnError from error
        try:
            yield
        finally:
            self._end(client)

    @asynccontextmanager
    async def async_turn(self, client: str, *, seconds: float) -> AsyncIterator[None]:
        """Wait for a turn in a coroutine; it lasts until the end of the ``async with`` block.

        Parameters
        ----------
        client : str
            Identifier of the client.
        seconds : float
            Maximum time to wait, in seconds.

        Raises
        ------
        NoTurnError
            If no turn is granted in time.
        """
        turn = self._request(client)
        try:
            await wait_for(wrap_future(turn), seconds)
        except BaseException as error:
            if not self._withdraw(client, turn) and not turn.cancelled():
                # The turn has just been granted.
                self._end(client)
            if isinstance(error, TimeoutError):
                raise NoTurnError from error
            raise
        try:
            yield
        finally:
            self._end(client)

    def _request(self, client: str) -> "Future[None]":
        turn: Future[None] = Future()
        with self._lock:
            self._waiting.setdefault(client, deque()).append(turn)
            self._grant()
        return turn

    def _withdraw(self, client: str, turn: "Future[None]") -> bool:
        """Withdraw a request; return False if the turn has already been granted."""
        with self._lock:
            requests = self._waiting.get(client, deque())
            if turn not in requests:
                return False
            requests.remove(turn)
            if not requests:
                del self._waiting[client]
            return True

    def _end(self, client: str) -> None:
        with self._lock:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            self._grant()

    def _grant(self) -> None:
        """Grant turns to waiting clients in rotation, as long as turns are free."""
        while (client := self._next_client()) is not None:
            requests = self._waiting.pop(client)
            turn = requests.popleft()
            if requests:
                self._waiting[client] = requests  # at the end of the rotation
            if turn.set_running_or_notify_cancel():
                self._running[client] += 1
                turn.set_result(None)

    def _next_client(self) -> str | None:
        """Return the next waiting client that may have a turn."""
        free = self._places - self._running.total()
        for client in self._waiting:
            if free > 0 or (free > -self._reserve and client not in self._running):
                return client
        return None
