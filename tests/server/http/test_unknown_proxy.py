"""A server on this machine that an unknown proxy offers to other machines."""

from collections.abc import Callable

import pytest

from tests.server.http.conftest import Running

CLASSIFICATIONS = "/api/v1/classifications"


@pytest.fixture(scope="module")
def server(serve: Callable[..., Running]) -> Running:
    return serve()


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For: 192.0.2.7",
        "X-Forwarded-Proto: https",
        "X-Real-IP: 192.0.2.7",
        "Forwarded: for=192.0.2.7",
        "Via: 1.1 proxy",
    ],
)
def test_request_through_an_unknown_proxy_requires_a_key(
    server: Running, make_image: Callable[..., bytes], header: str
) -> None:
    listing = server.get(CLASSIFICATIONS, headers=f"{header}\r\n")
    upload = server.upload(make_image(), f"{header}\r\n")

    assert (listing.status, listing.code) == (401, "key_required")
    assert (upload.status, upload.code) == (401, "key_required")
    assert server.get("/api/v1/health", headers=f"{header}\r\n").status == 200


def test_request_without_a_proxy_requires_no_key(
    server: Running, make_image: Callable[..., bytes]
) -> None:
    assert server.upload(make_image()).status == 201


def test_open_access_requires_no_key_through_an_unknown_proxy(
    serve: Callable[..., Running], make_image: Callable[..., bytes]
) -> None:
    server = serve(access="open")

    assert server.upload(make_image(), "X-Forwarded-For: 192.0.2.7\r\n").status == 201
