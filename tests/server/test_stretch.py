"""A client can choose the stretch of an upload."""

import io
from typing import Any, Literal

import numpy as np
import pytest
from astropy.io import fits
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
    assert "asinh, log" in response.get_json()["detail"]


def test_repeated_request_with_another_stretch_is_refused(client: FlaskClient, ramp: bytes) -> None:
    first, same = (send(client, ramp, "key", stretch="log") for _ in range(2))
    other = send(client, ramp, "key")

    assert same.get_json()["id"] == first.get_json()["id"]
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


@pytest.fixture
def linear() -> bytes:
    """Return a linear FITS image with text in its header that looks like a script."""
    values = np.random.default_rng(1).normal(1000, 20, (80, 96))
    values[38:42, 46:50] += 30_000
    header = fits.Header()
    header["OBJECT"] = ("<script>", "name")
    stream = io.BytesIO()
    fits.PrimaryHDU(values.astype(np.int16), header).writeto(stream)
    return stream.getvalue()


def restretch(client: FlaskClient, location: str, stretch: str) -> TestResponse:
    return client.post(f"{location}/stretch", json={"stretch": stretch})


def test_another_stretch_is_another_classification(client: FlaskClient, linear: bytes) -> None:
    first = send(client, linear)
    location = first.headers["Location"]
    changed = restretch(client, location, "mtf-0.30-1.5")
    body = changed.get_json()

    assert (changed.status_code, first.get_json()["stretch"]) == (201, "mtf")
    assert body["stretch"] == "mtf-0.3-1.5"
    assert body["id"] != first.get_json()["id"]
    assert body["image_sha256"] == first.get_json()["image_sha256"]
    assert changed.headers["Location"] == f"/api/v1/classifications/{body['id']}"
    brightness = [preview(client, url).mean() for url in (location, changed.headers["Location"])]
    assert brightness[1] > brightness[0] + 20
    assert client.get(location).get_json() == first.get_json()
    with client.get(f"{changed.headers['Location']}/tiles/7/0_0.jpg") as tile:
        shown = np.asarray(Image.open(io.BytesIO(tile.data)), int)
    assert shown.mean() == pytest.approx(brightness[1], abs=3)


def test_changed_stretch_gives_the_result_of_an_upload(client: FlaskClient, linear: bytes) -> None:
    changed = restretch(client, send(client, linear).headers["Location"], "asinh").get_json()
    uploaded = send(client, linear, stretch="asinh").get_json()

    differing = {"id", "created_at", "elapsed_ms"}
    assert {k: v for k, v in changed.items() if k not in differing} == {
        k: v for k, v in uploaded.items() if k not in differing
    }


def test_same_stretch_is_classified_once(client: FlaskClient, linear: bytes) -> None:
    first = send(client, linear)
    changed = restretch(client, first.headers["Location"], "log")
    again = restretch(client, changed.headers["Location"], "log")
    back = restretch(client, changed.headers["Location"], "auto")

    assert (again.status_code, again.get_json()) == (200, changed.get_json())
    assert (back.status_code, back.get_json()["id"]) == (200, first.get_json()["id"])
    assert len(client.get("/api/v1/classifications").get_json()["items"]) == 2


@pytest.mark.parametrize(
    "form", [{"stretch": "mtf-2-1"}, {"stretch": 1}, {}, {"stretch": "log", "x": 1}]
)
def test_invalid_changes_are_refused(
    client: FlaskClient, linear: bytes, form: dict[str, object]
) -> None:
    location = send(client, linear).headers["Location"]
    response = client.post(f"{location}/stretch", json=form)

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


def test_other_clients_neither_inspect_nor_change(client: FlaskClient, linear: bytes) -> None:
    location = send(client, linear).headers["Location"]
    stranger = client.application.test_client()

    assert restretch(stranger, location, "log").status_code == 404
    assert stranger.get(f"{location}/inspection").status_code == 404


def test_removed_file_is_reported(client: FlaskClient, linear: bytes) -> None:
    sent = send(client, linear)
    server = client.application.extensions["deepsky"]
    server.storage.images.path(sent.get_json()["image_sha256"]).unlink()
    location = sent.headers["Location"]
    responses = [restretch(client, location, "log"), client.get(f"{location}/inspection")]

    assert [each.get_json()["code"] for each in responses] == ["image_missing"] * 2


def test_previews_of_all_stretches_are_deleted(client: FlaskClient, linear: bytes) -> None:
    locations = [send(client, linear).headers["Location"]]
    locations.append(restretch(client, locations[0], "mtf-0.3-1.5").headers["Location"])
    for location in locations:
        preview(client, location)
    images = client.application.extensions["deepsky"].storage.images
    assert len(list(images.folder.glob("??/*"))) == 3
    for location in locations:
        assert client.delete(location).status_code == 204

    assert list(images.folder.glob("??/*")) == []


def test_inspection_contains_header_and_histogram(client: FlaskClient, linear: bytes) -> None:
    location = send(client, linear).headers["Location"]
    found = client.get(f"{location}/inspection").get_json()

    assert {"keyword": "OBJECT", "value": "<script>", "comment": "name"} in found["header"]
    assert found["rows"] == len(found["header"])
    [channel] = found["histogram"]["channels"]
    assert channel["median"] == pytest.approx(1000, abs=5)
    assert sum(channel["counts"]) > 7000
