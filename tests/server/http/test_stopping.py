"""The server finishes the requests in progress before it stops, whatever signal it receives."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.http.conftest import COMMAND, Answer, Running, upload_request


@pytest.fixture
def png(make_image: Callable[..., bytes]) -> bytes:
    return make_image()


@pytest.mark.parametrize(
    "signals",
    [
        [signal.SIGHUP],
        [signal.SIGTERM, signal.SIGTERM],
        [signal.SIGHUP, signal.SIGTERM, signal.SIGHUP],
        [signal.SIGINT, signal.SIGTERM],
    ],
    ids=lambda signals: " ".join(number.name for number in signals),
)
def test_requests_in_progress_are_finished(
    serve: Callable[..., Running], png: bytes, signals: list[signal.Signals]
) -> None:
    server = serve()
    assert server.upload(png).status == 201
    request = upload_request(png)
    with server.connect(request[:-20]) as connection:
        time.sleep(0.5)  # the server starts to receive the request
        for number in signals:
            server.process.send_signal(number)
            time.sleep(0.2)
        connection.sendall(request[-20:])
        answer = Answer(connection)
    errors = server.process.communicate(timeout=60)[1]

    assert answer.status == 201
    assert answer.headers["Connection"] == "close"
    assert (server.process.returncode, errors) == (0, "")


def test_closed_terminal_does_not_stop_a_server_started_with_nohup(
    serve: Callable[..., Running],
) -> None:
    server = serve(("sh", "-c", 'trap "" HUP; exec "$0" "$@"', *COMMAND))
    server.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)

    assert server.get("/api/v1/health").status == 200
    assert server.stop() == (0, "")


def test_idle_connections_do_not_delay_stopping(
    serve: Callable[..., Running], tmp_path: Path
) -> None:
    server = serve(folder=tmp_path)
    head = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with server.connect(head) as used, server.connect():
        assert Answer(used).status == 200
        assert server.stop() == (0, "")
