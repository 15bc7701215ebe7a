"""Requests that are slow, malformed or too large are refused, without waiting for their body."""

import re
from collections.abc import Callable

import pytest

from tests.server.http.conftest import FORM, Answer, Running

HEAD = b"POST /api/v1/classifications HTTP/1.1\r\nHost: localhost\r\n" + FORM.encode()
FEEDBACK = b"PUT /api/v1/classifications/x/feedback HTTP/1.1\r\nHost: localhost\r\n"
HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def impatient(serve: Callable[..., Running]) -> Running:
    """Return a server with short deadlines."""
    return serve(head_seconds=1, stall_seconds=1)


@pytest.fixture(scope="module")
def with_keys(serve: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory) -> Running:
    """Return a server that requires API keys."""
    from deepsky.server import Settings
    from deepsky.server.state import open_storage
    from deepsky.storage.clients import add_key

    folder = tmp_path_factory.mktemp("with-keys")
    storage = open_storage(Settings(data=folder))
    with storage.database.write() as session:
        add_key(session, "somebody")
    storage.close()
    return serve(folder=folder, access="keys")


def test_incomplete_head_is_refused(impatient: Running) -> None:
    with impatient.connect(b"GET / HTTP/1.1\r\nX: a") as connection:
        answer = Answer(connection)
        assert connection.recv(1) == b""

    assert (answer.status, answer.code) == (408, "request_timeout")


def test_head_that_is_sent_byte_by_byte_is_refused(impatient: Running) -> None:
    with impatient.connect(b"GET / HTTP/1.1\r\nX: ") as connection:
        connection.settimeout(0.2)
        received = b""
        while not received:
            try:
                connection.sendall(b"a")
                received = connection.recv(12)
            except TimeoutError:
                continue

    assert received == b"HTTP/1.1 408"


def test_silent_connection_is_closed(impatient: Running) -> None:
    with impatient.connect() as connection:
        assert connection.recv(1) == b""


def test_body_that_stops_is_refused(impatient: Running) -> None:
    with impatient.connect(HEAD + b"Content-Length: 100000\r\n\r\nabc") as connection:
        answer = Answer(connection)

    assert (answer.status, answer.code) == (408, "request_timeout")


def test_body_that_is_sent_byte_by_byte_is_refused(impatient: Running) -> None:
    with impatient.connect(HEAD + b"Content-Length: 100000\r\n\r\n") as connection:
        connection.settimeout(0.2)
        received = b""
        while not received:
            try:
                connection.sendall(b"a")
                received = connection.recv(12)
            except TimeoutError:
                continue

    assert received == b"HTTP/1.1 408"


@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
def test_request_without_key_is_refused_before_its_body(with_keys: Running, expect: bytes) -> None:
    answer = with_keys.send(HEAD + expect + b"Content-Length: 200000000\r\n\r\n")

    assert (answer.status, answer.code) == (401, "key_required")
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n", 404),
        (b"POST /api/v1/models HTTP/1.1\r\nHost: localhost\r\n", 405),
        (b"POST /api/v1/classifications HTTP/1.1\r\nHost: evil.example\r\n", 421),
        (HEAD + b"Sec-Fetch-Site: cross-site\r\n", 403),
        (FEEDBACK, 413),
    ],
)
def test_refusals_do_not_need_the_body(impatient: Running, head: bytes, status: int) -> None:
    assert impatient.send(head + b"Content-Length: 2000000\r\n\r\n").status == status


def test_client_that_expects_100_continue_is_asked_for_the_body(impatient: Running) -> None:
    head = HEAD + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n"
    with impatient.connect(head) as connection:
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"nobody")
        answer = Answer(connection)

    assert (answer.status, answer.code) == (400, "invalid_request")


def test_tiny_chunks_are_refused(impatient: Running) -> None:
    chunks = b"1\r\na\r\n" * 100_000

    answer = impatient.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)

    assert (answer.status, answer.code) == (400, "bad_request")


def test_endless_chunk_line_is_refused(impatient: Running) -> None:
    answer = impatient.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 200_000)

    assert answer.status in (400, 431)


def test_ambiguous_length_is_refused(impatient: Running) -> None:
    head = HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = impatient.send(head + b"0\r\n\r\n")

    assert (answer.status, answer.code) == (400, "bad_request")


@pytest.mark.parametrize(
    "target", [b"http://[/", b"nowhere", b"ftp://localhost/", b"//[", b"http://localhost:x/"]
)
def test_strange_targets_get_an_answer(impatient: Running, target: bytes) -> None:
    answer = impatient.send(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert answer.status in (200, 400, 404)


def test_absolute_target_is_served(impatient: Running) -> None:
    target = b"http://localhost/api/v1/health?x=1"

    answer = impatient.send(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert answer.status == 200


def test_requests_on_one_connection_are_answered_in_order(impatient: Running) -> None:
    second = b"GET /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with impatient.connect(HEALTH + b"\r\n" + HEALTH + b"\r\n" + second) as connection:
        stream = connection.makefile("rb").read()

    assert re.findall(rb"HTTP/1.1 (\d+)", stream) == [b"200", b"200", b"404"]


def test_old_clients_are_served(impatient: Running) -> None:
    with impatient.connect(b"GET /api/v1/health HTTP/1.0\r\n\r\n") as connection:
        response = connection.makefile("rb").read()

    assert response.startswith(b"HTTP/1.1 200")
    assert b'"version"' in response


def test_response_to_head_has_no_body(impatient: Running) -> None:
    head = HEALTH.replace(b"GET", b"HEAD") + b"Connection: close\r\n\r\n"
    with impatient.connect(head) as connection:
        response = connection.makefile("rb").read()

    assert response.startswith(b"HTTP/1.1 200")
    assert response.endswith(b"\r\n\r\n")


def test_client_that_closes_its_side_gets_the_answer(impatient: Running) -> None:
    with impatient.connect(HEALTH + b"\r\n") as connection:
        connection.shutdown(1)
        assert Answer(connection).status == 200


def test_header_with_underscore_does_not_replace_another_one(with_keys: Running) -> None:
    answer = with_keys.get("/api/v1/models", headers="X_Forwarded_For: 192.0.2.1\r\n")

    assert answer.status == 401
