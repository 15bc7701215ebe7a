"""Objects that the API finds in images."""

import gzip
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.detection.drawn_sky import GALAXY, draw_sky
from tests.detection.test_find import write_placed

Upload = Callable[..., TestResponse]


def encode_disc() -> bytes:
    buffer = BytesIO()
    Image.fromarray(draw_sky(480, 320, (300, 100, 50, GALAXY))).save(buffer, "PNG")
    return buffer.getvalue()


def test_objects_of_an_unplaced_image_are_boxes(client: FlaskClient, upload: Upload) -> None:
    location = upload(client, encode_disc()).headers["Location"]

    found = client.get(f"{location}/objects?min_probability=0").get_json()

    best = found["items"][0]
    assert (best["label"], best["object"], best["network"]["label"]) == ("galaxy", None, "galaxy")
    assert 230 < best["left"] < best["right"] < 370
    assert found["model"] == "efficientnet"
    assert client.get(f"{location}/objects?min_probability=1").get_json()["items"] == []


def test_objects_of_a_placed_image_are_those_of_the_catalogue(
    client: FlaskClient, upload: Upload, tmp_path: Path
) -> None:
    content = gzip.compress(write_placed(tmp_path / "a.fits").read_bytes())
    location = upload(client, content, "a.fits.gz").headers["Location"]

    items = client.get(f"{location}/objects").get_json()["items"]

    assert items[0]["object"]["name"] == "M 31"
    assert items[0]["agreement"] == "undecided"


@pytest.mark.parametrize("value", ["2", "-1", "nan", "many"])
def test_invalid_minimum_is_refused(client: FlaskClient, upload: Upload, value: str) -> None:
    location = upload(client, encode_disc()).headers["Location"]

    response = client.get(f"{location}/objects?min_probability={value}")

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


def test_objects_of_another_client_are_not_found(client: FlaskClient, upload: Upload) -> None:
    location = upload(client, encode_disc()).headers["Location"]
    stranger = client.application.test_client()

    assert stranger.get(f"{location}/objects").status_code == 404


def test_missing_file_is_reported(client: FlaskClient, upload: Upload) -> None:
    location = upload(client, encode_disc()).headers["Location"]
    storage = client.application.extensions["deepsky"].storage
    sha256 = client.get(location).get_json()["image_sha256"]
    storage.images.path(sha256).unlink()

    response = client.get(f"{location}/objects")

    assert (response.status_code, response.get_json()["code"]) == (404, "image_missing")
