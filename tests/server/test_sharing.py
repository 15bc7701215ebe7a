"""Shared links show one classification to everybody, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Upload = Callable[..., TestResponse]
DOCUMENT = '<!doctype html><head><base href="/" /></head>'


@pytest.fixture
def answer(client: FlaskClient, upload: Upload, make_image: Callable[..., bytes]) -> str:
    """Classify an image, and return the URL path of the classification."""
    return upload(client, make_image(), "private name.png").headers["Location"]


@pytest.fixture
def stranger(client: FlaskClient) -> FlaskClient:
    return client.application.test_client()


@pytest.fixture
def document(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "shared.html").write_text(DOCUMENT)
    client.application.extensions["deepsky"].page = tmp_path


def share(client: FlaskClient, answer: str) -> str:
    token: str = client.post(f"{answer}/share").get_json()["token"]
    return token


def test_a_link_shows_the_classification_to_everybody(
    client: FlaskClient, stranger: FlaskClient, answer: str
) -> None:
    own = client.get(answer).get_json()
    token = share(client, answer)
    shown = stranger.get(f"/api/v1/shared/{token}")

    assert shown.status_code == 200
    assert shown.headers["X-Robots-Tag"] == "noindex"
    body = shown.get_json()
    assert body["probabilities"] == own["probabilities"]
    assert "private name" not in shown.text
    assert not {"id", "feedback", "share"} & set(body)
    assert shown.headers.get("Set-Cookie") is None
    assert client.get(answer).get_json()["share"] == token
    assert own["share"] is None


def test_a_link_shows_the_preview_and_the_evidence(
    client: FlaskClient, stranger: FlaskClient, answer: str
) -> None:
    token = share(client, answer)
    for path in ("image", "image?size=small", "evidence/galaxy.svg"):
        shown = stranger.get(f"/api/v1/shared/{token}/{path}", buffered=True)
        assert shown.data == client.get(f"{answer}/{path}", buffered=True).data
        assert "private" in shown.headers["Cache-Control"]
    assert stranger.get(f"/api/v1/shared/{token}/evidence/comet.svg").status_code == 404


def test_links_work_without_the_key_of_their_client(
    make_client: Callable[..., FlaskClient], upload: Upload, make_image: Callable[..., bytes]
) -> None:
    opened = make_client()
    token = share(opened, upload(opened, make_image()).headers["Location"])
    closed = make_client(access="keys")

    assert closed.get(f"/api/v1/shared/{token}").status_code == 200
    wrong = {"Authorization": "Bearer dsk_revoked"}
    assert closed.get(f"/api/v1/shared/{token}", headers=wrong).status_code == 200
    assert closed.get("/api/v1/classifications", headers=wrong).status_code == 401


def test_the_same_classification_has_one_link(client: FlaskClient, answer: str) -> None:
    assert share(client, answer) == share(client, answer)
    assert len(share(client, answer)) == 43


def test_a_withdrawn_link_never_works_again(
    client: FlaskClient, stranger: FlaskClient, answer: str
) -> None:
    token = share(client, answer)
    assert client.delete(f"{answer}/share").status_code == 204
    again = share(client, answer)

    assert again != token
    for path in ("", "/image", "/evidence/galaxy.svg"):
        assert stranger.get(f"/api/v1/shared/{token}{path}").status_code == 404
        assert stranger.get(f"/api/v1/shared/{again}{path}", buffered=True).status_code == 200


def test_a_link_ends_with_its_classification(
    client: FlaskClient, stranger: FlaskClient, answer: str
) -> None:
    token = share(client, answer)
    client.delete(answer)

    assert stranger.get(f"/api/v1/shared/{token}").status_code == 404
    assert stranger.get(f"/api/v1/shared/{token}/image").status_code == 404


def test_only_the_client_shares_and_withdraws(
    client: FlaskClient, stranger: FlaskClient, answer: str
) -> None:
    assert stranger.post(f"{answer}/share").status_code == 404
    token = share(client, answer)
    assert stranger.delete(f"{answer}/share").status_code == 404

    assert stranger.get(f"/api/v1/shared/{token}").status_code == 200


def test_a_link_opens_nothing_else(
    client: FlaskClient,
    stranger: FlaskClient,
    answer: str,
    upload: Upload,
    make_image: Callable[..., bytes],
) -> None:
    other = upload(client, make_image((0, 0, 99)), "other.png").headers["Location"]
    token = share(client, answer)

    for path in (answer, other, f"{answer}/image", f"{answer}/sky", f"{answer}/annotated.png"):
        assert stranger.get(path).status_code == 404
    assert stranger.get(f"/api/v1/classifications/{token}").status_code == 404
    assert stranger.get("/api/v1/classifications").get_json()["items"] == []
    assert client.get(other).get_json()["share"] is None
    for method in ("PUT", "DELETE", "POST", "PATCH"):
        assert stranger.open(f"/api/v1/shared/{token}", method=method).status_code == 405
    assert stranger.put(f"/api/v1/shared/{token}/feedback", json={}).status_code == 404


@pytest.mark.parametrize("token", ["0", "%00", "a" * 43, "None", "null", "' or 1=1"])
def test_other_tokens_are_unknown(client: FlaskClient, answer: str, token: str) -> None:
    share(client, answer)

    assert client.get(f"/api/v1/shared/{token}").status_code == 404
    assert client.get(f"/api/v1/shared/{token}/image").status_code == 404


@pytest.mark.usefixtures("document")
def test_the_page_of_a_link_describes_the_classification(
    client: FlaskClient, stranger: FlaskClient, answer: str
) -> None:
    token = share(client, answer)
    shown = stranger.get(f"/shared/{token}", base_url="https://sky.example.org/deepsky")

    assert shown.status_code == 421  # not a host of this server
    shown = stranger.get(f"/shared/{token}", base_url="http://localhost/deepsky")
    assert shown.status_code == 200
    assert f"</deepsky/api/v1/shared/{token}/image>; rel=preload" in shown.headers["Link"]
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex" />' in shown.text
    image = f"http://localhost/deepsky/api/v1/shared/{token}/image"
    assert f'<meta property="og:image" content="{image}" />' in shown.text
    assert '<meta name="twitter:card" content="summary_large_image" />' in shown.text
    assert "private name" not in shown.text
    client.delete(f"{answer}/share")
    gone = stranger.get(f"/shared/{token}")
    assert gone.status_code == 404
    assert "og:" not in gone.text


@pytest.mark.usefixtures("document")
def test_the_title_of_a_link_names_the_object(
    client: FlaskClient, upload: Upload, make_image: Callable[..., bytes]
) -> None:
    named = upload(client, make_image(), "M31.png").headers["Location"]
    page = client.get(f"/shared/{share(client, named)}").text

    assert ": M 31 (Andromeda Galaxy)&#34;" in page or ': M 31 (Andromeda Galaxy)" />' in page
