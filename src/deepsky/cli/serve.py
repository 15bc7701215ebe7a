"""``deepsky serve``: the API and the web page."""

import logging
import signal
import socket
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.errors import ModelError

if TYPE_CHECKING:
    from deepsky.server import Settings
    from deepsky.server.state import Classifiers

__all__ = ["serve"]


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on, 127.0.0.1 if not set.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, 8000 if not set.")] = None,
    allow_public: Annotated[
        bool | None,
        typer.Option("--allow-public", help="Let other machines in; there are no passwords."),
    ] = None,
) -> None:
    """Serve the web page and the API, until Ctrl+C.

    More can be set in the environment: see the settings in docs/api.md.
    """
    settings = _settings(host=host, port=port, allow_public=allow_public)
    if settings.is_public and not settings.allow_public:
        stop(
            f"{settings.host} can be reached from other machines, and deepsky asks nobody for a "
            "password. Add --allow-public if that is meant, or leave --host out.",
            USAGE,
        )
    _run(settings)


def _settings(**given: Any) -> "Settings":
    from pydantic import ValidationError

    from deepsky.server import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        reasons = [f"{part['loc'][0]}: {part['msg']}" for part in error.errors()]
        stop(f"a setting is wrong. {'; '.join(reasons)}.", USAGE)


def _run(settings: "Settings") -> None:
    from waitress import create_server

    from deepsky.server import create_app

    listening = _listen(settings.host, settings.port)
    app = create_app(settings)
    server = create_server(
        app,
        sockets=[listening],
        threads=settings.threads,
        # Past this waitress hangs up; up to this the application answers with a problem.
        max_request_body_size=4 * settings.max_bytes,
    )
    # A browser asks for more at once than there are threads: waiting is no cause for a warning.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, _exit)
    Thread(target=_warm_up, args=[app.extensions["deepsky"].classifiers]).start()
    typer.echo(f"deepsky is at {_address(listening)} — Ctrl+C stops it")
    server.run()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        stop(
            f"cannot listen on {host} port {port}: {error.strerror}. "
            "Stop what listens there, or choose another port with --port.",
            FAILED,
        )


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _exit(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _warm_up(classifiers: "Classifiers") -> None:
    """Load the default model before it is first asked for."""
    try:
        classifiers.get()
    except ModelError as error:
        typer.echo(f"deepsky: {error}", err=True)
