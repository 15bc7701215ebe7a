"""Requests are converted to the environment of WSGI, and responses to blocks."""

from collections.abc import Callable, Iterator
from typing import Any

import h11
import pytest

from deepsky.server.http.wsgi import BLOCK, call, make_environ, next_block


def environ_of(target: str, *headers: tuple[str, str]) -> dict[str, Any]:
    request = h11.Request(method="GET", target=target, headers=[("Host", "localhost"), *headers])
    return make_environ(request, ("192.0.2.7", 5000), ("127.0.0.1", 8000))


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/api/v1/models?x=%20y", "/api/v1/models", "x=%20y"),
        ("//api/v1/models", "/api/v1/models", ""),
        ("/a%20b%C3%A4", "/a b\xc3\xa4", ""),
        ("/a?b?c", "/a", "b?c"),
        ("http://localhost/a?b", "/a", "b"),
        ("http://localhost", "/", ""),
        ("*", "", ""),
    ],
)
def test_target_is_split(target: str, path: str, query: str) -> None:
    environ = environ_of(target)

    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == (path, query)


@pytest.mark.parametrize("target", ["http://[/", "nowhere", "ftp://localhost/", "http:/x"])
def test_invalid_targets_are_refused(target: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        environ_of(target)


def test_headers_are_named_and_joined_as_in_cgi() -> None:
    environ = environ_of(
        "/",
        ("Content-Type", "text/plain"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
        ("Accept", "x"),
        ("Accept", "y"),
        ("X_Forwarded_For", "192.0.2.9"),
    )

    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "x, y"
    assert "HTTP_X_FORWARDED_FOR" not in environ


def test_large_responses_are_read_in_blocks() -> None:
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            return iter([bytes(BLOCK // 2)] * 5)

        def close(self) -> None:
            closed.append(True)

    def application(_environ: dict[str, Any], start: Callable[..., Any]) -> Body:
        start("200 OK", [("X", "y")])
        return Body()

    response, first = call(application, {})
    blocks = [first]
    while not response.complete:
        blocks.append(next_block(response))
    response.close()

    assert (response.status, response.reason, response.headers) == (200, "OK", [("X", "y")])
    assert [len(block) for block in blocks] == [BLOCK, BLOCK, BLOCK // 2]
    assert closed == [True]
