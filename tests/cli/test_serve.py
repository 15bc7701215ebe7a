"""Tests for ``deepsky serve``."""

import http.client
import json
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def server(run: Run) -> Iterator[subprocess.Popen[str]]:
    """A running ``deepsky serve`` process that listens on a free port."""
    assert run("--version").exit_code == 0
    process = subprocess.Popen(
        [sys.executable, "-c", "from deepsky.cli import app; app()", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Restore SIGINT, which is ignored if a shell runs the tests in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        yield process
        process.kill()


def connect(server: subprocess.Popen[str]) -> http.client.HTTPConnection:
    assert server.stdout is not None
    line = server.stdout.readline()
    assert line.startswith("deepsky is running at http://127.0.0.1:")
    assert line.endswith("(press Ctrl+C to stop)\n")
    address = urlsplit(line.split()[4])
    return http.client.HTTPConnection(str(address.hostname), address.port)


FORM = "multipart/form-data; boundary=edge"


def upload_body(image: Path) -> bytes:
    lines = [
        b"--edge",
        b'Content-Disposition: form-data; name="image"; filename="yellow.png"',
        b"",
        image.read_bytes(),
        b"--edge--",
        b"",
    ]
    return b"\r\n".join(lines)


def classify(connection: http.client.HTTPConnection, image: Path) -> tuple[int, bytes]:
    headers = {"Content-Type": FORM}
    connection.request("POST", "/api/v1/classifications", upload_body(image), headers)
    response = connection.getresponse()
    return response.status, response.read()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_stopped_by_a_signal(
    server: subprocess.Popen[str], run: Run, image: Path, stop: signal.Signals
) -> None:
    connection = connect(server)
    status, body = classify(connection, image)
    connection.close()
    server.send_signal(stop)
    output, errors = server.communicate(timeout=60)

    [record] = json.loads(run("classify", image, "--format", "json").stdout)
    classification = json.loads(body)
    assert status == 201
    assert {k: classification[k] for k in record} == {**record, "path": "yellow.png"}
    assert (server.returncode, output, errors) == (0, "", "")


def test_port_in_use_is_reported(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", taken.getsockname()[1])

    assert result.exit_code == 1
    assert "Address already in use. The port is in use by another program" in result.stderr
    assert "--port" in result.stderr


def test_public_address_requires_keys_or_open_access(run: Run) -> None:
    result = run("serve", "--host", "0.0.0.0", "--port", "0")

    assert result.exit_code == 2
    assert "deepsky keys add" in result.stderr
    assert "--access open" in result.stderr


def test_unreachable_database_is_reported_without_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_DATABASE_URL", "postgresql+psycopg://u:secret@127.0.0.1:1/d")

    result = run("serve", "--port", "0")

    assert result.exit_code == 1
    assert "127.0.0.1" in result.stderr
    assert "secret" not in result.stderr
    assert "Traceback" not in result.stderr


def test_read_only_image_folder_is_reported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # Simulate a read-only folder, because root can write to any folder.
    monkeypatch.setattr("os.access", lambda path, _: Path(path).name != "incoming")

    result = run("serve", "--port", "0")

    assert result.exit_code == 1
    assert "images failed: Permission denied" in result.stderr


def test_address_of_another_machine_is_reported(run: Run) -> None:
    result = run("serve", "--host", "192.0.2.1", "--port", "0")

    assert result.exit_code == 1
    assert "--host" in result.stderr


def test_unavailable_rate_limit_storage_is_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_RATE_LIMIT_STORAGE", "smoke://signals")

    result = run("serve", "--port", "0")

    assert result.exit_code == 2
    assert "pip install redis" in result.stderr


POST = b"POST /api/v1/classifications HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    ("request_head", "status", "code"),
    [
        (POST + b"Content-Length: 1000000000000\r\n\r\n", 413, "file_too_large"),
        (POST + b"X: " + bytes(300_000) + b"\r\n\r\n", 431, "request_header_fields_too_large"),
        (POST + b"Content-Length: 300000000\r\n\r\n", 413, "file_too_large"),
        (
            POST + b"Content-Length: 300000000\r\nExpect: 100-continue\r\n\r\n",
            413,
            "file_too_large",
        ),
        (POST + b"Content-Length: many\r\n\r\n", 400, "bad_request"),
        (POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", 400, "bad_request"),
        (b"GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_request"),
        (POST + b"Transfer-Encoding: smoke\r\n\r\n", 501, "not_implemented"),
    ],
    ids=[
        "huge body",
        "headers",
        "large body",
        "large body with Expect header",
        "length",
        "digits",
        "address",
        "encoding",
    ],
)
def test_malformed_requests_get_problem_details(
    server: subprocess.Popen[str], request_head: bytes, status: int, code: str
) -> None:
    address = connect(server)
    with socket.create_connection((address.host, address.port), timeout=30) as connection:
        connection.sendall(request_head)
        response = http.client.HTTPResponse(connection)
        response.begin()
        problem = json.loads(response.read())
    assert response.status == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (problem["code"], problem["status"]) == (code, status)


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit uploads to 1000 bytes."""
    monkeypatch.setenv("DEEPSKY_MAX_BYTES", "1000")


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("chunked", [False, True])
def test_client_that_sends_a_too_large_body_completely_gets_the_response(
    server: subprocess.Popen[str], chunked: bool
) -> None:
    connection = connect(server)
    body = (bytes(10_000) for _ in range(2000)) if chunked else bytes(20_000_000)
    connection.request("POST", "/api/v1/classifications", body, {"Content-Type": FORM})
    response = connection.getresponse()
    problem = json.loads(response.read())

    assert (response.status, problem["code"]) == (413, "file_too_large")
    assert "66,536 bytes" in problem["detail"]
    assert response.headers["Connection"] == "close"


@pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="requires Linux to limit the size of files"
)
def test_failed_write_of_one_upload_does_not_affect_others(
    server: subprocess.Popen[str], image: Path
) -> None:
    connection = connect(server)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (600_000, 600_000))
    headers = {"Content-Type": FORM}
    connection.request("POST", "/api/v1/classifications", bytes(2_000_000), headers)
    response = connection.getresponse()
    problem = json.loads(response.read())

    assert (response.status, problem["code"]) == (503, "storage_unavailable")
    assert "File too large" in problem["detail"]
    connection.close()
    assert classify(connection, image)[0] == 201
    server.send_signal(signal.SIGTERM)
    connection.close()
    assert server.communicate(timeout=20)[1].count("cannot be written to the disk") == 1


def test_server_finishes_running_requests_before_it_stops(
    server: subprocess.Popen[str], image: Path
) -> None:
    connection = connect(server)
    assert classify(connection, image)[0] == 201  # this loads the model and starts the readers
    with socket.create_connection((connection.host, connection.port)) as slow:
        body = upload_body(image)
        head = (
            f"POST /api/v1/classifications HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        slow.sendall(head.encode() + body[:-20])
        time.sleep(0.5)  # give the server time to start reading the request
        server.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((connection.host, connection.port))
        slow.sendall(body[-20:])
        response = slow.makefile("rb").read(12)
    connection.close()
    output, errors = server.communicate(timeout=60)

    assert response == b"HTTP/1.1 201"
    assert (server.returncode, output, errors) == (0, "", "")


def test_invalid_environment_variable_is_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_THREADS", "many")

    result = run("serve")

    assert result.exit_code == 2
    assert "DEEPSKY_THREADS: Input should be a valid integer" in result.stderr


def test_invalid_option_and_variable_are_both_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_RATE_LIMIT", "lots")

    result = run("serve", "--port", "99999")

    assert result.exit_code == 2
    assert "--port: Input should be less than" in result.stderr
    assert "DEEPSKY_RATE_LIMIT: couldn't parse" in result.stderr


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="prlimit exists on Linux only")
def test_server_without_file_descriptors_stops(server: subprocess.Popen[str], image: Path) -> None:
    connection = connect(server)
    assert classify(connection, image)[0] == 201  # this loads the model and starts the readers
    open_files = max(int(path.name) for path in Path(f"/proc/{server.pid}/fd").iterdir()) + 1
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (open_files, open_files))
    with ExitStack() as pending:
        for _ in range(100):  # use up all file descriptors of the server
            address = (connection.host, connection.port)
            pending.enter_context(socket.create_connection(address, timeout=30))
        server.send_signal(signal.SIGTERM)
        errors = server.communicate(timeout=60)[1]
    connection.close()

    assert server.returncode == 0
    assert "Pending connections cannot be accepted" in errors
