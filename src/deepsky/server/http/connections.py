"""The open connections of a server, with limits on their number in total and per client."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Protocol

__all__ = ["Connections", "Evictable", "Phase"]


class Phase(IntEnum):
    """What a connection is doing. Connections in earlier phases are closed first."""

    WAITING = 0
    """Between requests, receiving a request head, or discarding the rest of a request."""
    TRANSFERRING = 1
    """Receiving a request body or sending a response."""
    QUEUED = 2
    """Waiting for a turn."""
    RUNNING = 3
    """The application is processing the request. Such connections are never closed."""


class Evictable(Protocol):
    """A connection that can be closed to make room for another one."""

    client: str
    phase: Phase
    since: float

    def abort(self) -> None:
        """Close the connection at once."""

    def stop(self) -> None:
        """Close the connection soon if it is waiting for a request."""


class Connections:
    """Open connections; it is not thread-safe.

    If a limit is reached, a new connection replaces the one that has been waiting longest for its
    client. Thus, clients that open many connections without completing a request cannot prevent
    others, or a health check from the same address, from being served.

    Parameters
    ----------
    limit : int
        Maximum number of connections.
    per_client : int
        Maximum number of connections per client.
    """

    def __init__(self, limit: int, per_client: int) -> None:
        self._limit = limit
        self._per_client = per_client
        self._of: dict[str, set[Evictable]] = {}

    def __iter__(self) -> Iterator[Evictable]:
        return (connection for own in list(self._of.values()) for connection in list(own))

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    def add(self, connection: Evictable, *, limited: bool = True) -> bool:
        """Add a connection, and close another one if a limit is reached.

        Parameters
        ----------
        connection : Evictable
        limited : bool
            Whether the limit per client applies. It does not apply to trusted proxies.

        Returns
        -------
        bool
            False if a limit is reached and no connection can be closed.
        """
        own = self._of.get(connection.client, set())
        if limited and len(own) >= self._per_client:
            added = self._evict(own)
        elif len(self) >= self._limit:
            added = self.make_room()
        else:
            added = True
        if added:
            self._of.setdefault(connection.client, set()).add(connection)
        return added

    def remove(self, connection: Evictable) -> None:
        """Remove a connection; this has no effect if it has already been removed.

        Parameters
        ----------
        connection : Evictable
        """
        own = self._of.get(connection.client, set())
        own.discard(connection)
        if not own:
            self._of.pop(connection.client, None)

    def make_room(self) -> bool:
        """Close a connection of the client that has the most connections.

        Returns
        -------
        bool
            False if none of its connections can be closed.
        """
        return bool(self._of) and self._evict(max(self._of.values(), key=len))

    def _evict(self, candidates: set[Evictable]) -> bool:
        oldest = min(candidates, key=lambda connection: (connection.phase, connection.since))
        if oldest.phase is Phase.RUNNING:
            return False
        self.remove(oldest)
        oldest.abort()
        return True
