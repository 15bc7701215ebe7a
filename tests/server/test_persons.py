"""Several persons use the same browser one after the other."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.server import Settings
from deepsky.server.state import open_storage
from deepsky.storage import Database
from deepsky.storage.clients import add_key

Client = FlaskClient
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]

ROUTE = "/api/v1/classifications"
SESSION = "/api/v1/session"


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"])
def host(request: pytest.FixtureRequest) -> str:
    """Address of a server that only this machine can reach, or also others."""
    return str(request.param)


@pytest.fixture
def client(make_client: Callable[..., Client], storage_url: str, host: str) -> Client:
    """Return a test client for a server, once with SQLite and once with PostgreSQL."""
    database = Database(storage_url)
    database.upgrade()
    database.close()
    return make_client(database_url=storage_url, host=host, access="open")


def cookies(response: TestResponse) -> list[str]:
    return [c for c in response.headers.getlist("Set-Cookie") if c.startswith("deepsky_session")]


def count(client: Client) -> int:
    return len(client.get(ROUTE).get_json()["items"])


def test_session_ends_with_the_browser_if_others_can_reach_the_server(
    client: Client, upload: Upload, make_image: MakeImage, host: str
) -> None:
    [cookie] = cookies(upload(client, make_image()))

    is_local = host == "127.0.0.1"
    assert ("Max-Age" in cookie) == ("Expires" in cookie) == is_local
    expected = {"exists": True, "has_key": False, "remembered": is_local, "previous": 0}
    assert client.get(SESSION).get_json() == expected


@pytest.mark.parametrize("remembered", [True, False])
def test_session_is_remembered_on_request(
    client: Client, upload: Upload, make_image: MakeImage, *, remembered: bool
) -> None:
    upload(client, make_image())

    [cookie] = cookies(client.put(SESSION, json={"remembered": remembered}))

    assert ("Max-Age" in cookie) == remembered
    assert client.get(SESSION).get_json()["remembered"] == remembered
    assert count(client) == 1


def test_choice_of_a_new_browser_is_kept(client: Client) -> None:
    for remembered in (True, False):
        [cookie] = cookies(client.put(SESSION, json={"remembered": remembered}))
        assert ("Max-Age" in cookie) == remembered
        assert client.get(SESSION).get_json()["remembered"] == remembered


@pytest.mark.parametrize("form", [{}, {"remembered": 0}, {"remembered": "yes"}])
def test_invalid_choice_is_refused(client: Client, form: dict[str, object]) -> None:
    response = client.put(SESSION, json=form)

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


def test_next_person_has_no_access_to_the_answers(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    location = upload(client, make_image()).headers["Location"]
    old = client.get_cookie("deepsky_session", path="/api/")

    assert client.post(f"{SESSION}/new").status_code == 204

    assert client.get(location).status_code == 404
    assert client.get(SESSION).get_json()["previous"] == 1
    upload(client, make_image((1, 2, 3)))
    assert count(client) == 1
    other = client.application.test_client()
    token = client.get_cookie("deepsky_previous", path="/api/")
    assert old is not None
    assert token is not None
    for secret in (old.value, token.value):
        other.set_cookie("deepsky_session", secret, path="/api/")
        assert other.get(location).status_code == 404
        assert count(other) == 0


def test_answers_of_the_previous_person_are_deleted_on_request(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    for number in range(3):
        upload(client, make_image((number, 0, 0)))
    client.post(f"{SESSION}/new")
    kept = upload(client, make_image((9, 9, 9))).get_json()

    assert client.delete(f"{SESSION}/previous").status_code == 204

    assert client.get(SESSION).get_json()["previous"] == 0
    assert client.get_cookie("deepsky_previous", path="/api/") is None
    assert count(client) == 1
    storage = client.application.extensions["deepsky"].storage
    assert list(storage.images.list_images()) == [kept["image_sha256"]]
    assert client.delete(f"{SESSION}/previous").status_code == 204


def test_new_person_in_a_new_browser(client: Client, upload: Upload, make_image: MakeImage) -> None:
    assert client.post(f"{SESSION}/new").status_code == 204
    assert client.get(SESSION).get_json()["previous"] == 0
    assert "Set-Cookie" not in upload(client, make_image()).headers


def test_other_sites_cannot_end_a_session(client: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    assert client.post(f"{SESSION}/new", headers=headers).status_code == 403
    assert client.delete(f"{SESSION}/previous", headers=headers).status_code == 403


def test_clients_with_a_key_have_no_session(
    make_client: Callable[..., Client], tmp_path: Path
) -> None:
    client = make_client(access="keys")
    storage = open_storage(Settings(data=tmp_path / "data"))
    with storage.database.write() as session:
        headers = {"Authorization": f"Bearer {add_key(session, 'own')}"}
    storage.close()

    assert client.get(SESSION, headers=headers).get_json()["has_key"] is True
    assert client.post(f"{SESSION}/new", headers=headers).status_code == 403
    put = client.put(SESSION, headers=headers, json={"remembered": True})
    assert (put.status_code, put.get_json()["code"]) == (403, "session_required")
