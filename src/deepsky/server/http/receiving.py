"""Receive request heads and bodies within their deadlines."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import h11

from deepsky.server.http.bodies import Body, BodyTooLargeError, StoreFullError
from deepsky.server.http.channel import Channel
from deepsky.server.http.errors import RefusedError
from deepsky.server.http.pace import Pace
from deepsky.server.problems import (
    OverloadedError,
    disk_problem,
    http_problem,
    problem_response,
    too_large,
)

__all__ = ["declared_length", "receive_body", "receive_head"]

LOG: Final = logging.getLogger(__name__)

IDLE_SECONDS: Final = 60
"""Maximum time between two requests, in seconds."""

CHUNKS_AT_ONCE: Final = 64
"""Number of chunks after which other connections are served."""

OVERHEAD: Final = 65_536
"""Maximum number of bytes between chunks, in excess of the size of the body."""


async def receive_head(
    channel: Channel, seconds: float, waiting: Callable[[asyncio.Timeout | None], object]
) -> h11.Request | None:
    """Receive the head of a request.

    Parameters
    ----------
    channel : Channel
    seconds : float
        Maximum time to receive the head. It begins with the connection, or for further requests
        with the first byte.
    waiting : callable
        Function that is called with the deadline while the connection is idle, and with None when
        the client has begun to send a request.

    Returns
    -------
    h11.Request or None
        None if the client sends no further request.

    Raises
    ------
    RefusedError
        If the request is invalid or not received in time.
    """
    loop = asyncio.get_running_loop()
    begun = channel.has_unread_data
    is_first = not channel.received
    try:
        async with asyncio.timeout(seconds if is_first or begun else IDLE_SECONDS) as deadline:
            while (event := channel.next_event()) is h11.NEED_DATA:
                waiting(None if begun else deadline)
                await channel.receive()
                if not begun:
                    begun = True
                    waiting(None)
                    if not is_first:
                        deadline.reschedule(loop.time() + seconds)
    except TimeoutError as error:
        if not begun:
            return None
        detail = f"The request was not received within {seconds:g} seconds. Send it again."
        raise RefusedError(http_problem(408, "Request Timeout", detail)) from error
    if not isinstance(event, h11.Request):
        return None
    if len({b"content-length", b"transfer-encoding"} & {name for name, _ in event.headers}) == 2:
        detail = "Send either Content-Length or Transfer-Encoding, not both."
        raise RefusedError(http_problem(400, "Bad Request", detail))
    return event


def declared_length(request: h11.Request) -> int | None:
    """Return the length of a request body.

    Parameters
    ----------
    request : h11.Request

    Returns
    -------
    int or None
        None if the body is sent in chunks.
    """
    headers = dict(request.headers)
    if b"transfer-encoding" in headers:
        return None
    return int(headers.get(b"content-length", b"0"))


async def receive_body(channel: Channel, body: Body, pace: Pace) -> None:
    """Receive the body of a request.

    Parameters
    ----------
    channel : Channel
    body : Body
        The body to fill.
    pace : Pace
        Minimum speed.

    Raises
    ------
    RefusedError
        If the body is too large, cannot be stored, or is not received in time.
    """
    try:
        await _fill(channel, body, pace)
    except TimeoutError as error:
        detail = "The request body is received too slowly. Use a faster connection."
        raise RefusedError(http_problem(408, "Request Timeout", detail)) from error
    except BodyTooLargeError as error:
        raise RefusedError(too_large(body.limit)) from error
    except StoreFullError as error:
        detail = "The server is receiving too many uploads. Try again in a moment."
        raise RefusedError(problem_response(OverloadedError(detail))) from error
    except ConnectionError:
        raise
    except OSError as error:
        LOG.error("An upload cannot be written to the disk: %s", error)
        raise RefusedError(disk_problem(error)) from error


async def _fill(channel: Channel, body: Body, pace: Pace) -> None:
    loop = asyncio.get_running_loop()
    started, before, chunks = loop.time(), channel.received, 0
    async with asyncio.timeout(None) as deadline:
        while True:
            while (event := channel.next_event()) is h11.NEED_DATA:
                deadline.reschedule(pace.deadline(started, loop.time(), body.size))
                channel.send_continue()
                await channel.receive()
            if not isinstance(event, h11.Data):
                return
            await body.write(bytes(event.data))
            if channel.received - before > 2 * body.size + OVERHEAD:
                detail = "The chunks of the request body are too small. Send larger chunks."
                raise RefusedError(http_problem(400, "Bad Request", detail))
            chunks += 1
            if not chunks % CHUNKS_AT_ONCE:
                await asyncio.sleep(0)
