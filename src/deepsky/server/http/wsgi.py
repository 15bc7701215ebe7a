"""Call a WSGI application (PEP 3333): the environment of a request, and the response."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

import h11

__all__ = ["Application", "Environ", "Response", "call", "make_environ", "next_block"]

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

BLOCK: Final = 65_536
"""Minimum size of the blocks in which responses are sent, in bytes."""


@dataclass(slots=True)
class Response:
    """Response of a WSGI application.

    Attributes
    ----------
    status : int
        HTTP status.
    reason : str
        Reason phrase.
    headers : list of (str, str)
    blocks : iterator of bytes
        The body.
    close : callable
        Function to call after the last block.
    complete : bool
        Whether `blocks` has no further block.
    """

    status: int = 500
    reason: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    blocks: Iterator[bytes] = field(default_factory=lambda: iter(()))
    close: Callable[[], object] = lambda: None
    complete: bool = False


def make_environ(request: h11.Request, client: tuple[str, int], server: tuple[str, int]) -> Environ:
    """Return the WSGI environment of a request, without its body.

    Parameters
    ----------
    request : h11.Request
    client, server : (str, int)
        Addresses and ports of both ends of the connection.

    Raises
    ------
    ValueError
        If the request target is invalid.
    """
    path, query = _split_target(request.target.decode("latin-1"))
    environ: Environ = {
        "REQUEST_METHOD": request.method.decode("ascii"),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": request.target.decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version.decode('ascii')}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in request.headers:
        _add_header(environ, name.decode("ascii"), value.decode("latin-1"))
    return environ


def call(application: Application, environ: Environ) -> tuple[Response, bytes]:
    """Call an application.

    Parameters
    ----------
    application : WSGI application
    environ : dict

    Returns
    -------
    Response
    bytes
        First block of the body.
    """
    response = Response()
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        del exc_info
        code, _, response.reason = status.partition(" ")
        response.status, response.headers = int(code), headers
        return written.append

    result = application(environ, start_response)
    response.close = getattr(result, "close", response.close)
    response.blocks = iter(result)
    return response, b"".join(written) + next_block(response)


def next_block(response: Response) -> bytes:
    """Return the next block of a response's body; it is empty at the end of the body.

    Parameters
    ----------
    response : Response
    """
    parts: list[bytes] = []
    size = 0
    for part in response.blocks:
        parts.append(part)
        size += len(part)
        if size >= BLOCK:
            break
    else:
        response.complete = True
    return b"".join(parts)


def _split_target(target: str) -> tuple[str, str]:
    """Return the path and the query of a request target (RFC 9112, section 3.2)."""
    if target.startswith("/"):
        path, _, query = target.partition("?")
        return f"/{path.lstrip('/')}", query  # as Werkzeug does before it compares the URL rules
    if target == "*":
        return "", ""
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        msg = "The request target is not a valid URL."
        raise ValueError(msg)
    return parts.path or "/", parts.query


def _add_header(environ: Environ, name: str, value: str) -> None:
    if "_" in name:  # could be confused with a name that has hyphens
        return
    key = name.upper().replace("-", "_")
    if key == "TRANSFER_ENCODING":
        return
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    separator = "; " if key == "HTTP_COOKIE" else ", "
    environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
