"""Each preview is rendered only once, and slow previews leave threads for other requests."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.errors import CorruptImageError, ReadCancelledError
from deepsky.server import Settings
from deepsky.server.waiting_client import CLIENT_HAS_GONE, Client

MakeClient = Callable[..., FlaskClient]
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]


class SlowReaders:
    """Reader pool for tests, in which each read waits until the test sets `released`."""

    def __init__(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads = 0
        self.error: Exception | None = None
        self.released = threading.Event()
        self._pool = client.application.extensions["deepsky"].readers
        self._read = self._pool.read
        monkeypatch.setattr(self._pool, "read", self.read)

    def read(self, client: Client, *arguments: Any) -> Any:
        self.reads += 1
        while not self.released.wait(0.05):
            if client.has_gone():
                raise ReadCancelledError
        if self.error is not None:
            raise self.error
        return self._read(client, *arguments)


@pytest.fixture
def client(make_client: MakeClient) -> FlaskClient:
    """Return a test client for a server on which two requests of a client can wait for previews."""
    return make_client(threads=6, queue=2)


@pytest.fixture
def locations(client: FlaskClient, upload: Upload, make_image: MakeImage) -> list[str]:
    """Classify two different images, and return the URL paths of the classifications."""
    images = [make_image(), make_image((255, 0, 0))]
    return [upload(client, image).headers["Location"] for image in images]


@pytest.fixture
def readers(
    client: FlaskClient, locations: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[SlowReaders]:
    """After the uploads, replace the server's reader pool with SlowReaders, and yield it."""
    assert locations
    slow = SlowReaders(client, monkeypatch)
    yield slow
    slow.released.set()


def fetch(
    client: FlaskClient,
    location: str,
    size: str = "large",
    address: str = "192.0.2.1",
    has_gone: Callable[[], bool] = lambda: False,
) -> TestResponse:
    """Get a preview with a separate test client, so that requests can run in parallel."""
    browser = client.application.test_client()
    cookie = client.get_cookie("deepsky_session", path="/api/")
    assert cookie is not None
    browser.set_cookie("deepsky_session", cookie.value, path="/api/")
    environ = {"REMOTE_ADDR": address, CLIENT_HAS_GONE: has_gone}
    url = f"{location}/image?size={size}"
    return browser.get(url, buffered=True, environ_overrides=environ)


def wait_for_requests(client: FlaskClient, number: int) -> None:
    previews = client.application.extensions["deepsky"].previews
    deadline = time.monotonic() + 30
    while previews.waiting < number:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_concurrent_requests_for_one_image_share_a_rendering(
    client: FlaskClient, locations: list[str], readers: SlowReaders
) -> None:
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(fetch, client, locations[0], s) for s in ("large", "small")]
        wait_for_requests(client, 2)
        readers.released.set()

    assert [future.result().status_code for future in waiting] == [200, 200]
    assert fetch(client, locations[0]).status_code == 200
    assert readers.reads == 1


def test_excess_requests_are_rejected_and_others_are_served(
    client: FlaskClient, locations: list[str], readers: SlowReaders
) -> None:
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(fetch, client, locations[0]) for _ in range(2)]
        wait_for_requests(client, 2)
        refused = fetch(client, locations[1])
        other = threads.submit(fetch, client, locations[1], address="192.0.2.2")
        wait_for_requests(client, 3)
        health = client.get("/api/v1/health")
        readers.released.set()

    assert (refused.status_code, refused.get_json()["code"]) == (503, "overloaded")
    assert int(refused.headers["Retry-After"]) >= 1
    assert other.result().status_code == 200
    assert health.status_code == 200
    assert [future.result().status_code for future in waiting] == [200, 200]
    assert fetch(client, locations[1]).status_code == 200


def test_requests_share_an_error_and_the_next_one_tries_again(
    client: FlaskClient, locations: list[str], readers: SlowReaders
) -> None:
    readers.error = CorruptImageError("damaged")
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(fetch, client, locations[0]) for _ in range(2)]
        wait_for_requests(client, 2)
        readers.released.set()

    assert [future.result().status_code for future in waiting] == [422, 422]
    readers.error = None
    assert fetch(client, locations[0]).status_code == 200
    assert client.application.extensions["deepsky"].previews.waiting == 0


@pytest.mark.parametrize(("threads", "queue"), [(64, 16), (20, 16), (5, 1)])
def test_classifications_and_previews_leave_threads(threads: int, queue: int) -> None:
    settings = Settings(threads=threads, queue=queue)

    assert settings.preview_slots >= 2
    assert settings.queue + settings.preview_slots == threads - 2


def test_rendering_stops_when_all_clients_have_gone(
    client: FlaskClient, locations: list[str], readers: SlowReaders
) -> None:
    gone = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(fetch, client, locations[0], has_gone=gone.is_set)
        wait_for_requests(client, 1)
        gone.set()
        assert waiting.result().get_json()["code"] == "read_cancelled"

    readers.released.set()
    assert client.application.extensions["deepsky"].previews.waiting == 0
    assert fetch(client, locations[0]).status_code == 200


def test_rendering_continues_for_clients_that_still_wait(
    client: FlaskClient, locations: list[str], readers: SlowReaders
) -> None:
    gone = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(fetch, client, locations[0], has_gone=gone.is_set)
        wait_for_requests(client, 1)
        second = threads.submit(fetch, client, locations[0])
        wait_for_requests(client, 2)
        gone.set()
        time.sleep(0.3)  # longer than the interval between two checks
        readers.released.set()

    assert {first.result().status_code, second.result().status_code} == {200}
    assert readers.reads == 1
