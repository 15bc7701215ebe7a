"""Forms with many files or much text are refused without using many file descriptors."""

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from deepsky.server.forms import _FormFile

MakeImage = Callable[..., bytes]
URL = "/api/v1/classifications"
IMAGE = 'name="image"; filename="image.bmp"'


def post(client: FlaskClient, parts: list[tuple[str, bytes]]) -> tuple[int, dict[str, Any]]:
    """Send a form whose parts have the given headers and contents."""
    form = "--edge\r\nContent-Disposition: form-data; {}\r\n\r\n"
    body = b"".join(form.format(head).encode() + content + b"\r\n" for head, content in parts)
    body += b"--edge--\r\n"
    response = client.post(
        URL,
        input_stream=BytesIO(body),
        content_length=len(body),
        content_type="multipart/form-data; boundary=edge",
    )
    return response.status_code, response.get_json()


@pytest.mark.parametrize("text", ["hello", b64encode(bytes(700_000)).decode()], ids=len)
def test_image_in_a_text_field_is_refused_whatever_its_size(client: FlaskClient, text: str) -> None:
    status, problem = post(client, [('name="image"', text.encode())])

    assert (status, problem["code"]) == (400, "invalid_request")
    assert "Send one or more image files in this form field" in problem["detail"]


@pytest.mark.parametrize("number", [33, 495, 2000])
def test_too_many_files_are_refused(client: FlaskClient, number: int) -> None:
    status, problem = post(client, [(IMAGE, b"x" * 2000)] * number)

    assert (status, problem["code"]) == (400, "too_many_images")


def test_too_many_fields_are_refused(client: FlaskClient) -> None:
    status, problem = post(client, [('name="field"', b"x")] * 100)

    assert (status, problem["code"]) == (400, "invalid_request")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="requires Linux")
def test_files_of_a_form_share_one_file_descriptor(
    make_client: Callable[..., FlaskClient],
    make_image: MakeImage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = make_client()
    images = [make_image((255, n, 0), (600, 600), format="BMP") for n in range(8)]
    post(client, [(IMAGE, images[0])])
    before, most = _open_files(), 0

    def count(file: _FormFile, _offset: int, _whence: int = 0) -> int:
        nonlocal most
        most = max(most, _open_files())
        return seek(file, _offset, _whence)

    seek = _FormFile.seek
    monkeypatch.setattr(_FormFile, "seek", count)
    _, answer = post(client, [(IMAGE, image) for image in images])

    assert [item["error"] for item in answer["items"]] == [None] * 8
    assert most - before <= 2


def test_files_of_a_form_do_not_mix() -> None:
    shared = BytesIO()
    first = _FormFile(shared)
    first.write(b"abc")
    first.write(b"def")
    second = _FormFile(shared)
    second.write(b"123")

    first.seek(0)
    second.seek(1)
    assert first.read() == b"abcdef"
    assert second.read(5) == b"23"
    assert second.read() == b""
    assert first.seek(-2, 2) == 4
    assert first.read(1) == b"e"
    assert first.tell() == 5


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
