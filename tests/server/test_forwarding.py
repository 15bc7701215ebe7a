"""Headers of trusted proxies, and the path prefix under which a proxy offers the service."""

from typing import Any

import pytest

from deepsky.server import Settings
from deepsky.server.forwarding import Forwarding

FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "198.51.100.9, 192.0.2.7",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "sky.example.org",
    "HTTP_X_FORWARDED_PREFIX": "/deepsky",
}


def apply(
    forwarded: dict[str, str], path: str = "/", remote: str = "127.0.0.1", **settings: Any
) -> dict[str, Any]:
    environ = {
        "REMOTE_ADDR": remote,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "wsgi.url_scheme": "http",
        **forwarded,
    }
    Forwarding(Settings(**settings)).apply(environ)
    return environ


@pytest.mark.parametrize(
    ("trusted", "remote"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "::ffff:127.0.0.1"),
        ("10.0.0.0/8", "10.1.2.3"),
        ("fd00::/8", "fd00::1"),
        ("*", "192.0.2.99"),
    ],
)
def test_headers_of_a_trusted_proxy_are_applied(trusted: str, remote: str) -> None:
    environ = apply(FORWARDED, "/api/v1/health", remote, trusted_proxy=trusted)

    assert environ["REMOTE_ADDR"] == "192.0.2.7"  # only the last address is the proxy's own
    assert environ["wsgi.url_scheme"] == "https"
    assert environ["HTTP_HOST"] == "sky.example.org"
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/deepsky", "/api/v1/health")


@pytest.mark.parametrize("trusted", ["", "127.0.0.2", "10.0.0.0/8", "::1"])
def test_headers_of_others_are_removed(trusted: str) -> None:
    environ = apply(FORWARDED, trusted_proxy=trusted)

    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["HTTP_HOST"] == "localhost"
    assert environ["SCRIPT_NAME"] == ""
    assert not any(name.startswith("HTTP_X_FORWARDED") for name in environ)


@pytest.mark.parametrize("prefix", ["//evil.example", "https://evil.example", "/a/../b c", "/a;b"])
def test_invalid_prefixes_are_ignored(prefix: str) -> None:
    environ = apply({"HTTP_X_FORWARDED_PREFIX": prefix}, trusted_proxy="127.0.0.1")

    assert environ["SCRIPT_NAME"] == ""


@pytest.mark.parametrize("path", ["/api/v1/health", "/deepsky/api/v1/health"])
def test_root_path_works_whether_or_not_the_proxy_removes_it(path: str) -> None:
    environ = apply({}, path, root_path="/deepsky/")

    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/deepsky", "/api/v1/health")


def test_similar_path_is_not_the_root_path() -> None:
    assert apply({}, "/deepskyx", root_path="/deepsky")["PATH_INFO"] == "/deepskyx"
