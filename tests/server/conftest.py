"""Fixtures: a server with a tiny model, and image files to upload."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.server import Settings, create_app
from tests.plain_image import plain_image

if TYPE_CHECKING:
    from flask import Flask

YELLOW = (255, 230, 0)


def encode(
    colour: tuple[int, int, int] = YELLOW,
    size: tuple[int, int] = (96, 64),
    format: str = "PNG",  # noqa: A002
    **options: Any,
) -> bytes:
    """Return an image file in which all pixels but the last one have the same colour."""
    buffer = BytesIO()
    plain_image("RGB", size, colour).save(buffer, format, **options)
    return buffer.getvalue()


@pytest.fixture
def make_image() -> Callable[..., bytes]:
    """Return the function `encode`, which creates image files."""
    return encode


@pytest.fixture
def make_client(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., FlaskClient]]:
    """Return a function that creates a server with the given settings and returns a test client."""
    monkeypatch.setenv("DEEPSKY_MODELS", str(tiny_models))
    made: list[Flask] = []

    def make(**settings: Any) -> FlaskClient:
        app = create_app(Settings(**{"data": tmp_path / "data", "readers": 1, **settings}))
        made.append(app)
        return app.test_client()

    yield make
    for app in made:
        app.extensions["deepsky"].close()


@pytest.fixture
def client(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    """Return a test client for a server with default settings."""
    return make_client()


@pytest.fixture
def upload() -> Callable[..., TestResponse]:
    """Return a function that uploads an image."""

    def send(
        client: FlaskClient, content: bytes, name: str = "image.png", **fields: str
    ) -> TestResponse:
        form = {"image": (BytesIO(content), name), **fields}
        return client.post("/api/v1/classifications", data=form)

    return send
