"""Request bodies, stored in memory or in temporary files, with a limit on their total size."""

import asyncio
from collections import Counter
from concurrent.futures import Executor
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Final

__all__ = ["Body", "BodyStore", "BodyTooLargeError", "StoreFullError"]

IN_MEMORY: Final = 65_536
"""Maximum size of a body in memory, in bytes. Larger bodies are written to temporary files."""

SHARE: Final = 2
"""Fraction of the storage for bodies that one client can use, as its denominator."""


class BodyTooLargeError(Exception):
    """A request body exceeds the maximum size for its URL."""


class StoreFullError(Exception):
    """The storage for request bodies is full, or a client has used its share of it."""


class BodyStore:
    """Storage for request bodies with a limited total size; it is not thread-safe.

    Parameters
    ----------
    limit : int
        Maximum total size of all bodies, in bytes.
    executor : concurrent.futures.Executor
        Executor for writing to temporary files.
    """

    def __init__(self, limit: int, executor: Executor) -> None:
        self.limit = limit
        self.executor = executor
        self._sizes: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """Total size of all bodies, in bytes."""
        return self._sizes.total()

    def take(self, client: str, count: int) -> None:
        """Reserve space for a body.

        Parameters
        ----------
        client : str
            Identifier of the client that sends the body.
        count : int
            Number of bytes.

        Raises
        ------
        StoreFullError
            If there is not enough space.
        """
        own, total = self._sizes[client] + count, self.size + count
        if total > self.limit or own > self.limit // SHARE:
            raise StoreFullError
        self._sizes[client] = own

    def give_back(self, client: str, count: int) -> None:
        """Release the space of a body.

        Parameters
        ----------
        client : str
        count : int
        """
        self._sizes[client] -= count
        if not self._sizes[client]:
            del self._sizes[client]


class Body:
    """The body of one request.

    Parameters
    ----------
    store : BodyStore
    client : str
        Identifier of the client that sends the body.
    limit : int
        Maximum size in bytes.

    Attributes
    ----------
    file : file object
        The data received.
    size : int
        Number of bytes received.
    """

    def __init__(self, store: BodyStore, client: str, limit: int) -> None:
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self.limit = limit
        self.size = 0
        self._store = store
        self._client = client

    async def write(self, data: bytes) -> None:
        """Append received data.

        Parameters
        ----------
        data : bytes

        Raises
        ------
        BodyTooLargeError, StoreFullError
            If the body exceeds a limit.
        OSError
            If the data cannot be written to the disk.
        """
        size = self.size + len(data)
        if size > self.limit:
            raise BodyTooLargeError
        self._store.take(self._client, len(data))
        self.size = size
        if size <= IN_MEMORY:
            self.file.write(data)
        else:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._store.executor, self.file.write, data)

    def close(self) -> None:
        """Delete the body."""
        self._store.give_back(self._client, self.size)
        # If writing to the file has failed, closing it also fails.
        with suppress(OSError):
            self.file.close()
