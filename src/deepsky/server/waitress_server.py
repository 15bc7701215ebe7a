"""Waitress HTTP server that stops gracefully and sends errors as problem details (RFC 9457).

Waitress has no public API for finishing requests before it stops or for changing the format of its
own error responses. Therefore, this module subclasses internal classes of waitress (channel, parser
and error task), and ``pyproject.toml`` limits waitress to the tested versions.
"""

import logging
import select
import signal
import socket
import sys
from contextlib import suppress
from time import monotonic, sleep
from types import FrameType
from typing import Any, Final

from flask import Response
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

from deepsky.server.problems import disk_problem, http_problem, too_large
from deepsky.server.settings import Settings

if sys.platform != "win32":
    import resource

__all__ = ["serve_until_stopped"]

LOG: Final = logging.getLogger(__name__)

CONNECTIONS: Final = 1000
"""Maximum number of open connections."""

WINDOWS_CONNECTIONS: Final = 500
"""Maximum number of open connections on Windows, where `select.select` supports 512 sockets."""

FILES_PER_CONNECTION: Final = 2
"""Number of file descriptors per connection: its socket and the temporary file of its upload."""

DRAIN_SECONDS: Final = 30
"""Maximum time to wait for requests to finish after a signal to stop, in seconds."""

ACCEPT_ATTEMPTS: Final = 10
"""Maximum number of consecutive failures to accept a connection while stopping."""

IDLE_SECONDS: Final = 1.0
"""Maximum time to wait for an event while serving, in seconds."""

POLL_SECONDS: Final = 0.1
"""Maximum time to wait for an event while stopping, in seconds."""

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

EARLY_ERRORS: Final = (RequestEntityTooLarge, OSError)
"""Errors that end a request before it has been received completely."""


def serve_until_stopped(app: Any, settings: Settings, listening: socket.socket) -> None:
    """Serve an application until SIGTERM or Ctrl+C, then finish the requests in progress.

    Parameters
    ----------
    app : WSGI application
    settings : Settings
    listening : socket
        Listening socket, on which connections are accepted.
    """
    server: Any = create_server(
        app,
        sockets=[listening],
        threads=settings.threads,
        connection_limit=_connection_limit(),
        asyncore_use_poll=True,
        # Waitress also rejects requests whose size is equal to its limit.
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1,
        **_proxy(settings),
    )
    server.channel_class = _Channel
    # Requests from browsers often wait for a thread; waitress would log a warning each time.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stop = _StopRequest(server)
    while not stop.received:
        _poll(server, IDLE_SECONDS)
    _drain(server)
    server.task_dispatcher.shutdown()
    server.close()


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Parser that ends a request early if it is too large or cannot be written to the disk."""

    def received(self, data: bytes) -> int:
        """Process received bytes, and return the number of bytes consumed."""
        used = len(data)
        try:
            used = super().received(data)
        except OSError as error:  # Large requests are written to a temporary file.
            LOG.error("An upload cannot be written to the disk: %s", error)
            self.error, self.completed = error, True
        if isinstance(self.error, EARLY_ERRORS):
            self.expect_continue = False
            return len(data)
        return used

    def close(self) -> None:
        """Delete the temporary file that buffers the request."""
        # If writing to the file failed, closing it also fails.
        with suppress(OSError):
            super().close()

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the request headers; convert any ValueError to a ParsingError."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError(str(error)) from error


class _ProblemTask(ErrorTask):  # type: ignore[misc]
    """Task that sends waitress's own errors as problem details, like the application's errors."""

    def execute(self) -> None:
        """Send the error response."""
        response = self._response()
        body = response.get_data()
        self.status = response.status
        self.response_headers.append(("Content-Type", response.content_type))
        self.content_length = len(body)
        self.set_close_on_finish()
        self.write(body)
        if isinstance(self.request.error, EARLY_ERRORS):
            # Closing the connection while the client is still sending would reset it, and the
            # client might never receive the response.
            self.channel.discards_input = True
            self.close_on_finish = False

    def _response(self) -> Response:
        error = self.request.error
        if isinstance(error, OSError):
            return disk_problem(error)
        if isinstance(error, RequestEntityTooLarge):
            return too_large(self.channel.adj.max_request_body_size - 1)
        return http_problem(error.code, error.reason, error.body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser
    error_task_class = _ProblemTask
    discards_input = False
    """Whether to discard further data until the client closes the connection."""

    def received(self, data: bytes) -> bool:
        """Process received bytes unless they are discarded; return whether they were processed."""
        return not self.discards_input and super().received(data)


class _StopRequest:
    """Signal handler: the first signal stops the server gracefully, the second stops it at once.

    Parameters
    ----------
    server : waitress.server.BaseWSGIServer
    """

    def __init__(self, server: Any) -> None:
        self.received = False
        self._server = server
        for number in SIGNALS:
            signal.signal(number, self._receive)

    def _receive(self, _signal: int, _frame: FrameType | None) -> None:
        self.received = True
        self._server.pull_trigger()  # wakes up the event loop
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)


def _proxy(settings: Settings) -> dict[str, Any]:
    if not settings.trusted_proxy:
        return {}
    return {
        "trusted_proxy": settings.trusted_proxy,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


def _connection_limit() -> int:
    """Raise the limit on file descriptors, and return the number of connections it allows.

    Some file descriptors are reserved for other files. If no descriptor were free, waitress would
    try to accept connections in a busy loop.
    """
    if sys.platform == "win32":
        return WINDOWS_CONNECTIONS
    wanted = FILES_PER_CONNECTION * CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(CONNECTIONS, soft // FILES_PER_CONNECTION)


def _drain(server: Any) -> None:
    """Accept pending connections, close the listening socket, and finish requests in progress."""
    deadline = monotonic() + DRAIN_SECONDS
    _accept_pending(server, deadline)
    server.del_channel()
    server.socket.close()
    while any(_is_busy(channel) for channel in list(server.active_channels.values())):
        if monotonic() > deadline:
            return
        _poll(server, POLL_SECONDS)


def _accept_pending(server: Any, deadline: float) -> None:
    """Accept the connections that clients have already opened.

    While the process has no free file descriptors (EMFILE), accepting fails and connections stay
    pending. Accepting is retried a limited number of times, because requests in progress free
    file descriptors when they finish.
    """
    failures = 0
    while _is_readable(server.socket) and monotonic() < deadline:
        connections = len(server.active_channels)
        server.handle_accept()
        if len(server.active_channels) > connections:
            failures = 0
            continue
        failures += 1
        if failures == ACCEPT_ATTEMPTS:
            LOG.error("Pending connections cannot be accepted and are closed")
            return
        sleep(POLL_SECONDS)
        _poll(server, 0)


def _is_readable(listening: socket.socket) -> bool:
    return bool(select.select([listening], [], [], 0)[0])


def _poll(server: Any, seconds: float) -> None:
    """Wait up to `seconds` for an event, then send and receive available data."""
    server.asyncore.loop(timeout=seconds, map=server._map, use_poll=True, count=1)


def _is_busy(channel: Any) -> bool:
    """Return whether a connection has an unfinished request or response."""
    return bool(channel.requests or channel.request or channel.total_outbufs_len)
