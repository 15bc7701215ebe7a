"""The server stops working for clients that have closed the connection."""

import time
from collections.abc import Callable

import pytest

from tests.server.http.conftest import Running, upload_request


@pytest.fixture
def slow_image(make_image: Callable[..., bytes]) -> bytes:
    """Return an image that takes seconds to read."""
    return make_image(size=(7900, 7900), compress_level=1)


def test_slots_are_free_after_the_client_has_gone(
    serve: Callable[..., Running], slow_image: bytes, make_image: Callable[..., bytes]
) -> None:
    server = serve(queue=1)
    assert server.upload(make_image()).status == 201  # the model is loaded
    boundary = b"--edge\r\n"
    form = upload_request(slow_image).partition(b"\r\n\r\n")[2].removesuffix(b"--edge--\r\n")
    body = form * 20 + boundary[:-2] + b"--\r\n"
    head = upload_request(b"").partition(b"Content-Length")[0]
    request = head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    with server.connect(request):
        _wait_for(server, "deepsky_queue_taken 1.0")
    _wait_for(server, "deepsky_queue_taken 0.0")

    assert server.upload(make_image()).status == 201
    assert server.stop() == (0, "")


def _wait_for(server: Running, metric: str) -> None:
    deadline = time.monotonic() + 60
    while metric not in server.get("/api/v1/metrics").body.decode():
        assert time.monotonic() < deadline
        time.sleep(0.05)
