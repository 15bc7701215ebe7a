"""A running server compresses the page and the API's answers."""

import gzip
import json
from collections.abc import Callable

import pytest

from deepsky.server.compression import MIN_BYTES
from tests.server.http.conftest import Running

GZIP = "Accept-Encoding: gzip\r\n"


@pytest.fixture(scope="module")
def server(serve: Callable[..., Running]) -> Running:
    return serve()


def test_json_is_compressed_for_clients_that_accept_it(server: Running) -> None:
    plain = server.get("/api/v1/openapi.json")
    small = server.get("/api/v1/openapi.json", headers=GZIP)

    assert plain.headers["Content-Encoding"] is None
    assert small.headers["Content-Encoding"] == "gzip"
    assert {plain.headers["Vary"], small.headers["Vary"]} == {"Accept-Encoding"}
    assert small.headers["Content-Type"] == "application/json"
    assert len(small.body) < len(plain.body) / 4
    assert json.loads(gzip.decompress(small.body)) == json.loads(plain.body)


def test_head_of_compressed_json_has_the_same_length(server: Running) -> None:
    small = server.get("/api/v1/openapi.json", headers=GZIP)
    head = server.send(
        f"HEAD /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n{GZIP}\r\n".encode()
    )

    assert head.status == 200
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(small.body))
    assert head.headers["Content-Encoding"] == "gzip"


def test_short_json_and_problems_are_not_compressed(server: Running) -> None:
    for path in ("/api/v1/health", "/api/v1/classifications/unknown"):
        answer = server.get(path, headers=GZIP)
        assert len(answer.body) < MIN_BYTES
        assert answer.headers["Content-Encoding"] is None
        assert isinstance(json.loads(answer.body), dict)


def test_images_are_not_compressed(server: Running, make_image: Callable[..., bytes]) -> None:
    created = server.upload(make_image(), GZIP)
    location, cookie = created.headers["Location"], created.headers["Set-Cookie"].split(";")[0]
    body = gzip.decompress(created.body) if created.headers["Content-Encoding"] else created.body
    assert json.loads(body)["id"] in location

    own = f"Cookie: {cookie}\r\n{GZIP}"
    image = server.get(f"{location}/image?size=small", headers=own)
    assert image.status == 200
    assert image.headers["Content-Encoding"] is None
    assert image.headers["ETag"]
