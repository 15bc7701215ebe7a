import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import ExifTags, Image
from werkzeug.test import TestResponse

from deepsky.classification import classify_file
from deepsky.classifier import Classifier
from deepsky.record import Record
from deepsky.taxonomy import LABELS
from tests.plain_image import plain_image

Client = FlaskClient
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]

ORIENTATION = ExifTags.Base.Orientation
PRIVATE = {"private", "no-cache"}
ROTATED = 6  # EXIF value: the image must be rotated clockwise by 90 degrees for display


def opened(response: TestResponse) -> Image.Image:
    assert response.status_code == 200
    image = Image.open(BytesIO(response.data))
    image.load()
    return image


def stored_files(folder: Path) -> list[Path]:
    files = [path for path in (folder / "data" / "images").rglob("*") if path.is_file()]
    # The file "database" contains the id of the database.
    return [path for path in files if path.name != "database"]


def test_upload_returns_the_record(client: Client, upload: Upload, make_image: MakeImage) -> None:
    response = upload(client, make_image(), "M 51.png")

    assert response.status_code == 201
    classification = response.get_json()
    server_fields = ["id", "created_at", "elapsed_ms", "feedback", "share"]
    assert list(classification) == [*Record.__annotations__, *server_fields]
    assert classification["path"] == "M 51.png"
    assert classification["label"] == "galaxy"
    assert (classification["width"], classification["height"], classification["format"]) == (
        96,
        64,
        "PNG",
    )
    assert classification["error"] is None
    assert set(classification["elapsed_ms"]) == {"decode", "infer"}
    assert classification["feedback"] is None
    assert response.headers["Location"] == f"/api/v1/classifications/{classification['id']}"


def test_location_returns_the_classification(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    response = upload(client, make_image())

    assert client.get(response.headers["Location"]).get_json() == response.get_json()


def test_numbers_are_the_same_as_from_the_python_library(
    client: Client,
    upload: Upload,
    make_image: MakeImage,
    tiny_classifier: Classifier,
    tmp_path: Path,
) -> None:
    file = tmp_path / "image.jpg"
    file.write_bytes(make_image((201, 87, 40), (130, 90), "JPEG"))
    record = classify_file(tiny_classifier, file)

    classification = upload(client, file.read_bytes(), file.name).get_json()

    assert {k: classification[k] for k in record} == {**record, "path": file.name}


@pytest.mark.parametrize("sent", ["M51.png", "/home/me/M51.png", "../../M51.png"])
def test_path_is_the_file_name_only(
    client: Client, upload: Upload, make_image: MakeImage, sent: str
) -> None:
    assert upload(client, make_image(), sent).get_json()["path"] == "M51.png"


def test_preview_is_upright_and_has_no_metadata(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = ROTATED
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    sent = make_image(size=(96, 64), format="JPEG", exif=exif, comment=b"SecretComment")
    assert b"SecretCamera" in sent

    location = upload(client, sent, "a.jpg").headers["Location"]
    response = client.get(f"{location}/image", buffered=True)
    preview = opened(response)

    assert preview.format == "JPEG"
    assert preview.size == (64, 96)
    assert not preview.getexif()
    assert b"Secret" not in response.data


def test_preview_of_large_image_is_reduced(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    location = upload(client, make_image(size=(3200, 1000))).headers["Location"]

    assert opened(client.get(f"{location}/image", buffered=True)).size == (1600, 500)


@pytest.mark.parametrize(
    ("size", "expected"),
    [("small", (320, 100)), ("medium", (640, 200)), ("large", (1600, 500))],
)
def test_preview_has_the_requested_size(
    client: Client,
    upload: Upload,
    make_image: MakeImage,
    tmp_path: Path,
    size: str,
    expected: tuple[int, int],
) -> None:
    location = upload(client, make_image((200, 100, 20), (3200, 1000))).headers["Location"]

    response = client.get(f"{location}/image?size={size}", buffered=True)
    preview = opened(response)

    assert (preview.format, preview.size) == ("JPEG", expected)
    pixels = np.asarray(preview).reshape(-1, 3)
    np.testing.assert_allclose(pixels.mean(axis=0), (200, 100, 20), atol=3)
    assert set(response.headers["Cache-Control"].split(", ")) == PRIVATE
    tag = response.headers["ETag"]
    again = client.get(response.request.url, headers={"If-None-Match": tag}, buffered=True)
    assert again.status_code == 304
    other = client.get(f"{location}/image?size=medium", buffered=True).headers["ETag"]
    assert (tag == other) == (size == "medium")
    client.delete(location)
    assert client.get(f"{location}/image?size={size}").status_code == 404
    assert stored_files(tmp_path) == []


def test_preview_is_never_enlarged(client: Client, upload: Upload, make_image: MakeImage) -> None:
    location = upload(client, make_image()).headers["Location"]

    assert opened(client.get(f"{location}/image?size=small", buffered=True)).size == (96, 64)


def test_unknown_preview_size_is_refused(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    location = upload(client, make_image()).headers["Location"]
    response = client.get(f"{location}/image?size=huge")

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


def test_preview_has_the_colours_of_the_image(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    location = upload(client, make_image((200, 100, 20))).headers["Location"]

    pixels = np.asarray(opened(client.get(f"{location}/image", buffered=True))).reshape(-1, 3)
    np.testing.assert_allclose(pixels.mean(axis=0), (200, 100, 20), atol=3)


def test_evidence_overlay_matches_positions_in_the_preview(client: Client, upload: Upload) -> None:
    image = plain_image("RGB", (128, 64), (0, 0, 255))
    image.paste((255, 230, 0), (0, 0, 64, 64))
    buffer = BytesIO()
    image.save(buffer, "PNG")

    location = upload(client, buffer.getvalue()).headers["Location"]
    responses = {k: client.get(f"{location}/evidence/{k}.png") for k in LABELS}
    layers = {k: opened(response) for k, response in responses.items()}

    for label, response in responses.items():
        assert set(response.headers["Cache-Control"].split(", ")) == PRIVATE
        tag = {"If-None-Match": response.headers["ETag"]}
        assert client.get(f"{location}/evidence/{label}.png", headers=tag).status_code == 304
    assert {(layer.size, layer.mode) for layer in layers.values()} == {((128, 64), "RGBA")}
    galaxy = np.asarray(layers["galaxy"])[..., 3].astype(float)
    cluster = np.asarray(layers["star_cluster"])[..., 3].astype(float)
    assert galaxy[:, :48].mean() > 100 > 10 > galaxy[:, 80:].mean()
    assert cluster[:, 80:].mean() > 100 > 10 > cluster[:, :48].mean()


def test_contours_of_the_evidence_have_the_size_of_the_preview(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    location = upload(client, make_image()).headers["Location"]
    response = client.get(f"{location}/evidence/galaxy.svg")

    assert response.content_type == "image/svg+xml"
    assert set(response.headers["Cache-Control"].split(", ")) == PRIVATE
    assert fromstring(response.data).get("viewBox") == "0 0 96 64"
    tag = {"If-None-Match": response.headers["ETag"]}
    assert client.get(f"{location}/evidence/galaxy.svg", headers=tag).status_code == 304
    assert client.get(f"{location}/evidence/comet.svg").status_code == 404


def test_classifications_survive_a_restart(
    make_client: Callable[..., Client], upload: Upload, make_image: MakeImage
) -> None:
    client = make_client()
    response = upload(client, make_image())
    cookie = client.get_cookie("deepsky_session", path="/api/")
    assert cookie is not None

    again = make_client()
    again.set_cookie("deepsky_session", cookie.value, path="/api/")
    location = response.headers["Location"]
    assert again.get(location).get_json() == response.get_json()
    assert opened(again.get(f"{location}/image", buffered=True)).size == (96, 64)
    assert opened(again.get(f"{location}/evidence/galaxy.png")).mode == "RGBA"


def test_deleting_a_classification_deletes_its_image(
    client: Client, upload: Upload, make_image: MakeImage, tmp_path: Path
) -> None:
    location = upload(client, make_image()).headers["Location"]

    assert len(stored_files(tmp_path)) == 1
    client.get(f"{location}/image", buffered=True)
    assert len(stored_files(tmp_path)) == 2  # the image and its preview
    assert client.delete(location).status_code == 204
    assert stored_files(tmp_path) == []
    for path in (location, f"{location}/image", f"{location}/evidence/galaxy.png"):
        assert client.get(path).status_code == 404
    assert client.delete(location).status_code == 404


def test_missing_image_and_missing_classification_have_different_messages(
    client: Client, upload: Upload, make_image: MakeImage, tmp_path: Path
) -> None:
    location = upload(client, make_image()).headers["Location"]
    [image] = stored_files(tmp_path)
    image.unlink()

    response = client.get(f"{location}/image")
    assert (response.status_code, response.get_json()["code"]) == (404, "image_missing")
    assert "missing on the server" in response.get_json()["detail"]
    client.delete(location)
    assert "You have no classification" in client.get(f"{location}/image").get_json()["detail"]


def test_image_is_kept_while_another_classification_uses_it(
    client: Client, upload: Upload, make_image: MakeImage, tmp_path: Path
) -> None:
    first, second = (upload(client, make_image()).headers["Location"] for _ in range(2))

    assert len(stored_files(tmp_path)) == 1
    client.delete(first)
    assert opened(client.get(f"{second}/image", buffered=True)).size == (96, 64)


def test_upload_that_cannot_be_decoded_is_not_stored(
    client: Client, upload: Upload, make_image: MakeImage, tmp_path: Path
) -> None:
    whole = make_image(format="JPEG", size=(640, 480))
    assert upload(client, whole[: len(whole) // 2]).status_code == 422

    assert stored_files(tmp_path) == []
    assert client.get("/api/v1/classifications").get_json()["items"] == []


def test_large_upload_is_stored_completely(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    # Form parsers may mishandle line endings at the boundaries of their read buffers.
    content = make_image(format="BMP") + b"\r\n" * 100_000
    classification = upload(client, content, "a.bmp").get_json()

    assert classification["image_sha256"] == hashlib.sha256(content).hexdigest()


def test_concurrent_uploads_get_their_own_results(
    client: Client, upload: Upload, make_image: MakeImage
) -> None:
    colours = {
        "galaxy": (255, 255, 0),
        "nebula": (255, 0, 0),
        "star_cluster": (0, 0, 255),
        "other": (0, 255, 0),
    }
    expected_labels = list(colours) * 10

    def classify(label: str) -> tuple[str, str]:
        # A test client is not thread-safe, so each thread needs its own.
        response = upload(client.application.test_client(), make_image(colours[label]), label)
        classification = response.get_json()
        return classification["label"], classification["path"]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(classify, expected_labels)) == [
            (label, label) for label in expected_labels
        ]
