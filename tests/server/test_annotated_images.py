"""Annotated images of the API."""

import gzip
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from astropy.io import fits
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from deepsky.annotation.furniture import NOT_PLACED
from deepsky.imaging.read import read_image
from deepsky.models.evidence import COLOURS
from deepsky.server.serialization import serialize_classification
from tests.catalogue.sky_fields import field_around

Upload = Callable[..., TestResponse]
SVG = "{http://www.w3.org/2000/svg}"
SIZE = (2000, 1500)


@pytest.fixture
def placed(client: FlaskClient, upload: Upload) -> str:
    """Classify an image around M 31, and return the URL path of the classification."""
    header = field_around(10.684, 41.269, scale=6, rotation=20, size=SIZE).wcs.to_header()
    steps = np.add.outer(*(np.arange(length) // 9 for length in SIZE[::-1])).astype(np.int16)
    buffer = BytesIO()
    fits.PrimaryHDU(steps, header).writeto(buffer)
    return upload(client, gzip.compress(buffer.getvalue()), "m31.fits.gz").headers["Location"]


def test_png_shows_the_objects_over_the_preview(client: FlaskClient, placed: str) -> None:
    response = client.get(f"{placed}/annotated.png?grid=true")

    assert (response.status_code, response.content_type) == (200, "image/png")
    with Image.open(BytesIO(response.data)) as image:
        pixels = np.asarray(image).astype(int)
    assert pixels.shape[1] == 1600
    assert (np.abs(pixels - COLOURS["galaxy"]).sum(axis=2) < 30).sum() > 1000
    assert read_image(response.data).metadata.wcs_header
    plain = client.get(f"{placed}/annotated.png")
    assert plain.data != response.data
    again = client.get(f"{placed}/annotated.png", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    assert "private" in plain.headers["Cache-Control"]


def test_svg_names_the_objects(client: FlaskClient, placed: str) -> None:
    response = client.get(f"{placed}/annotated.svg")

    assert (response.status_code, response.content_type) == (200, "image/svg+xml")
    assert response.headers["Content-Disposition"] == "attachment"
    texts = [text.text for text in ET.fromstring(response.data).iter(f"{SVG}text")]
    assert {"M 32", "NGC 206"} <= set(texts)


def test_image_without_a_place_has_only_a_title(
    client: FlaskClient, upload: Upload, make_image: Callable[..., bytes]
) -> None:
    location = upload(client, make_image(size=(1200, 800))).headers["Location"]

    root = ET.fromstring(client.get(f"{location}/annotated.svg").data)

    texts = [str(text.text) for text in root.iter(f"{SVG}text")]
    assert NOT_PLACED in texts
    assert any(text.startswith("galaxy") for text in texts)
    assert not list(root.iter(f"{SVG}polyline"))
    assert client.get(f"{location}/annotated.png").status_code == 200


def test_classification_of_an_earlier_version_is_drawn_without_a_grid(
    client: FlaskClient, placed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_wcs(*found: Any) -> dict[str, Any]:
        fields = serialize_classification(*found)
        sky = {name: value for name, value in fields["sky"].items() if name != "wcs"}
        return {**fields, "sky": sky}

    plain = client.get(f"{placed}/annotated.svg").data
    monkeypatch.setattr("deepsky.server.annotated_images.serialize_classification", without_wcs)

    assert client.get(f"{placed}/annotated.svg?grid=true").data == plain


def test_invalid_query_is_rejected(client: FlaskClient, placed: str) -> None:
    assert client.get(f"{placed}/annotated.png?grid=perhaps").status_code == 400
    assert client.get(f"{placed}/annotated.png?size=9999").status_code == 400
