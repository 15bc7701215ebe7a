from pathlib import Path

import pytest
from flask.testing import FlaskClient

from deepsky.server import Settings, create_app


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name in ("index.html", "favicon.svg", "assets/index-1a2b.js"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"content of {name}")
    return tmp_path


@pytest.fixture
def client(built: Path) -> FlaskClient:
    return create_app(Settings(), built_page=built).test_client()


@pytest.mark.parametrize(("path", "name"), [("/", "index.html"), ("/favicon.svg", "favicon.svg")])
def test_changing_files_are_revalidated(client: FlaskClient, path: str, name: str) -> None:
    response = client.get(path, buffered=True)

    assert response.text == f"content of {name}"
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get(path, buffered=True, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_files_named_by_content_are_cached(client: FlaskClient) -> None:
    response = client.get("/assets/index-1a2b.js", buffered=True)

    assert response.text == "content of assets/index-1a2b.js"
    assert response.cache_control.max_age == 365 * 24 * 3600
    assert response.cache_control.immutable


def test_scripts_have_the_right_type(client: FlaskClient) -> None:
    assert client.get("/assets/index-1a2b.js", buffered=True).mimetype == "text/javascript"


def test_missing_page_shows_instructions(tmp_path: Path) -> None:
    client = create_app(Settings(), built_page=tmp_path).test_client()
    response = client.get("/")

    assert response.status_code == 503
    assert "make run" in response.text
    assert client.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/docs", "/api/v1/health", "/nothing"])
def test_responses_have_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers

    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert "script-src" not in policy
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
