"""Clients that hold connections do not keep others from being served."""

import socket
import time
from collections.abc import Callable

import pytest

from deepsky.server.http.connections import Connections, Phase
from tests.server.http.conftest import COMMAND, Running


class Held:
    """A connection that records whether it has been closed."""

    def __init__(self, client: str, since: float, phase: Phase = Phase.WAITING) -> None:
        self.client = client
        self.since = since
        self.phase = phase
        self.closed = False

    def abort(self) -> None:
        self.closed = True

    def stop(self) -> None:
        self.abort()


def test_new_connection_replaces_the_one_that_waits_longest() -> None:
    connections = Connections(limit=10, per_client=2)
    older, newer = Held("a", 1), Held("a", 2)

    assert all(connections.add(held) for held in (newer, older, Held("a", 3)))
    assert older.closed
    assert not newer.closed
    assert len(connections) == 2


def test_connections_that_transfer_data_are_closed_last() -> None:
    connections = Connections(limit=10, per_client=2)
    transferring, waiting = Held("a", 1, Phase.TRANSFERRING), Held("a", 2)

    assert all(connections.add(held) for held in (transferring, waiting, Held("a", 3)))
    assert waiting.closed
    assert not transferring.closed


def test_requests_in_progress_are_not_closed() -> None:
    connections = Connections(limit=10, per_client=1)
    running = Held("a", 1, Phase.RUNNING)

    assert connections.add(running)
    assert not connections.add(Held("a", 2))
    assert not running.closed
    assert connections.add(Held("b", 3))


def test_client_with_most_connections_makes_room_for_others() -> None:
    connections = Connections(limit=3, per_client=3)
    own, first, second = Held("b", 0), Held("a", 1), Held("a", 2)

    assert all(connections.add(held) for held in (own, first, second, Held("c", 3)))
    assert first.closed
    assert not own.closed


def test_trusted_proxy_has_no_limit_of_its_own() -> None:
    connections = Connections(limit=10, per_client=1)
    first = Held("proxy", 1)

    assert connections.add(first, limited=False)
    assert connections.add(Held("proxy", 2), limited=False)
    assert not first.closed


@pytest.fixture(scope="module")
def server(serve: Callable[..., Running]) -> Running:
    return serve(
        connections_per_client=5, stall_seconds=1, trusted_proxy="127.0.0.2", access="open"
    )


def test_excess_connections_do_not_prevent_health_checks(server: Running) -> None:
    held = [server.connect(b"GET / HTTP/1.1\r\nX: a") for _ in range(20)]

    assert server.get("/api/v1/health").status == 200
    assert server.get("/api/v1/health", source="127.0.0.3").status == 200
    for connection in held:
        connection.close()


def test_connections_through_a_proxy_count_for_its_clients(server: Running) -> None:
    head = "PUT /api/v1/classifications/x/feedback HTTP/1.1\r\nHost: localhost\r\n"
    body = "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"
    clients = [*["192.0.2.1"] * 8, "192.0.2.2", "192.0.2.3"]
    held = []
    for client in clients:
        request = f"{head}X-Forwarded-For: {client}\r\n{body}"
        held.append(server.connect(request.encode(), "127.0.0.2"))
        assert held[-1].recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
    ends = [_end(connection) for connection in held]

    # The first three were replaced, and the others were closed because no body was sent.
    assert ends == [b""] * 3 + [b"HTTP/1.1 408"] * 7


def _end(connection: socket.socket) -> bytes:
    """Return the beginning of the last response before the connection is closed."""
    with connection:
        try:
            return connection.recv(12)
        except ConnectionResetError:
            return b""


def test_client_that_does_not_receive_the_response_is_disconnected(server: Running) -> None:
    path = "/api/docs/swagger-ui/swagger-ui-bundle.js"
    size = len(server.get(path).body)
    with server.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(3)  # longer than the server waits
        received = 0
        try:
            while data := connection.recv(65_536):
                received += len(data)
        except ConnectionError:
            pass

    assert received < size


def test_server_with_few_descriptors_stays_available(serve: Callable[..., Running]) -> None:
    server = serve(("sh", "-c", 'ulimit -n 300; exec "$0" "$@"', *COMMAND))
    held = [server.connect(b"GET / HTTP/1.1\r\nX: a") for _ in range(400)]
    statuses = {server.get("/api/v1/health", source=s).status for s in ("127.0.0.1", "127.0.0.3")}
    for connection in held:
        connection.close()
    status, errors = server.stop()

    assert statuses == {200}
    assert (status, errors) == (0, "")
