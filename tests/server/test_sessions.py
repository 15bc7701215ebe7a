"""Sessions and repeated uploads of clients whose first response was lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from deepsky.storage import Database, Storage
from deepsky.storage.tables import Classification, OfferedSecret, Session, StoredImage

Client = FlaskClient
MakeClient = Callable[..., FlaskClient]
MakeImage = Callable[..., bytes]

ROUTE = "/api/v1/classifications"


@pytest.fixture
def client(make_client: MakeClient, storage_url: str) -> Client:
    """Return a test client for a server, once with SQLite and once with PostgreSQL."""
    database = Database(storage_url)
    database.upgrade()
    database.close()
    return make_client(database_url=storage_url)


@pytest.fixture
def storage(client: Client) -> Storage:
    """The storage of the server."""
    opened: Storage = client.application.extensions["deepsky"].storage
    return opened


def browser_of(client: Client) -> Client:
    """Return another client, without cookies."""
    return client.application.test_client()


def post(
    client: Client, content: bytes, key: str | None = "k", name: str = "a.png"
) -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(ROUTE, data={"image": (BytesIO(content), name)}, headers=headers)


def listed(client: Client) -> list[str]:
    return [item["id"] for item in client.get(ROUTE).get_json()["items"]]


def count(storage: Storage, table: Any) -> int:
    with storage.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_repeated_first_uploads_are_stored_once(
    client: Client, storage: Storage, make_image: MakeImage
) -> None:
    """The responses are lost, so the client repeats the upload without a cookie."""
    responses = [post(browser_of(client), make_image()) for _ in range(5)]

    assert {response.status_code for response in responses} == {201}
    assert len({response.get_json()["id"] for response in responses}) == 1
    assert count(storage, Classification) == 1
    assert count(storage, Session.__table__) == 1


def test_concurrent_first_uploads_are_stored_once(
    client: Client, storage: Storage, make_image: MakeImage
) -> None:
    image = make_image()
    together = threading.Barrier(5)

    def upload(_: int) -> TestResponse:
        together.wait()
        return post(browser_of(client), image)

    with ThreadPoolExecutor(5) as threads:
        responses = list(threads.map(upload, range(5)))

    assert {response.status_code for response in responses} == {201}
    assert count(storage, Classification) == 1


@pytest.mark.parametrize("arrived", [0, 1, 2])
def test_only_the_cookie_that_is_sent_back_remains_valid(
    client: Client, storage: Storage, make_image: MakeImage, arrived: int
) -> None:
    browsers = [browser_of(client) for _ in range(3)]
    [stored] = {post(browser, make_image()).get_json()["id"] for browser in browsers}

    assert listed(browsers[arrived]) == [stored]
    for number, browser in enumerate(browsers):
        assert listed(browser) == ([stored] if number == arrived else [])
    assert count(storage, OfferedSecret) == 0

    # The session is confirmed, so a stranger with the same request gets another one.
    stranger = browser_of(client)
    assert post(stranger, make_image()).get_json()["id"] != stored
    assert listed(browsers[arrived]) == [stored]


@pytest.mark.parametrize(
    ("key", "name", "address"),
    [("other", "a.png", "127.0.0.1"), ("k", "b.png", "127.0.0.1"), ("k", "a.png", "127.0.0.2")],
)
def test_different_first_uploads_get_different_sessions(
    client: Client, make_image: MakeImage, key: str, name: str, address: str
) -> None:
    first, second = browser_of(client), browser_of(client)
    second.environ_base["REMOTE_ADDR"] = address
    ids = [
        post(first, make_image()).get_json()["id"],
        post(second, make_image(), key, name).get_json()["id"],
    ]

    assert [listed(first), listed(second)] == [[ids[0]], [ids[1]]]


def test_session_begins_before_the_first_upload(client: Client, make_image: MakeImage) -> None:
    assert client.post("/api/v1/session").status_code == 204
    cookie = client.get_cookie("deepsky_session", path="/api/")
    assert cookie is not None
    assert "Set-Cookie" not in client.post("/api/v1/session").headers

    response = post(client, make_image(), None)
    assert "Set-Cookie" not in response.headers
    assert listed(client) == [response.get_json()["id"]]


def test_unconfirmed_session_is_removed_with_its_data(
    client: Client, storage: Storage, make_image: MakeImage
) -> None:
    post(client, make_image())
    confirmed = listed(client)
    post(browser_of(client), make_image((255, 0, 0)))
    post(browser_of(client), make_image((255, 0, 0)))
    browser_of(client).post("/api/v1/session")
    storage.clean_up()
    assert count(storage, Classification) == 2
    with storage.database.write() as session:
        session.execute(update(Session).values(created_at=datetime.now(UTC) - timedelta(days=1)))

    storage.clean_up()

    assert listed(client) == confirmed
    assert count(storage, Classification) == count(storage, StoredImage) == 1
    assert count(storage, Session.__table__) == 1
    assert storage.check().is_consistent


def test_session_is_renewed_while_it_is_used(
    client: Client, storage: Storage, make_image: MakeImage
) -> None:
    post(client, make_image())
    listed(client)
    assert "Set-Cookie" not in client.get(ROUTE).headers
    long_ago = datetime.now(UTC) - timedelta(days=40)
    with storage.database.write() as session:
        session.execute(update(Session).values(created_at=long_ago, used_at=long_ago))

    response = client.get(ROUTE)

    assert "Max-Age=31536000" in response.headers["Set-Cookie"]
    client.delete(f"{ROUTE}/{response.get_json()['items'][0]['id']}")
    storage.clean_up()
    assert count(storage, Session.__table__) == 1


def test_session_may_be_removed_during_an_upload(
    client: Client, storage: Storage, make_image: MakeImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/api/v1/session")
    save = Storage.save
    removed: list[int] = []

    def remove_and_save(self: Storage, *arguments: Any) -> None:
        if not removed:
            with storage.database.write() as session:
                for found in session.scalars(select(Session)):
                    removed.append(found.id)
                    session.delete(found)
        save(self, *arguments)

    monkeypatch.setattr(Storage, "save", remove_and_save)
    response = post(client, make_image())

    assert response.status_code == 201
    assert listed(client) == [response.get_json()["id"]]


def test_repeated_request_with_other_images_is_refused_as_a_whole(
    client: Client, make_image: MakeImage
) -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    red, green, blue = (make_image(colour) for colour in colours)

    def send(*images: bytes) -> TestResponse:
        files = [(BytesIO(content), f"{number}.png") for number, content in enumerate(images)]
        return client.post(ROUTE, data={"image": files}, headers={"Idempotency-Key": "k"})

    first = send(red, green)
    for other in ((red, blue), (green, red), (red,), (blue, red, green)):
        response = send(*other)
        assert (response.status_code, response.get_json()["code"]) == (
            422,
            "idempotency_key_reused",
        )
    assert send(red, green).get_json() == first.get_json()
    assert len(listed(client)) == 2
