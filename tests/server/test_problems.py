import logging
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.errors import (
    CatalogueUnavailableError,
    ClusterError,
    DatasetError,
    DeepskyError,
    JobError,
    JournalError,
    OutputError,
    ReaderFailedError,
    SourceError,
)
from deepsky.server.problems import STATUSES, problem_of

Client = FlaskClient
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]


def assert_problem(response: TestResponse, status: int, code: str) -> str:
    assert response.content_type == "application/problem+json"
    body = response.get_json()
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["title"]
    assert body["detail"]
    return str(body["detail"])


COMMAND_LINE_ERRORS = (
    CatalogueUnavailableError,
    DatasetError,
    OutputError,
    SourceError,
    JobError,
    JournalError,
    ClusterError,
)


def subclasses(error: type[DeepskyError]) -> Iterator[type[DeepskyError]]:
    for subclass in error.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def test_every_error_of_the_server_has_a_status() -> None:
    met = {error.code for error in subclasses(DeepskyError)}
    met -= {error.code for error in COMMAND_LINE_ERRORS}

    assert met == set(STATUSES)


def test_killed_reader_process_is_temporary_and_not_the_fault_of_the_image() -> None:
    problem = problem_of(ReaderFailedError("The reader process was killed twice."))

    assert problem is not None
    assert (problem.status, problem.code) == (503, "reader_failed")
    assert int(problem.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"no image, whatever its name says", 415, "unsupported_format"),
    ],
)
def test_file_that_is_not_an_image_is_refused(
    client: Client, upload: Upload, content: bytes, status: int, code: str
) -> None:
    assert_problem(upload(client, content, "image.jpg"), status, code)


def test_truncated_image_is_refused(client: Client, upload: Upload, make_image: MakeImage) -> None:
    whole = make_image(format="JPEG", size=(640, 480))

    assert_problem(upload(client, whole[: len(whole) // 2]), 422, "corrupt_image")


def test_too_many_pixels_are_refused(
    make_client: Callable[..., Client], upload: Upload, make_image: MakeImage
) -> None:
    client = make_client(max_pixels=96 * 64 - 1)

    assert_problem(upload(client, make_image(size=(96, 64))), 413, "too_many_pixels")


@pytest.mark.parametrize("excess", [1, 100_000], ids=["in the file", "in the whole request"])
def test_too_many_bytes_are_refused(
    make_client: Callable[..., Client], upload: Upload, excess: int
) -> None:
    client = make_client(max_bytes=1_000)

    assert_problem(upload(client, bytes(1_000 + excess)), 413, "file_too_large")


def test_too_large_request_gets_the_limit(
    make_client: Callable[..., Client], upload: Upload
) -> None:
    response = upload(make_client(max_bytes=1_000), bytes(100_000))

    assert "66,536 bytes" in assert_problem(response, 413, "file_too_large")


def test_invalid_file_name_is_refused(client: Client, make_image: MakeImage) -> None:
    head = b'--edge\r\nContent-Disposition: form-data; name="image"; filename="M\xe981.png"\r\n\r\n'
    response = client.post(
        "/api/v1/classifications",
        data=head + make_image() + b"\r\n--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )

    assert "UTF-8" in assert_problem(response, 400, "invalid_request")


def test_request_without_a_file_is_refused(client: Client) -> None:
    for form in ({}, {"image": "text"}, {"image": "text"}):
        response = client.post("/api/v1/classifications", data=form)
        assert "image" in assert_problem(response, 400, "invalid_request")


def test_unknown_model_is_refused(client: Client, upload: Upload, make_image: MakeImage) -> None:
    response = upload(client, make_image(), model="vgg99")

    assert "efficientnet" in assert_problem(response, 404, "model_not_found")
    assert_problem(client.get("/api/v1/models/vgg99"), 404, "model_not_found")


def test_damaged_model_is_an_error(
    client: Client,
    upload: Upload,
    make_image: MakeImage,
    tmp_path: Path,
    tiny_models: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "card.json").write_bytes((tiny_models / "efficientnet/card.json").read_bytes())
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))

    assert_problem(upload(client, make_image(), model="damaged"), 500, "model_corrupt")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api/v1/nothing",
        "/api/v1/classifications/unknown",
        "/api/v1/classifications/unknown/image",
        "/api/v1/classifications/unknown/annotated.png",
        "/api/v1/classifications/unknown/annotated.svg",
        "/api/v1/classifications/unknown/evidence/galaxy.png",
        "/api/v1/classifications/unknown/evidence/comet.png",
        "/assets/nothing.js",
        "/assets/../app.py",
    ],
)
def test_unknown_path_returns_problem_details(client: Client, path: str) -> None:
    assert_problem(client.get(path), 404, "not_found")


def test_wrong_methods_return_problem_details(client: Client) -> None:
    for rule in client.application.url_map.iter_rules():
        path = re.sub(r"<int:.*?>", "0", rule.rule)
        path = re.sub(r"<string\(length=(\d+)\).*?>", lambda match: "x" * int(match[1]), path)
        path = re.sub(r"<any\('?([\w.]+).*?>|<.*?>", lambda match: match[1] or "x", path)
        response = client.patch(path)
        assert_problem(response, 405, "method_not_allowed")
        assert response.headers["Allow"]


def test_full_disk_returns_problem_details(
    client: Client,
    upload: Upload,
    make_image: MakeImage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Full(BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("deepsky.server.forms.SpooledTemporaryFile", lambda _: Full())
    response = upload(client, make_image())

    assert "No space left" in assert_problem(response, 503, "storage_unavailable")
    assert "No space left" in caplog.text
    assert "Traceback" not in caplog.text


def test_unexpected_error_is_logged_and_not_shown(
    client: Client,
    upload: Upload,
    make_image: MakeImage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        msg = "a secret"
        raise RuntimeError(msg)

    monkeypatch.setattr("deepsky.server.classification_service.make_record", fail)

    with caplog.at_level(logging.ERROR):
        response = upload(client, make_image())

    assert "secret" not in assert_problem(response, 500, "internal_server_error")
    assert "RuntimeError: a secret" in caplog.text
