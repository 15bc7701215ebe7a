"""Each client has access only to its own classifications."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.server import Settings
from deepsky.server.state import open_storage
from deepsky.storage.clients import add_key, revoke_key

Client = FlaskClient
MakeClient = Callable[..., FlaskClient]
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]


@pytest.fixture
def bearer(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Return a function that creates an API key and returns its Authorization header."""

    def make(name: str) -> dict[str, str]:
        storage = open_storage(Settings(data=tmp_path / "data"))
        with storage.database.write() as session:
            key = add_key(session, name)
        storage.close()
        return {"Authorization": f"Bearer {key}"}

    return make


def test_other_browser_has_no_access(client: Client, upload: Upload, make_image: MakeImage) -> None:
    location = upload(client, make_image()).headers["Location"]
    other = client.application.test_client()
    upload(other, make_image())

    for path in ("", "/image", "/annotated.png", "/evidence/galaxy.png"):
        assert other.get(location + path).status_code == 404
    feedback = {"verdict": "correct"}
    assert other.put(f"{location}/feedback", json=feedback).status_code == 404
    assert other.delete(f"{location}/feedback").status_code == 404
    assert other.delete(location).status_code == 404
    assert len(other.get("/api/v1/classifications").get_json()["items"]) == 1
    assert client.get(location).status_code == 200


def test_cookie_is_hidden_from_scripts_and_other_sites(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    assert "Set-Cookie" not in client.get("/api/v1/models").headers
    response = upload(client, make_image())

    [cookie] = response.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Strict", "Path=/api/"} < {p.strip() for p in cookie.split(";")}
    assert "Set-Cookie" not in upload(client, make_image()).headers


def test_cookie_of_https_is_not_sent_over_http(client: Client, make_image: MakeImage) -> None:
    form = {"image": (BytesIO(make_image()), "a.png")}
    response = client.post("/api/v1/classifications", data=form, base_url="https://localhost")

    assert "Secure" in response.headers["Set-Cookie"]


@pytest.mark.parametrize("planted", ["1", "x" * 43])
def test_cookie_that_the_server_did_not_issue_is_replaced(
    client: Client, upload: Upload, make_image: MakeImage, planted: str
) -> None:
    client.set_cookie("deepsky_session", planted, path="/api/")
    location = upload(client, make_image()).headers["Location"]

    issued = client.get_cookie("deepsky_session", path="/api/")
    assert issued is not None
    assert issued.value != planted
    assert client.get(location).status_code == 200
    other = client.application.test_client()
    other.set_cookie("deepsky_session", planted, path="/api/")
    assert other.get(location).status_code == 404
    assert other.get("/api/v1/classifications").get_json()["items"] == []


def test_requests_that_store_nothing_do_not_create_a_session(client: Client) -> None:
    for response in (client.delete("/api/v1/classifications/x"), client.get("/api/v1/models")):
        assert "Set-Cookie" not in response.headers


def test_key_gives_access_from_any_machine(
    make_client: MakeClient,
    make_image: MakeImage,
    bearer: Callable[[str], dict[str, str]],
) -> None:
    client, own, other = make_client(access="keys"), bearer("own"), bearer("other")
    form = {"image": (BytesIO(make_image()), "a.png")}
    response = client.post("/api/v1/classifications", data=form, headers=own)

    location = response.headers["Location"]
    elsewhere = client.application.test_client()
    assert elsewhere.get(location, headers=own).get_json() == response.get_json()
    assert elsewhere.get(location, headers=other).status_code == 404
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key_required"),
        ({"Authorization": "Bearer dsk_wrong"}, "invalid_key"),
        ({"Authorization": "Bearer"}, "invalid_key"),
        ({"Authorization": "Basic dTpw"}, "invalid_key"),
    ],
)
def test_requests_without_a_valid_key_are_refused(
    make_client: MakeClient, headers: dict[str, str], code: str
) -> None:
    client = make_client(access="keys")

    for path in ("models", "classifications", "classifications/x", "metrics", "feedback/summary"):
        response = client.get(f"/api/v1/{path}", headers=headers)
        assert (response.status_code, response.get_json()["code"]) == (401, code)
        assert response.headers["WWW-Authenticate"] == "Bearer"
    if not headers:
        assert client.get("/api/v1/health").status_code == 200
        assert client.get("/api/v1/openapi.json").status_code == 200


def test_revoked_key_is_refused(
    make_client: MakeClient, bearer: Callable[[str], dict[str, str]], tmp_path: Path
) -> None:
    client, own = make_client(access="keys"), bearer("own")
    assert client.get("/api/v1/models", headers=own).status_code == 200

    storage = open_storage(Settings(data=tmp_path / "data"))
    with storage.database.write() as session:
        revoke_key(session, "own")
    storage.close()
    assert client.get("/api/v1/models", headers=own).status_code == 401


def test_public_server_requires_keys(make_client: MakeClient) -> None:
    public = {"host": "0.0.0.0", "base_url": "http://sky.example.org"}
    base_url = public.pop("base_url")

    assert make_client(**public).get("/api/v1/models", base_url=base_url).status_code == 401
    opened = make_client(**public, access="open")
    assert opened.get("/api/v1/models", base_url=base_url).status_code == 200


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),  # Programs other than browsers send neither Sec-Fetch-Site nor Origin.
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Origin": "http://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
    ],
)
def test_changes_from_other_sites_are_refused(
    client: Client,
    upload: Upload,
    make_image: MakeImage,
    headers: dict[str, str],
    allowed: bool,
) -> None:
    location = upload(client, make_image()).headers["Location"]

    response = client.delete(location, headers=headers)
    assert response.status_code == (204 if allowed else 403)
    if not allowed:
        assert response.get_json()["code"] == "cross_site_request"
        assert client.get(location, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "proxy", [{"trusted_proxy": "127.0.0.1"}, {"trusted_hosts": ["localhost", "sky.example.org"]}]
)
def test_server_behind_a_proxy_requires_keys(
    make_client: MakeClient, proxy: dict[str, object]
) -> None:
    response = make_client(**proxy).get("/api/v1/models")

    assert (response.status_code, response.get_json()["code"]) == (401, "key_required")
    assert make_client(**proxy, access="open").get("/api/v1/models").status_code == 200


def test_unknown_host_name_is_refused(make_client: MakeClient) -> None:
    client = make_client()
    assert client.get("/api/v1/health", base_url="http://rebound.example").status_code == 421
    for name in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert client.get("/api/v1/health", base_url=f"http://{name}").status_code == 200

    named = make_client(trusted_hosts=["Sky.example.org"])
    assert named.get("/api/v1/health", base_url="http://sky.Example.org").status_code == 200
    assert named.get("/api/v1/health", base_url="http://127.0.0.1").status_code == 200
    assert named.get("/api/v1/health", base_url="http://example.org").status_code == 421
