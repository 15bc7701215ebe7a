"""Fixtures: servers in separate processes, and raw connections to them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

COMMAND = (sys.executable, "-c", "from deepsky.cli import app; app()", "serve", "--port", "0")
FORM = "Content-Type: multipart/form-data; boundary=edge\r\n"


class Answer:
    """A response that has been received completely."""

    def __init__(self, connection: socket.socket, method: str = "GET") -> None:
        response = HTTPResponse(connection, method=method)
        response.begin()
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def code(self) -> str:
        """Code of an error response."""
        assert self.headers["Content-Type"] == "application/problem+json"
        return str(json.loads(self.body)["code"])


class Running:
    """A running server process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+) ", process.stdout.readline())
        assert found
        self.address = ("127.0.0.1", int(found[1]))

    def connect(self, request: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        """Open a connection and send the beginning of a request."""
        connection = socket.create_connection(self.address, 60, source_address=(source, 0))
        connection.sendall(request)
        return connection

    def send(self, request: bytes, source: str = "127.0.0.1") -> Answer:
        """Send a request over a new connection, and return the response."""
        with self.connect(request, source) as connection:
            return Answer(connection, request.split(b" ", 1)[0].decode())

    def get(self, path: str, source: str = "127.0.0.1", headers: str = "") -> Answer:
        """Send a GET request over a new connection, and return the response."""
        return self.send(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode(), source
        )

    def upload(self, image: bytes, headers: str = "", prefix: str = "") -> Answer:
        """Classify an image."""
        return self.send(upload_request(image, headers, prefix))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop the server, and return its exit status and its error output."""
        self.process.send_signal(number)
        errors = self.process.communicate(timeout=60)[1]
        return self.process.returncode, errors


def upload_request(image: bytes, headers: str = "", prefix: str = "") -> bytes:
    """Return a request that classifies an image."""
    part = b'Content-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    body = b"--edge\r\n" + part + image + b"\r\n--edge--\r\n"
    head = f"POST {prefix}/api/v1/classifications HTTP/1.1\r\nHost: localhost\r\n{FORM}{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture(scope="module")
def serve(
    tiny_models: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Running]]:
    """Return a function that starts a server with settings; all are ended after the module."""
    with ExitStack() as stack:

        def start(
            command: tuple[str, ...] = COMMAND,
            folder: Path | None = None,
            **settings: Any,
        ) -> Running:
            given = {
                "models": tiny_models,
                "data": folder or tmp_path_factory.mktemp("data"),
                "readers": 1,
                **settings,
            }
            environment = {f"DEEPSKY_{name.upper()}": str(value) for name, value in given.items()}
            process = stack.enter_context(
                subprocess.Popen(
                    command,
                    env={**os.environ, **environment},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    # Tests may run under nohup, which disables SIGHUP in all child processes.
                    preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL),
                )
            )
            stack.callback(process.kill)
            return Running(process)

        yield start
