"""One connection: receive requests, call the application, and send its responses."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from threading import Event
from typing import TYPE_CHECKING, Any, Final, TypeVar

import h11
from flask import Response as FlaskResponse

from deepsky.server.addresses import subscriber
from deepsky.server.http.bodies import Body
from deepsky.server.http.channel import MAX_HEAD, Channel
from deepsky.server.http.connections import Phase
from deepsky.server.http.errors import RefusedError
from deepsky.server.http.receiving import declared_length, receive_body, receive_head
from deepsky.server.http.sending import send_response
from deepsky.server.http.wsgi import Environ, Response, call, make_environ, next_block
from deepsky.server.problems import OverloadedError, http_problem, problem_response, too_large
from deepsky.server.turns import NoTurnError
from deepsky.server.waiting_client import CLIENT_HAS_GONE

if TYPE_CHECKING:
    from deepsky.server.http.service import Lane, Service

__all__ = ["Connection"]

T = TypeVar("T")

LOG: Final = logging.getLogger(__name__)

TURN_SECONDS: Final = 5
"""Maximum time to wait for a thread, in seconds."""

LINGER_SECONDS: Final = 120
"""Maximum time to discard the rest of a refused request, in seconds."""

BUSY: Final = "The server is handling too many requests. Try again in a moment."

FAILED: Final = "An internal error occurred. Try again later."

STOP_SECONDS: Final = 1
"""Maximum time to wait for the first request of a new connection while stopping, in seconds."""


class Connection:
    """A connection to a client or a proxy.

    Parameters
    ----------
    service : Service
    channel : Channel
    address : (str, int)
        Address and port of the client or proxy.

    Attributes
    ----------
    client : str
        Identifier of the client; behind a proxy, of the client of the current request.
    phase : Phase
        What the connection is doing.
    since : float
        Time at which the phase began.
    """

    def __init__(self, service: "Service", channel: Channel, address: tuple[str, int]) -> None:
        self.client = subscriber(address[0])
        self._service = service
        self._channel = channel
        self._address = address
        self._loop = asyncio.get_running_loop()
        self._idle: asyncio.Timeout | None = None
        self._used = False
        self._enter(Phase.WAITING)

    async def serve(self) -> None:
        """Serve requests until the connection is closed."""
        try:
            while await self._serve_request() and not self._service.stopping:
                self._channel.parser.start_next_cycle()
                self._used = True
        except (OSError, TimeoutError):
            return  # the client has gone or is too slow
        except Exception:
            LOG.exception("A connection failed")
        finally:
            self.abort()

    async def refuse(self) -> None:
        """Send an error response, because the maximum number of connections is reached."""
        try:
            await self._refuse(problem_response(OverloadedError(BUSY)), b"")
        except (OSError, TimeoutError):
            return
        finally:
            self.abort()

    def abort(self) -> None:
        """Close the connection at once."""
        self._channel.abort()

    def stop(self) -> None:
        """Close the connection soon if it is waiting for a request."""
        if self._idle is not None:
            seconds = 0 if self._used else STOP_SECONDS
            self._idle.reschedule(self._loop.time() + seconds)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.since = self._loop.time()

    async def _serve_request(self) -> bool:
        """Serve a request; return whether the connection can be used for another one."""
        self._enter(Phase.WAITING)
        method = b""
        try:
            seconds = self._service.settings.head_seconds
            request = await receive_head(self._channel, seconds, self._set_idle)
            if request is None:
                return False
            method = request.method
            response, block = await self._respond(request)
        except RefusedError as error:
            if not self._channel.is_closed:
                await self._refuse(error.response, method)
            return False
        if self._service.stopping:
            response.headers.append(("Connection", "close"))
        await self._send(response, block, method)
        parser = self._channel.parser
        return parser.our_state is h11.DONE and parser.their_state is h11.DONE

    def _set_idle(self, deadline: asyncio.Timeout | None) -> None:
        self._idle = deadline
        if deadline is not None and self._service.stopping:
            self.stop()

    async def _respond(self, request: h11.Request) -> tuple[Response, bytes]:
        """Receive the body of a request, and call the application."""
        environ = self._environ(request)
        self._assign(environ["REMOTE_ADDR"])
        length = declared_length(request)
        if length == 0:
            self._channel.next_event()  # the end of the message
            return await self._call({**environ, "wsgi.input": BytesIO()})
        limit = await self._run(self._service.checks, self._service.screen, environ)
        if isinstance(limit, FlaskResponse):
            raise RefusedError(limit)
        if length is not None and length > limit:
            raise RefusedError(too_large(limit))
        self._enter(Phase.TRANSFERRING)
        body = Body(self._service.bodies, self.client, limit)
        try:
            await receive_body(self._channel, body, self._service.pace)
            body.file.seek(0)
            environ["CONTENT_LENGTH"] = str(body.size)
            return await self._call({**environ, "wsgi.input": body.file})
        finally:
            body.close()

    def _environ(self, request: h11.Request) -> Environ:
        try:
            environ = make_environ(request, self._address, self._service.address)
        except ValueError as error:
            raise RefusedError(http_problem(400, "Bad Request", str(error))) from error
        self._service.forwarding.apply(environ)
        return environ

    def _assign(self, address: str) -> None:
        """Assign the connection to the client whose request a proxy has forwarded."""
        client = subscriber(address)
        if client == self.client:
            return
        self._service.connections.remove(self)
        self.client = client
        if not self._service.connections.add(self):
            raise RefusedError(problem_response(OverloadedError(BUSY)))

    async def _call(self, environ: Environ) -> tuple[Response, bytes]:
        """Call the application; notify it if the client closes the connection in the meantime."""
        gone = Event()
        environ[CLIENT_HAS_GONE] = gone.is_set
        watch = asyncio.create_task(self._watch(gone))
        lane = self._service.lane(environ)
        try:
            return await self._run(lane, call, self._service.application, environ)
        finally:
            watch.cancel()
            await asyncio.wait([watch])

    async def _watch(self, gone: Event) -> None:
        """Wait until the client closes the connection; keep the data that it sends before."""
        before = self._channel.received
        with suppress(OSError):
            while await self._channel.receive() and self._channel.received - before < MAX_HEAD:
                pass
        gone.set()

    async def _run(self, lane: "Lane", function: Callable[..., T], *arguments: Any) -> T:
        """Call a function in a thread when it is the client's turn."""
        self._enter(Phase.QUEUED)
        try:
            async with lane.turns.async_turn(self.client, seconds=TURN_SECONDS):
                if self._channel.is_closed:
                    raise ConnectionAbortedError
                self._enter(Phase.RUNNING)
                return await self._loop.run_in_executor(lane.executor, function, *arguments)
        except NoTurnError as error:
            raise RefusedError(problem_response(OverloadedError(BUSY))) from error
        except ConnectionError:
            raise
        except Exception as error:
            LOG.exception("The application failed")
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise RefusedError(http_problem(status, status.phrase, FAILED)) from error

    async def _send(self, response: Response, block: bytes, method: bytes) -> None:
        self._enter(Phase.TRANSFERRING)
        executor = self._service.disk
        await send_response(
            self._channel,
            response,
            block,
            lambda response: self._loop.run_in_executor(executor, next_block, response),
            is_head=method == b"HEAD",
            pace=self._service.pace,
        )

    async def _refuse(self, refusal: FlaskResponse, method: bytes) -> None:
        """Send an error response, and discard the rest of the request."""
        headers = [*refusal.headers.items(), ("Connection", "close")]
        reason = refusal.status.partition(" ")[2]
        response = Response(refusal.status_code, reason, headers, complete=True)
        await self._send(response, refusal.get_data(), method)
        is_late = refusal.status_code == HTTPStatus.REQUEST_TIMEOUT
        if not is_late and self._channel.parser.their_state is not h11.DONE:
            self._enter(Phase.WAITING)
            await self._channel.discard(LINGER_SECONDS)
