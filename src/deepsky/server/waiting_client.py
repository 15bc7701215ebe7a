"""The client that waits for the response to a request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["CLIENT_HAS_GONE", "Client"]

CLIENT_HAS_GONE: Final = "deepsky.client_has_gone"
"""Name of the function in the WSGI environment that returns whether the client has gone."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client that waits for a response.

    Attributes
    ----------
    name : str
        Identifier of the client: its API key or its IP address. Requests of several browser
        sessions at one address count as one client, because anyone can create sessions.
    has_gone : callable
        Function that returns whether the client has closed the connection. It is thread-safe and
        needs no request context.
    """

    name: str
    has_gone: Callable[[], bool] = lambda: False
