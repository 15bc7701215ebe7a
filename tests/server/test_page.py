from gzip import decompress
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from deepsky.server import Settings, create_app

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DOCUMENT = '<!doctype html><base href="/" /><script src="./assets/index-1a2b.js"></script>'
DOCUMENTS = {
    "/": "index.html",
    "/answers/0f3a": "answers.html",
    "/history": "history.html",
    "/review": "review.html",
    "/models/": "models.html",
    "/learn": "learn.html",
    "/learn/objects": "learn-objects.html",
    "/learn/figures": "learn-figures.html",
    "/learn/data": "learn-data.html",
}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    names = "favicon.svg", "service-worker.js", "manifest.webmanifest", "assets/index-1a2b.js"
    for name in names:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"content of {name}")
    for name in {*DOCUMENTS.values(), "other.html"}:
        (tmp_path / name).write_text(f"{DOCUMENT}{name}")
    return tmp_path


@pytest.fixture
def client(built: Path) -> FlaskClient:
    return create_app(Settings(), built_page=built).test_client()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/", f"{DOCUMENT}index.html"),
        ("/history", f"{DOCUMENT}history.html"),
        ("/service-worker.js", "content of service-worker.js"),
    ],
)
def test_changing_files_are_revalidated(client: FlaskClient, path: str, content: str) -> None:
    response = client.get(path, buffered=True)

    assert response.text == content
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get(path, buffered=True, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_icons_are_cached_for_an_hour(client: FlaskClient) -> None:
    response = client.get("/favicon.svg", buffered=True)

    assert response.text == "content of favicon.svg"
    assert response.cache_control.max_age == 3600


@pytest.mark.parametrize("prefix", ["", "/deepsky"])
def test_image_of_an_answer_is_loaded_early(client: FlaskClient, prefix: str) -> None:
    response = client.get("/answers/0f3a", base_url=f"http://localhost{prefix}", buffered=True)

    image = f"{prefix}/api/v1/classifications/0f3a/image"
    assert response.headers["Link"] == f"<{image}>; rel=preload; as=image; fetchpriority=high"


def test_accuracy_in_the_footer_of_an_unknown_page_is_loaded_early(client: FlaskClient) -> None:
    response = client.get("/nowhere", headers=BROWSER, buffered=True)

    assert response.headers["Link"] == "</api/v1/models>; rel=preload; as=fetch; crossorigin"


@pytest.mark.parametrize("path", ["/answers/0f3a", "/nowhere"])
def test_what_needs_a_key_is_not_loaded_early(built: Path, path: str) -> None:
    client = create_app(Settings(access="keys"), built_page=built).test_client()

    assert "Link" not in client.get(path, headers=BROWSER, buffered=True).headers


def test_files_named_by_content_are_cached(client: FlaskClient) -> None:
    response = client.get("/assets/index-1a2b.js", buffered=True)

    assert response.text == "content of assets/index-1a2b.js"
    assert response.cache_control.max_age == 365 * 24 * 3600
    assert response.cache_control.immutable


def test_scripts_have_the_right_type(client: FlaskClient) -> None:
    assert client.get("/assets/index-1a2b.js", buffered=True).mimetype == "text/javascript"


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("service-worker.js", "text/javascript"),
        ("manifest.webmanifest", "application/manifest+json"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/deepsky"])
def test_page_can_be_installed_under_each_prefix(
    client: FlaskClient, prefix: str, name: str, mimetype: str
) -> None:
    response = client.get(f"/{name}", base_url=f"http://localhost{prefix}", buffered=True)

    # The scope of a service worker is the folder of its address, unless a header widens it.
    assert response.text == f"content of {name}"
    assert response.mimetype == mimetype
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in response.headers


def test_security_policy_allows_the_service_worker_and_the_manifest(client: FlaskClient) -> None:
    policy = client.get("/", buffered=True).headers["Content-Security-Policy"]

    # Both follow default-src unless the policy names them.
    assert "default-src 'self'" in policy
    assert "worker-src" not in policy
    assert "manifest-src" not in policy


@pytest.mark.parametrize(("path", "document"), DOCUMENTS.items())
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_address_of_the_page_shows_its_document(
    client: FlaskClient, path: str, document: str, method: str
) -> None:
    response = client.open(path, method=method, headers=BROWSER, buffered=True)

    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert response.text == (f"{DOCUMENT}{document}" if method == "GET" else "")


@pytest.mark.parametrize("path", ["/nowhere", "/learn/nothing", "/history/a/b", "/apis"])
def test_browsers_see_the_page_at_unknown_addresses(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=BROWSER)

    assert response.status_code == 404
    assert response.text == f"{DOCUMENT}other.html"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_documents_that_the_server_changes_are_compressed_for_clients_that_accept_it(
    client: FlaskClient, built: Path, encoding: str
) -> None:
    document = f"{DOCUMENT}{'text ' * 1000}"
    (built / "other.html").write_text(document)
    response = client.get("/nowhere", headers={**BROWSER, "Accept-Encoding": encoding})

    text = decompress(response.data) if encoding == "gzip" else response.data
    assert text.decode() == document
    assert response.content_encoding == ("gzip" if encoding == "gzip" else None)
    assert "Accept-Encoding" in response.vary


@pytest.mark.parametrize(
    ("path", "method", "accept", "status"),
    [
        ("/nowhere", "GET", "*/*", 404),
        ("/nowhere", "POST", BROWSER["Accept"], 405),
        ("/learn/nothing", "POST", BROWSER["Accept"], 404),
        ("/api/v1/nothing", "GET", BROWSER["Accept"], 404),
        ("/api", "GET", BROWSER["Accept"], 404),
        ("/api/v1/session/new", "GET", BROWSER["Accept"], 405),
        ("/assets/index-old.js", "GET", BROWSER["Accept"], 404),
    ],
)
def test_other_requests_receive_problem_details(
    client: FlaskClient, path: str, method: str, accept: str, status: int
) -> None:
    response = client.open(path, method=method, headers={"Accept": accept})

    assert response.status_code == status
    assert response.mimetype == "application/problem+json"


def test_paths_of_the_document_begin_with_the_prefix(built: Path) -> None:
    app = create_app(Settings(), built_page=built)
    response = app.test_client().get("/history", base_url="http://localhost/deepsky")

    assert '<base href="/deepsky/" />' in response.text


@pytest.mark.parametrize("path", ["/", "/history", "/nowhere"])
def test_missing_page_shows_instructions(tmp_path: Path, path: str) -> None:
    client = create_app(Settings(), built_page=tmp_path).test_client()
    response = client.get(path, headers=BROWSER)

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
