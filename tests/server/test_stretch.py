"""A client can choose the stretch of an upload."""

import io
from typing import Any, Literal

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from deepsky.imaging import read_image


@pytest.fixture
def ramp() -> bytes:
    """Return a PNG whose brightness increases from left to right."""
    stream = io.BytesIO()
    Image.fromarray(np.tile(np.linspace(20, 220, 96).astype(np.uint8), (64, 1))).save(stream, "PNG")
    return stream.getvalue()


def send(client: FlaskClient, content: bytes, key: str | None = None, **form: str) -> TestResponse:
    return client.post(
        "/api/v1/classifications",
        data={"image": (io.BytesIO(content), "ramp.png"), **form},
        headers={} if key is None else {"Idempotency-Key": key},
    )


def preview(client: FlaskClient, location: str) -> Any:
    with client.get(f"{location}/image") as response:
        assert response.status_code == 200
        return np.asarray(Image.open(io.BytesIO(response.data)).convert("RGB"), int)


def test_stretch_is_recorded_and_applied_to_the_preview(client: FlaskClient, ramp: bytes) -> None:
    choices: tuple[Literal["auto", "sqrt", "asinh"], ...] = ("auto", "sqrt", "asinh")
    responses = [send(client, ramp, stretch=choice) for choice in choices]

    assert [response.status_code for response in responses] == [201] * 3
    assert [response.get_json()["stretch"] for response in responses] == [None, "sqrt", "asinh"]
    for response, choice in zip(responses, choices, strict=True):
        shown = preview(client, response.headers["Location"])
        assert np.abs(shown - read_image(ramp, stretch=choice).pixels).mean() < 3


def test_unknown_stretch_is_refused(client: FlaskClient, ramp: bytes) -> None:
    response = send(client, ramp, stretch="gamma")

    assert response.status_code == 400
    assert "'asinh'" in response.get_json()["detail"]


def test_repeated_request_with_another_stretch_is_refused(client: FlaskClient, ramp: bytes) -> None:
    first, same = (send(client, ramp, "key", stretch="log") for _ in range(2))
    other = send(client, ramp, "key")

    assert same.get_json()["id"] == first.get_json()["id"]
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
