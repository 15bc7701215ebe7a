"""Tiles are rendered once for each block, kept up to a limit, and visible only to the owner."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

Upload = Callable[..., TestResponse]
MakeClient = Callable[..., FlaskClient]

SIZE = (1300, 700)

LIMIT = 200_000
"""Maximum size of the cache in bytes: two blocks of these images, but not three."""


def photo(seed: int = 0) -> bytes:
    """Return a JPEG that is bright on the left."""
    noise = np.random.default_rng(seed).integers(0, 40, (70, 130), np.uint8)
    noise[:, :65] += 200
    stream = io.BytesIO()
    Image.fromarray(noise).resize(SIZE).save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def location(client: FlaskClient, upload: Upload) -> str:
    """Classify an image, and return the URL path of the classification."""
    return upload(client, photo()).headers["Location"]


def archives(client: FlaskClient) -> list[Path]:
    folder = client.application.extensions["deepsky"].storage.images.folder
    return sorted((folder / "tiles").glob("*"))


def shown(response: TestResponse) -> Any:
    assert response.status_code == 200
    assert response.mimetype == "image/jpeg"
    return np.asarray(Image.open(io.BytesIO(response.data)).convert("L"), float)


def test_tiles_have_the_full_resolution(client: FlaskClient, location: str) -> None:
    left, right = (shown(client.get(f"{location}/tiles/11/{x}_1.jpg")) for x in (0, 2))

    assert left.shape == (700 - 512, 512)
    assert right.shape == (700 - 512, 1300 - 2 * 512)
    assert left.mean() > 180
    assert right.mean() < 60
    assert shown(client.get(f"{location}/tiles/10/0_0.jpg")).shape == (350, 512)


def test_block_is_rendered_once(
    client: FlaskClient, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"{location}/tiles/11/0_0.jpg")
    readers = client.application.extensions["deepsky"].readers
    monkeypatch.setattr(readers, "read", None)

    assert client.get(f"{location}/tiles/11/2_1.jpg").status_code == 200
    assert len(archives(client)) == 1


@pytest.mark.parametrize("tile", ["11/3_0", "11/0_2", "12/0_0", "99999999999/0_0", "11/0_9999999"])
def test_other_tiles_are_not_found(client: FlaskClient, location: str, tile: str) -> None:
    response = client.get(f"{location}/tiles/{tile}.jpg")

    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")
    assert archives(client) == []


def test_tiles_are_private_and_validated(client: FlaskClient, location: str) -> None:
    url = f"{location}/tiles/11/0_0.jpg"
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(f"{location}/tiles/11/1_0.jpg")

    assert first.headers["Cache-Control"] == "no-cache, private"
    assert (again.status_code, again.data) == (304, b"")
    assert other.headers["ETag"] != first.headers["ETag"]


def test_other_clients_see_no_tiles(client: FlaskClient, location: str) -> None:
    stranger = client.application.test_client()

    assert stranger.get(f"{location}/tiles/11/0_0.jpg").status_code == 404
    assert archives(client) == []


def test_tiles_are_deleted_with_the_image(client: FlaskClient, location: str) -> None:
    client.get(f"{location}/tiles/11/0_0.jpg")
    client.get(f"{location}/tiles/10/0_0.jpg")
    assert len(archives(client)) == 2
    assert client.delete(location).status_code == 204

    assert archives(client) == []
    assert client.get(f"{location}/tiles/11/0_0.jpg").status_code == 404


def test_missing_file_is_reported(client: FlaskClient, location: str) -> None:
    sha256 = client.get(location).get_json()["image_sha256"]
    client.application.extensions["deepsky"].storage.images.path(sha256).unlink()
    response = client.get(f"{location}/tiles/11/0_0.jpg")

    assert (response.status_code, response.get_json()["code"]) == (404, "image_missing")


def test_tiles_unused_for_longest_are_removed(make_client: MakeClient, upload: Upload) -> None:
    client = make_client(max_tile_bytes=LIMIT)
    first, second, third = (upload(client, photo(seed)).headers["Location"] for seed in range(3))
    sizes = []
    for location in (first, second, first, third):
        assert client.get(f"{location}/tiles/11/0_0.jpg").status_code == 200
        sizes.append(sum(path.stat().st_size for path in archives(client)))
    kept = {path.name[:64] for path in archives(client)}
    sha256 = [client.get(location).get_json()["image_sha256"] for location in (first, third)]

    assert sizes[1] < LIMIT < sizes[1] * 1.5
    assert kept == set(sha256)
