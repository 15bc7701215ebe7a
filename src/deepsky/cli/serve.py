"""``deepsky serve``: serve the API and the web page."""

import errno
import socket
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.settings import read_settings
from deepsky.errors import ModelError, SolverError, StorageError

if TYPE_CHECKING:
    from deepsky.server import Settings
    from deepsky.server.state import State

__all__ = ["serve"]

BACKLOG: Final = 1024
"""Number of connections that the operating system accepts before the server does."""


def serve(
    host: Annotated[
        str | None, typer.Option(help="Host name or IP address to listen on (default: 127.0.0.1).")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (default: 8000).")] = None,
    access: Annotated[
        str | None,
        typer.Option(
            help="'open': no API key is required; 'keys': every client needs an API key; 'auto': "
            "'keys' if other machines can reach the server, otherwise 'open' (default: auto)."
        ),
    ] = None,
) -> None:
    """Serve the web page and the API until stopped with Ctrl+C.

    Other settings are read from environment variables: see docs/reference/api.md.
    """
    settings = read_settings(host=host, port=port, access=access)
    with _listen(settings.host, settings.port) as listening:
        _run(settings, listening)


def _run(settings: "Settings", listening: socket.socket) -> None:
    from deepsky.server import create_app
    from deepsky.server.http import serve_until_stopped
    from deepsky.server.malloc import limit_malloc_arenas
    from deepsky.server.retention import RetentionThread

    limit_malloc_arenas()  # must be called before other threads start
    try:
        app = create_app(settings)
    except SolverError as error:
        stop(f"DEEPSKY_SOLVER: {error}", USAGE)
    state = app.extensions["deepsky"]
    _open(state)
    retention = RetentionThread(app)
    retention.start()
    warm_up = Thread(target=_warm_up, args=[state])
    warm_up.start()
    typer.echo(f"deepsky is running at {_address(listening)} (press Ctrl+C to stop)")
    serve_until_stopped(app, settings, listening)
    retention.close()
    warm_up.join()
    state.close()


def _open(state: "State") -> None:
    """Open the database; exit if the server requires API keys but none exist."""
    from deepsky.storage.clients import list_keys

    try:
        with state.storage.database.read() as session:
            lacks_keys = state.settings.requires_keys and not list_keys(session)
    except StorageError as error:
        stop(str(error), FAILED)
    if lacks_keys:
        stop(
            "the server requires API keys, but none exist. Create one with 'deepsky keys add "
            "NAME', or use --access open to give access to everyone who can reach the server.",
            USAGE,
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        # Omit the IP address that Python appends to the reason: the message contains the host.
        reason, *_ = str(error.strerror).partition(" (while")
        stop(f"cannot listen on {host} port {port}: {reason}. {_advice(error)}", FAILED)


def _advice(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "The port is in use by another program. Choose a different port with --port."
    if error.errno == errno.EACCES:
        return "Choose a port above 1023 with --port."
    return "Choose an IP address of this machine with --host."


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _warm_up(state: "State") -> None:
    """Load the default model and start the reader processes before the first request."""
    import numpy as np

    try:
        state.readers.start()
        state.models.get().classify(np.zeros((64, 64, 3), dtype=np.uint8))
    except (ModelError, RuntimeError) as error:
        typer.echo(f"deepsky: {error}", err=True)
