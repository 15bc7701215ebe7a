"""Names are bounded, logs contain no user data, and deleted data are not cached."""

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from deepsky.storage import Database, Storage
from deepsky.storage.file_names import clean_file_name

Client = FlaskClient
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]

ROUTE = "/api/v1/classifications"
LOCKED = OperationalError("", {}, Exception("database is locked"))


@pytest.fixture
def storage_client(make_client: Callable[..., Client], storage_url: str) -> Client:
    """Return a test client for a server, once with SQLite and once with PostgreSQL."""
    database = Database(storage_url)
    database.upgrade()
    database.close()
    return make_client(database_url=storage_url)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("M51.fits", "M51.fits"),
        ("", ""),
        ("folder/M51.fits", "M51.fits"),
        ("C:\\Users\\me\\M51.fits", "M51.fits"),
        ("M51\u202egnp.fits", "M51gnp.fits"),
        ("2026-01-01T10:11:12.fits", "2026-01-01T10:11:12.fits"),
        ("a\0b\x1b[31m\x7f\x9b\u2028.png", "ab[31m.png"),
        ("\ud800M51.png", "M51.png"),
        ("x" * 251 + ".png", "x" * 251 + ".png"),
        ("x" * 480_000 + ".png", "x" * 248 + "….png"),
        ("銀" * 300 + ".png", "銀" * 82 + "….png"),
        ("x." + "y" * 300, "x." + "y" * 250 + "…"),
    ],
)
def test_file_name_is_cleaned(name: str, expected: str) -> None:
    assert clean_file_name(name) == expected
    assert len(expected.encode()) <= 255


def test_long_name_is_shortened(
    storage_client: Client, upload: Upload, make_image: MakeImage
) -> None:
    items = [
        upload(storage_client, make_image(), name).get_json()
        for name in ("x" * 100_000 + ".png", "星" * 5_000 + ".png")
    ]

    assert [item["path"][-5:] for item in items] == ["….png"] * 2
    listed = storage_client.get(ROUTE)
    assert [item["path"] for item in listed.get_json()["items"][::-1]] == [i["path"] for i in items]
    assert len(listed.data) < 5_000


def test_long_values_are_refused(client: Client, upload: Upload, make_image: MakeImage) -> None:
    location = upload(client, make_image()).headers["Location"]
    long = "x" * 3000
    refused = [
        upload(client, make_image(), model=long),
        client.get(ROUTE, query_string={"model": long}),
        client.get(ROUTE, query_string={"cursor": long}),
        client.put(f"{location}/feedback", json={"verdict": "correct", "comment": long}),
        client.put(f"{location}/feedback", json={"verdict": "correct", "comment": "\ud800"}),
    ]

    assert [response.status_code for response in refused] == [400] * len(refused)
    assert all(len(response.data) < 500 for response in refused)


def test_old_long_names_are_shortened_by_the_upgrade(storage_url: str) -> None:
    """The migration is tested with a row that an older version has stored."""
    from alembic import command

    from tests.storage.test_migrations import alembic, insert_rows_of_0001

    database = Database(storage_url)
    with alembic(database) as (config, connection):
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO clients (kind, created_at, secret_sha256) "
                "VALUES ('session', '2026-01-01', 'x')"
            )
        )
        insert_rows_of_0001(connection, 1)
        connection.execute(text("UPDATE classifications SET path = :path"), {"path": "é" * 9000})
    database.upgrade()
    with database.read() as session:
        path = session.scalar(text("SELECT path FROM classifications"))
    assert path is not None
    assert len(path.encode()) <= 255
    database.close()


def test_logs_contain_no_names_and_comments(
    storage_client: Client,
    upload: Upload,
    make_image: MakeImage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    location = upload(storage_client, make_image(), "secretname.png").headers["Location"]
    storage: Storage = storage_client.application.extensions["deepsky"].storage
    with storage.database.engine.begin() as connection:
        if storage.database.is_sqlite:
            connection.execute(
                text(
                    "CREATE TRIGGER refuse BEFORE INSERT ON feedback BEGIN "
                    "SELECT RAISE(ABORT, 'refused'); END"
                )
            )
        else:
            connection.execute(
                text("ALTER TABLE feedback ADD CONSTRAINT refuse CHECK (comment IS NULL)")
            )
    with caplog.at_level(logging.DEBUG):
        response = storage_client.put(
            f"{location}/feedback", json={"verdict": "correct", "comment": "secretcomment"}
        )
    assert (response.status_code, response.get_json()["code"]) == (500, "internal_server_error")
    assert "IntegrityError" in caplog.text or "CheckViolation" in caplog.text
    assert "secret" not in caplog.text

    with storage.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE feedback"))
        connection.execute(text("ALTER TABLE classifications RENAME TO gone"))
    with caplog.at_level(logging.DEBUG):
        response = upload(storage_client, make_image(), "secretname.png")
    assert (response.status_code, response.get_json()["code"]) == (503, "storage_unavailable")
    assert response.headers["Retry-After"] == "5"
    assert "secret" not in caplog.text


def test_json_is_not_stored_by_browsers(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    response = upload(client, make_image())
    location = response.headers["Location"]
    responses = [
        response,
        client.get(location),
        client.get(ROUTE),
        client.get(f"{ROUTE}/unknown"),
        client.put(f"{location}/feedback", json={"verdict": "correct"}),
        client.get("/api/v1/feedback/summary"),
    ]
    assert {each.headers["Cache-Control"] for each in responses} == {"no-store"}


def test_deleted_image_is_not_shown_from_a_cache(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    location = upload(client, make_image()).headers["Location"]
    routes = [f"{location}/image", f"{location}/evidence/galaxy.png"]
    tags = [client.get(route, buffered=True).headers["ETag"] for route in routes]
    client.delete(location)

    for route, tag in zip(routes, tags, strict=True):
        assert client.get(route, headers={"If-None-Match": tag}).status_code == 404


def test_deletion_succeeds_if_the_image_cannot_be_removed_yet(
    client: Client, upload: Upload, make_image: MakeImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = upload(client, make_image()).headers["Location"]
    storage: Storage = client.application.extensions["deepsky"].storage

    def fail(*_: Any) -> None:
        raise LOCKED

    with monkeypatch.context() as patched:
        patched.setattr(Storage, "remove_if_unused", fail)
        assert client.delete(location).status_code == 204
    assert client.get(location).status_code == 404
    assert len(list(storage.images.list_images())) == 1
    storage.clean_up()
    assert list(storage.images.list_images()) == []


def test_slow_storage_failure_ends_a_request_with_several_images(
    client: Client, make_image: MakeImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def fail(self: Storage, *_: Any) -> None:
        attempts.append(self)
        raise LOCKED

    monkeypatch.setattr(Storage, "save", fail)
    monkeypatch.setattr("deepsky.server.classifications.SLOW_SECONDS", 0)
    images = [(BytesIO(make_image((255, n, 0))), f"{n}.png") for n in range(5)]
    response = client.post(ROUTE, data={"image": images})

    assert (response.status_code, response.get_json()["code"]) == (503, "storage_unavailable")
    assert len(attempts) == 1
