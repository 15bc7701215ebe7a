"""Accept connections until a signal to stop, then finish the requests in progress."""

import asyncio
import errno
import logging
import socket
from time import monotonic
from typing import Any, Final

from apiflask import APIFlask

from deepsky.server.http.channel import BLOCK, Channel
from deepsky.server.http.connection import Connection
from deepsky.server.http.descriptors import connection_limit
from deepsky.server.http.service import Service
from deepsky.server.http.stop_signals import stop_on_signal
from deepsky.server.settings import Settings

__all__ = ["DRAIN_SECONDS", "serve_until_stopped"]

LOG: Final = logging.getLogger(__name__)

DRAIN_SECONDS: Final = 30
"""Maximum time to wait for requests to finish after a signal to stop, in seconds."""

NO_RESOURCES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Values of ``errno`` if a connection cannot be accepted for lack of resources."""

ACCEPT_ATTEMPTS: Final = 10
"""Maximum number of consecutive failures to accept a connection while stopping."""

PAUSE_SECONDS: Final = 0.1
"""Time to wait after a failure to accept a connection, in seconds."""

SECONDS_BETWEEN_WARNINGS: Final = 60

SEND_BUFFER: Final = 262_144
"""Memory of the operating system for data that a client has not yet received, in bytes."""


def serve_until_stopped(app: APIFlask, settings: Settings, listening: socket.socket) -> None:
    """Serve an application until a signal to stop, then finish the requests in progress.

    The signals are SIGTERM, SIGHUP, Ctrl+C and, on Windows, Ctrl+Break. A second Ctrl+C ends the
    process at once.

    Parameters
    ----------
    app : APIFlask
    settings : Settings
    listening : socket
        Listening socket, on which connections are accepted.
    """
    asyncio.run(_serve(app, settings, listening))


async def _serve(app: APIFlask, settings: Settings, listening: socket.socket) -> None:
    address = listening.getsockname()[:2]
    service = Service(app, settings, address, connection_limit(settings.connections))
    stop = asyncio.Event()
    stop_on_signal(stop)
    acceptor = _Acceptor(service, listening)
    try:
        await acceptor.accept_until(stop)
        service.stopping = True
        await acceptor.accept_pending()
        listening.close()
        await acceptor.drain()
    finally:
        service.close()


class _Acceptor:
    """Accepts connections and serves them.

    Parameters
    ----------
    service : Service
    listening : socket
    """

    def __init__(self, service: Service, listening: socket.socket) -> None:
        self._service = service
        self._listening = listening
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_warning = 0.0
        listening.setblocking(False)

    async def accept_until(self, stop: asyncio.Event) -> None:
        """Accept connections until an event."""
        loop = asyncio.get_running_loop()
        stopped = asyncio.create_task(stop.wait())
        while not stop.is_set():
            accepting = asyncio.create_task(loop.sock_accept(self._listening))
            await asyncio.wait([accepting, stopped], return_when=asyncio.FIRST_COMPLETED)
            if not accepting.done():
                accepting.cancel()
                return
            try:
                self._start(*accepting.result())
            except OSError as error:
                await self._pause(error)

    async def accept_pending(self) -> None:
        """Accept the connections that clients have already opened."""
        failures = 0
        while failures < ACCEPT_ATTEMPTS:
            try:
                self._start(*self._listening.accept())
            except BlockingIOError:
                return
            except OSError as error:
                failures += 1
                await self._pause(error)
        LOG.error("Pending connections cannot be accepted and are closed")

    async def drain(self) -> None:
        """Close idle connections, and wait until the others have finished their request."""
        await asyncio.sleep(0)  # connections that were just accepted
        for connection in self._service.connections:
            connection.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)

    async def _pause(self, error: OSError) -> None:
        """Wait for a while, because accepting would fail again, and make room for connections."""
        if error.errno not in NO_RESOURCES:  # the client has already closed the connection
            return
        self._service.connections.make_room()
        if monotonic() > self._next_warning:
            self._next_warning = monotonic() + SECONDS_BETWEEN_WARNINGS
            LOG.warning("Connections cannot be accepted: %s", error)
        await asyncio.sleep(PAUSE_SECONDS)

    def _start(self, accepted: socket.socket, address: tuple[Any, ...]) -> None:
        task = asyncio.create_task(self._serve(accepted, address[:2]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, accepted: socket.socket, address: tuple[str, int]) -> None:
        try:
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            reader, writer = await asyncio.open_connection(sock=accepted, limit=BLOCK)
        except OSError:  # the client has already closed the connection
            accepted.close()
            return
        connection = Connection(self._service, Channel(reader, writer), address)
        connections = self._service.connections
        trusted = self._service.forwarding.trusts(address[0])
        try:
            if connections.add(connection, limited=not trusted):
                await connection.serve()
            else:
                await connection.refuse()
        finally:
            connections.remove(connection)
