"""A server that is full says so at once, and one that is asked too often too."""

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


def test_past_its_places_the_server_refuses_at_once_and_then_goes_on(
    make_client: MakeClient,
    upload: Upload,
    make_image: MakeImage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, image = make_client(queue=2), make_image()
    go_on, classify = threading.Event(), Classifier._classify_scored
    arrived = threading.Semaphore(0)

    def wait(self: Classifier, scoring: object) -> object:
        arrived.release()
        assert go_on.wait(30)
        return classify(self, scoring)  # type: ignore[arg-type]

    monkeypatch.setattr(Classifier, "_classify_scored", wait)
    with ThreadPoolExecutor(2) as threads:
        inside = [threads.submit(upload, client.application.test_client(), image) for _ in range(2)]
        for _ in inside:
            assert arrived.acquire(timeout=30)
        refused = upload(client, image)
        taken = client.get("/api/v1/metrics").text
        go_on.set()

    assert (refused.status_code, refused.get_json()["code"]) == (503, "overloaded")
    assert int(refused.headers["Retry-After"]) >= 1
    assert "deepsky_queue_taken 2.0" in taken
    assert [future.result().status_code for future in inside] == [201, 201]
    assert upload(client, image).status_code == 201
    assert "deepsky_queue_taken 0.0" in client.get("/api/v1/metrics").text


def test_a_place_is_free_again_after_a_failure(make_client: MakeClient, upload: Upload) -> None:
    client = make_client(queue=1)

    assert [upload(client, b"no image").status_code for _ in range(3)] == [415] * 3


def test_more_changes_than_the_rate_allows(
    make_client: MakeClient, upload: Upload, make_image: MakeImage
) -> None:
    client, image = make_client(rate_limit="3/hour"), make_image()
    answers = [upload(client, image) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    assert answers[-1].get_json()["code"] == "too_many_requests"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert client.get("/api/v1/classifications").status_code == 200  # looking is free
    fresh = client.application.test_client()  # another cookie from the same address
    assert upload(fresh, image).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    said = fresh.delete("/api/v1/classifications/x", environ_overrides=elsewhere)
    assert said.status_code == 404


class Away(MemoryStorage):
    """Stands for Redis while it does not answer."""

    STORAGE_SCHEME = ["away"]  # noqa: RUF012

    def acquire_sliding_window_entry(self, *_: object, **__: object) -> bool:
        raise ValueError  # which is what this kind of storage fails with


def test_a_server_counts_for_itself_while_the_shared_counter_is_away(
    make_client: MakeClient,
) -> None:
    client = make_client(rate_limit="2/hour", rate_limit_storage="away://")
    answers = [client.delete("/api/v1/classifications/x") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]


def test_no_limit(make_client: MakeClient) -> None:
    client = make_client(rate_limit="")

    assert {client.delete("/api/v1/classifications/x").status_code for _ in range(50)} == {404}


@pytest.mark.parametrize(
    "nonsense", [{"rate_limit": "often"}, {"threads": 8, "queue": 8}, {"access": "some"}]
)
def test_settings_that_make_no_sense(nonsense: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(nonsense)
