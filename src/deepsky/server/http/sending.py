"""Send responses within their deadlines."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import formatdate

import h11

from deepsky.server.http.channel import Channel
from deepsky.server.http.pace import Pace
from deepsky.server.http.wsgi import Response

__all__ = ["send_response"]


async def send_response(
    channel: Channel,
    response: Response,
    block: bytes,
    next_block: Callable[[Response], Awaitable[bytes]],
    *,
    is_head: bool,
    pace: Pace,
) -> None:
    """Send a response.

    Parameters
    ----------
    channel : Channel
    response : Response
    block : bytes
        First block of the body.
    next_block : callable
        Coroutine function that returns the next block of the body.
    is_head : bool
        Whether the request method is HEAD; the body is then not sent.
    pace : Pace
        Minimum speed.

    Raises
    ------
    TimeoutError
        If the client receives the response too slowly.
    """
    loop = asyncio.get_running_loop()
    started, sent = loop.time(), 0
    data = channel.parser.send(_head(response))
    try:
        while True:
            if block and not is_head:
                data += channel.parser.send(h11.Data(data=block))
            if response.complete:
                data += channel.parser.send(h11.EndOfMessage())
            await channel.send(data, pace.deadline(started, loop.time(), sent))
            if response.complete:
                return
            sent += len(data)
            data, block = b"", await next_block(response)
    finally:
        response.close()


def _head(response: Response) -> h11.Response:
    headers = response.headers
    if not any(name.lower() == "date" for name, _ in headers):
        headers = [*headers, ("Date", formatdate(usegmt=True))]
    return h11.Response(
        status_code=response.status,
        reason=response.reason.encode("latin-1"),
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    )
