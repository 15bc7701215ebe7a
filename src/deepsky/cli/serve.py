"""``deepsky serve``: the API and the web page."""

import errno
import socket
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.settings import read_settings
from deepsky.errors import ModelError, StorageError

if TYPE_CHECKING:
    from deepsky.server import Settings
    from deepsky.server.state import State

__all__ = ["serve"]


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on, 127.0.0.1 if not set.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, 8000 if not set.")] = None,
    access: Annotated[
        str | None,
        typer.Option(
            help="open: whoever reaches the server may use it; keys: only with an API key; auto: "
            "keys where other machines can reach it."
        ),
    ] = None,
) -> None:
    """Serve the web page and the API, until Ctrl+C.

    More can be set in the environment: see the settings in docs/api.md.
    """
    settings = read_settings(host=host, port=port, access=access)
    with _listen(settings.host, settings.port) as listening:
        _run(settings, listening)


def _run(settings: "Settings", listening: socket.socket) -> None:
    from deepsky.server import create_app
    from deepsky.server.malloc import limit_malloc_arenas
    from deepsky.server.retention import RetentionThread
    from deepsky.server.waitress_server import serve_until_stopped

    limit_malloc_arenas()  # before there are other threads
    app = create_app(settings)
    state = app.extensions["deepsky"]
    _open(state)
    housekeeping = RetentionThread(app)
    housekeeping.start()
    warm_up = Thread(target=_warm_up, args=[state])
    warm_up.start()
    typer.echo(f"deepsky is at {_address(listening)} — Ctrl+C stops it")
    serve_until_stopped(app, settings, listening)
    housekeeping.close()
    warm_up.join()
    state.close()


def _open(state: "State") -> None:
    """Open what is kept, and make sure that somebody can use the server."""
    from deepsky.storage.clients import list_keys

    try:
        with state.storage.database.read() as session:
            nobody = state.settings.requires_keys and not list_keys(session)
    except StorageError as error:
        stop(str(error), FAILED)
    if nobody:
        stop(
            f"{state.settings.host} asks for API keys, and there are none. Make one with "
            "'deepsky keys add NAME', or let in whoever reaches the server with --access open.",
            USAGE,
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # which repeats the address
        stop(f"cannot listen on {host} port {port}: {reason}. {_advice(error)}", FAILED)


def _advice(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "Stop what listens there, or choose another port with --port."
    if error.errno == errno.EACCES:
        return "Choose a port from 1024 on with --port."
    return "Choose an address of this machine with --host."


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _warm_up(state: "State") -> None:
    """Have the default model and the reading processes ready before they are first asked for."""
    try:
        state.readers.start()
        state.models.get().classify(np.zeros((64, 64, 3), dtype=np.uint8))
    except (ModelError, RuntimeError) as error:
        typer.echo(f"deepsky: {error}", err=True)
