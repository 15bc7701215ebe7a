"""Serves the application over HTTP, and ends without cutting anybody off."""

import logging
import select
import signal
import socket
from contextlib import suppress
from time import monotonic
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

__all__ = ["serve_until_told"]

LOG: Final = logging.getLogger(__name__)

CONNECTIONS: Final = 1000
"""Open at once; those past the queue's places are told to come back later, not left waiting."""

DRAIN_SECONDS: Final = 30
"""How long requests that are under way may take to end when the server is told to stop."""

IDLE_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.1

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

ENDING: Final = (RequestEntityTooLarge, OSError)
"""Why a request is answered before all of it was taken in."""


def serve_until_told(app: Any, settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGTERM or Ctrl+C, then let the requests that are under way end.

    Parameters
    ----------
    app : WSGI application
    settings : Settings
    listening : socket
        Listens already.
    """
    server: Any = create_server(
        app,
        sockets=[listening],
        threads=settings.threads,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1,  # which is refused itself
        **_proxy(settings),
    )
    server.channel_class = _Channel
    # A browser asks for more at once than there are threads: waiting is no cause for a warning.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    told = _Told(server)
    while not told.to_stop:
        _work(server, IDLE_SECONDS)
    _drain(server)
    server.task_dispatcher.shutdown()
    server.close()


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Ends a request that is too large, which its headers tell, or that the disk does not take."""

    def received(self, data: bytes) -> int:
        """Take in what is received; all of it is used where the request is ended."""
        used = len(data)
        try:
            used = super().received(data)
        except OSError as error:  # long requests wait on disk
            LOG.error("An upload cannot be taken in: %s", error)
            self.error, self.completed = error, True
        if isinstance(self.error, ENDING):
            self.expect_continue = False
            return len(data)
        return used

    def close(self) -> None:
        """Let go of what is on disk."""
        with suppress(OSError):  # as when it was written
            super().close()

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the headers; what waitress stumbles over is no proper HTTP either."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError(str(error)) from error


class _Refusing(ErrorTask):  # type: ignore[misc]
    """Answers with a problem, as the application does, what waitress itself refuses."""

    def execute(self) -> None:
        """Write the answer."""
        response = self._response()
        body = response.get_data()
        self.status = response.status
        self.response_headers.append(("Content-Type", response.content_type))
        self.content_length = len(body)
        self.set_close_on_finish()
        self.write(body)
        if isinstance(self.request.error, ENDING):
            # Closed while the client still sends, the connection might take the answer along.
            self.channel.passes_over = True
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
    error_task_class = _Refusing
    passes_over = False
    """Whether what comes is of no use, until the client closes the connection."""

    def received(self, data: bytes) -> bool:
        """Take in what is received."""
        return not self.passes_over and super().received(data)


class _Told:
    """Whether somebody told the server to stop, by SIGTERM or Ctrl+C; told twice, it does at once.

    Parameters
    ----------
    server : waitress's server
    """

    def __init__(self, server: Any) -> None:
        self.to_stop = False
        self._server = server
        for number in SIGNALS:
            signal.signal(number, self._tell)

    def _tell(self, _signal: int, _frame: FrameType | None) -> None:
        self.to_stop = True
        self._server.pull_trigger()  # the server may be waiting for requests
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


def _drain(server: Any) -> None:
    """Go on sending and receiving until no request is under way."""
    until = monotonic() + DRAIN_SECONDS
    while select.select([server.socket], [], [], 0)[0]:  # those who were let in but not seen yet
        server.handle_accept()
    server.del_channel()  # no new connections
    server.socket.close()
    while any(_is_busy(channel) for channel in list(server.active_channels.values())):
        if monotonic() > until:
            return
        _work(server, POLL_SECONDS)


def _work(server: Any, seconds: float) -> None:
    """Send and receive what can be, and wait for it so many seconds at most."""
    server.asyncore.loop(timeout=seconds, map=server._map, use_poll=True, count=1)


def _is_busy(channel: Any) -> bool:
    """Tell whether a connection has a request in part, in work, or not wholly answered."""
    return bool(channel.requests or channel.request or channel.total_outbufs_len)
