"""Serves the application over HTTP, and ends without cutting anybody off."""

import logging
import select
import signal
import socket
from time import monotonic
from types import FrameType
from typing import Any, Final

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from deepsky.server.problems import http_problem
from deepsky.server.settings import Settings

__all__ = ["serve_until_told"]

CONNECTIONS: Final = 1000
"""Open at once; those past the queue's places are told to come back later, not left waiting."""

DRAIN_SECONDS: Final = 30
"""How long requests that are under way may take to end when the server is told to stop."""

IDLE_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.1

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


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
        # Past this waitress takes no more in; up to this the application refuses.
        max_request_body_size=4 * settings.max_bytes,
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


class _Refusing(ErrorTask):  # type: ignore[misc]
    """Answers with a problem, as the application does, what waitress itself refuses."""

    def execute(self) -> None:
        """Write the answer."""
        error = self.request.error
        response = http_problem(error.code, error.reason, error.body)
        body = response.get_data()
        self.status = response.status
        self.response_headers.append(("Content-Type", response.content_type))
        self.content_length = len(body)
        self.set_close_on_finish()
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _Refusing


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
