"""Whether the client of the current request is still connected."""

from collections.abc import Callable
from typing import Final

from flask import request

__all__ = ["CLIENT_HAS_GONE", "ClientGoneError", "client_has_gone"]

CLIENT_HAS_GONE: Final = "deepsky.client_has_gone"
"""Name of the function in the WSGI environment that returns whether the client has gone."""


class ClientGoneError(Exception):
    """The client has closed the connection, so nobody receives the response."""


def client_has_gone() -> Callable[[], bool]:
    """Return a function that returns whether the client of the current request has gone.

    Returns
    -------
    callable
        The function is thread-safe and does not need the context of the request. If the HTTP
        server does not report this, the function always returns False.
    """
    gone: Callable[[], bool] = request.environ.get(CLIENT_HAS_GONE, lambda: False)
    return gone
