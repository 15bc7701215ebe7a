"""Concurrent clients upload, list, delete and give feedback, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.storage import Database, Storage
from deepsky.storage.feedback import record_feedback
from deepsky.storage.tables import Feedback

ROUTE = "/api/v1/classifications"
COLOURS = [(255, 255, 0), (255, 0, 0), (0, 0, 255), (0, 255, 0)]


def upgrade(url: str) -> None:
    database = Database(url)
    database.upgrade()
    database.close()


def test_concurrent_clients_see_their_own_classifications(
    make_client: Callable[..., FlaskClient],
    make_image: Callable[..., bytes],
    storage_url: str,
) -> None:
    upgrade(storage_url)
    app = make_client(database_url=storage_url, threads=64, queue=48).application

    def visit(number: int) -> list[dict[str, Any]]:
        browser = app.test_client()

        def send(colour: tuple[int, int, int], key: str) -> TestResponse:
            form = {"image": (BytesIO(make_image(colour)), f"{number}.png")}
            return browser.post(ROUTE, data=form, headers={"Idempotency-Key": key})

        for k, colour in enumerate(COLOURS):
            first, again = send(colour, str(k)), send(colour, str(k))
            assert (first.status_code, again.status_code) == (201, 201)
            assert first.get_json() == again.get_json()
        page = browser.get(ROUTE, query_string={"limit": 3}).get_json()
        rest = browser.get(ROUTE, query_string={"cursor": page["next_cursor"]}).get_json()
        classifications: list[dict[str, Any]] = page["items"] + rest["items"]
        feedback = {"verdict": "correct" if number % 2 else "incorrect", "blind": True}
        assert (
            browser.put(f"{ROUTE}/{classifications[0]['id']}/feedback", json=feedback).status_code
            == 200
        )
        assert browser.delete(f"{ROUTE}/{classifications[1]['id']}").status_code == 204
        assert browser.get(f"{ROUTE}/{classifications[1]['id']}").status_code == 404
        image = browser.get(f"{ROUTE}/{classifications[2]['id']}/image", buffered=True)
        assert image.content_type == "image/jpeg"
        return classifications

    with ThreadPoolExecutor(8) as threads:
        visits = list(threads.map(visit, range(8)))

    for number, classifications in enumerate(visits):
        assert [classification["path"] for classification in classifications] == [
            f"{number}.png"
        ] * 4
        assert [a["label"] for a in classifications] == [
            "other",
            "star_cluster",
            "nebula",
            "galaxy",
        ]
    assert (
        len(
            {
                classification["id"]
                for classifications in visits
                for classification in classifications
            }
        )
        == 32
    )
    [model] = app.test_client().get("/api/v1/feedback/summary").get_json()["models"]
    assert (model["correct"], model["incorrect"]) == (4, 4)
    assert app.extensions["deepsky"].storage.check().is_consistent


def test_classification_is_not_deleted_while_feedback_is_stored(
    make_client: Callable[..., FlaskClient],
    make_image: Callable[..., bytes],
    upload: Callable[..., TestResponse],
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upgrade(postgresql_url)
    client = make_client(database_url=postgresql_url)
    location = upload(client, make_image()).headers["Location"]
    again = client.application.test_client()
    again.set_cookie("deepsky_session", client.get_cookie("deepsky_session", path="/api/").value)  # type: ignore[union-attr]
    with ThreadPoolExecutor(1) as thread:
        deleting: list[Future[TestResponse]] = []

        def delete_and_record(*arguments: Any) -> Feedback:
            deleting.append(thread.submit(again.delete, location))
            wait(deleting, timeout=0.5)
            return record_feedback(*arguments)

        monkeypatch.setattr("deepsky.server.feedback.record_feedback", delete_and_record)
        assert client.put(f"{location}/feedback", json={"verdict": "correct"}).status_code == 200
        assert deleting[0].result().status_code == 204
    assert client.get(location).status_code == 404


def test_outdated_tables_are_an_error(
    make_client: Callable[..., FlaskClient], postgresql_url: str
) -> None:
    response = make_client(database_url=postgresql_url).get(ROUTE)

    assert (response.status_code, response.get_json()["code"]) == (503, "storage_unavailable")
    assert "deepsky db upgrade" in response.get_json()["detail"]


def test_failing_database_is_reported_as_unavailable(
    make_client: Callable[..., FlaskClient], postgresql_url: str
) -> None:
    upgrade(postgresql_url)
    client = make_client(database_url=postgresql_url)
    assert client.get(ROUTE).status_code == 200

    storage: Storage = client.application.extensions["deepsky"].storage
    storage.database.engine.dispose()
    with storage.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE feedback, classifications CASCADE")
        connection.commit()
    client.set_cookie("deepsky_session", "x" * 43, path="/api/")
    with storage.database.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO clients (kind, created_at, secret_sha256) VALUES ('session', now(), "
            "encode(sha256(repeat('x', 43)::bytea), 'hex'))"
        )
    response = client.get(ROUTE)
    assert (response.status_code, response.get_json()["code"]) == (503, "storage_unavailable")
    assert "SELECT" not in response.get_json()["detail"]


def test_null_character_is_handled(
    make_client: Callable[..., FlaskClient],
    make_image: Callable[..., bytes],
    upload: Callable[..., TestResponse],
    storage_url: str,
) -> None:
    upgrade(storage_url)
    client = make_client(database_url=storage_url)
    upload(client, make_image())

    assert client.get(f"{ROUTE}/%00").status_code == 404
    assert client.delete(f"{ROUTE}/%00").status_code == 404
    assert client.get(ROUTE, query_string={"model": "\0"}).status_code == 400
