"""The server rejects requests if its queue is full or a rate limit is exceeded."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from pydantic import ValidationError
from werkzeug.test import TestResponse

from deepsky.classifier import Classifier
from deepsky.server import Settings

Client = FlaskClient
MakeClient = Callable[..., FlaskClient]
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]


def test_full_server_rejects_requests_until_a_slot_is_free(
    make_client: MakeClient,
    upload: Upload,
    make_image: MakeImage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, image = make_client(queue=2), make_image()
    resume, classify = threading.Event(), Classifier._classify_scored
    arrived = threading.Semaphore(0)

    def wait(self: Classifier, scoring: object) -> object:
        arrived.release()
        assert resume.wait(30)
        return classify(self, scoring)  # type: ignore[arg-type]

    monkeypatch.setattr(Classifier, "_classify_scored", wait)
    with ThreadPoolExecutor(2) as threads:
        inside = [threads.submit(upload, client.application.test_client(), image) for _ in range(2)]
        for _ in inside:
            assert arrived.acquire(timeout=30)
        refused = upload(client, image)
        taken = client.get("/api/v1/metrics").text
        resume.set()

    assert (refused.status_code, refused.get_json()["code"]) == (503, "overloaded")
    assert int(refused.headers["Retry-After"]) >= 1
    assert "deepsky_queue_taken 2.0" in taken
    assert [future.result().status_code for future in inside] == [201, 201]
    assert upload(client, image).status_code == 201
    assert "deepsky_queue_taken 0.0" in client.get("/api/v1/metrics").text


def test_failed_request_frees_its_slot(make_client: MakeClient, upload: Upload) -> None:
    client = make_client(queue=1)

    assert [upload(client, b"no image").status_code for _ in range(3)] == [415] * 3


def test_rate_limit_rejects_further_changes(
    make_client: MakeClient, upload: Upload, make_image: MakeImage
) -> None:
    client, image = make_client(rate_limit="3/hour"), make_image()
    responses = [upload(client, image) for _ in range(5)]

    assert [response.status_code for response in responses] == [201, 201, 201, 429, 429]
    assert responses[-1].get_json()["code"] == "too_many_requests"
    assert 0 < int(responses[-1].headers["Retry-After"]) <= 3600
    assert client.get("/api/v1/classifications").status_code == 200  # GET requests are not limited
    fresh = client.application.test_client()  # a new session with the same IP address
    assert upload(fresh, image).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    response = fresh.delete("/api/v1/classifications/x", environ_overrides=elsewhere)
    assert response.status_code == 404


class Unavailable(MemoryStorage):
    """Rate-limit storage that always fails, like an unavailable Redis."""

    STORAGE_SCHEME = ["unavailable"]  # noqa: RUF012

    def acquire_sliding_window_entry(self, *_: object, **__: object) -> bool:
        raise ValueError  # The limits library wraps this error in StorageError.


def test_requests_are_counted_locally_while_redis_is_unavailable(
    make_client: MakeClient,
) -> None:
    client = make_client(rate_limit="2/hour", rate_limit_storage="unavailable://")
    responses = [client.delete("/api/v1/classifications/x") for _ in range(3)]

    assert [response.status_code for response in responses] == [404, 404, 429]


def test_empty_rate_limit_allows_everything(make_client: MakeClient) -> None:
    client = make_client(rate_limit="")

    assert {client.delete("/api/v1/classifications/x").status_code for _ in range(50)} == {404}


@pytest.mark.parametrize(
    "settings", [{"rate_limit": "often"}, {"threads": 8, "queue": 8}, {"access": "some"}]
)
def test_inconsistent_settings_are_rejected(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(settings)
