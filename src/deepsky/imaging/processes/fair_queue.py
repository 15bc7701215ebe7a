"""Queue of shared resources that serves waiting callers in the order of their arrival."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Final, Generic, TypeVar

from deepsky.errors import ReadCancelledError

__all__ = ["POLL_SECONDS", "FairQueue"]

T = TypeVar("T")

POLL_SECONDS: Final = 0.1
"""Interval in seconds at which a waiting call checks whether it has been cancelled."""


class FairQueue(Generic[T]):
    """Thread-safe queue whose waiting callers are served in the order of their arrival.

    The item that was added last is returned first, so that as few different items as possible are
    in use. `queue.LifoQueue` is not used, because a caller that waits with a timeout would lose its
    place after each timeout.
    """

    def __init__(self) -> None:
        self._items: list[T] = []
        self._waiting: deque[Future[T]] = deque()
        self._lock = Lock()

    def put(self, item: T) -> None:
        """Pass an item to the caller that has waited longest, or keep it if nobody is waiting.

        Parameters
        ----------
        item : object
        """
        with self._lock:
            while self._waiting:
                place = self._waiting.popleft()
                if place.set_running_or_notify_cancel():
                    place.set_result(item)
                    return
            self._items.append(item)

    def get(self, cancelled: Callable[[], bool] | None = None) -> T:
        """Remove and return an item; wait until one is available.

        Parameters
        ----------
        cancelled : callable, optional
            Called regularly while waiting; returns whether to stop waiting.

        Returns
        -------
        object

        Raises
        ------
        ReadCancelledError
            If `cancelled` returned True.
        """
        with self._lock:
            if self._items:
                return self._items.pop()
            place: Future[T] = Future()
            self._waiting.append(place)
        try:
            return _wait(place, cancelled)
        except BaseException:
            if not place.cancel():  # the item has just been passed to this caller
                self.put(place.result())
            raise


def _wait(place: "Future[T]", cancelled: Callable[[], bool] | None) -> T:
    if cancelled is None:
        return place.result()
    while not cancelled():
        try:
            return place.result(POLL_SECONDS)
        except TimeoutError:
            continue
    raise ReadCancelledError
