"""The service works under a path of a site, behind a reverse proxy."""

import json
import re
from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest

from tests.server.http.conftest import Running

PREFIX = "X-Forwarded-Prefix: /deepsky\r\n"


@pytest.fixture(
    params=[{"root_path": "/deepsky"}, {"trusted_proxy": "127.0.0.1"}],
    ids=["setting", "header"],
    scope="module",
)
def server(request: pytest.FixtureRequest, serve: Callable[..., Running]) -> Running:
    return serve(access="open", **request.param)


def test_location_and_cookie_contain_the_prefix(
    server: Running, make_image: Callable[..., bytes]
) -> None:
    answer = server.upload(make_image(), PREFIX)
    location = answer.headers["Location"]
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["deepsky_session"]
    own = f"Cookie: deepsky_session={cookie.value}\r\n{PREFIX}"

    assert answer.status == 201
    assert location.startswith("/deepsky/api/v1/classifications/")
    assert cookie["path"] == "/deepsky/api/"
    for path in (location, location.removeprefix("/deepsky")):  # with and without the prefix
        assert server.get(path, headers=own).status == 200
        assert server.get(f"{path}/image?size=small", headers=own).status == 200


def test_page_and_documentation_use_relative_urls(server: Running) -> None:
    redirection = server.get("/deepsky", headers=PREFIX)
    documentation = server.get("/deepsky/api/docs", headers=PREFIX).body.decode()
    specification = json.loads(server.get("/api/v1/openapi.json", headers=PREFIX).body)

    assert redirection.status == 308
    assert redirection.headers["Location"].endswith("/deepsky/")
    assert re.findall('(?:href|src)="[^"]*"', documentation)
    assert not re.findall('(?:href|src)="/', documentation)
    assert specification["servers"] == [{"url": "/deepsky"}]
