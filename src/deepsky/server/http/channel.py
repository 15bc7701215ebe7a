"""HTTP messages over the socket of one connection."""

import asyncio
from http import HTTPStatus
from typing import Any, Final

import h11

from deepsky.server.http.errors import RefusedError
from deepsky.server.problems import http_problem

__all__ = ["BLOCK", "Channel"]

BLOCK: Final = 65_536
"""Maximum number of bytes to receive or send at once."""

MAX_HEAD: Final = 32_768
"""Maximum size of a request head, and of the line before each chunk of a body, in bytes."""


class Channel:
    """Converts between the bytes of a connection and the events of the HTTP parser h11.

    Parameters
    ----------
    reader : asyncio.StreamReader
    writer : asyncio.StreamWriter

    Attributes
    ----------
    parser : h11.Connection
        State of the current request and response.
    received : int
        Number of bytes received.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.parser = h11.Connection(h11.SERVER, MAX_HEAD)
        self.received = 0
        self._reader = reader
        self._writer = writer
        writer.transport.set_write_buffer_limits(high=0)  # `drain` waits until all data are sent

    @property
    def is_closed(self) -> bool:
        """Whether the connection has been closed or lost."""
        return self._writer.transport.is_closing()

    @property
    def has_unread_data(self) -> bool:
        """Whether data have been received that belong to the next request."""
        return bool(self.parser.trailing_data[0])

    def abort(self) -> None:
        """Close the connection at once."""
        self._writer.transport.abort()

    def next_event(self) -> Any:
        """Return the next event of the request, or `h11.NEED_DATA`.

        Raises
        ------
        RefusedError
            If the client violates the protocol.
        """
        try:
            return self.parser.next_event()
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
            raise RefusedError(http_problem(status, status.phrase, f"{error}.")) from error

    async def receive(self) -> bool:
        """Receive data; return whether the client may send more."""
        data = await self._reader.read(BLOCK)
        self.received += len(data)
        self.parser.receive_data(data)
        return bool(data)

    def send_continue(self) -> None:
        """Ask a client that expects it (``Expect: 100-continue``) to send the request body."""
        if self.parser.they_are_waiting_for_100_continue:
            event = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            self._writer.write(self.parser.send(event))

    async def send(self, data: bytes, deadline: float) -> None:
        """Send data, and wait until the operating system has accepted them.

        Parameters
        ----------
        data : bytes
        deadline : float
            Time of the event loop.

        Raises
        ------
        TimeoutError
            If the deadline has passed.
        """
        self._writer.write(data)
        async with asyncio.timeout_at(deadline):
            await self._writer.drain()

    async def discard(self, seconds: float) -> None:
        """Discard received data until the client closes the connection.

        If the connection were closed while the client is still sending, it would be reset, and the
        client might not receive the response.

        Parameters
        ----------
        seconds : float
            Maximum time, in seconds.
        """
        self._writer.write_eof()
        async with asyncio.timeout(seconds):
            while await self._reader.read(BLOCK):
                pass
