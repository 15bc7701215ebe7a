"""All doors read an image alike, and get the same answer."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from deepsky.batch.run import classify_many
from deepsky.classification import classify_file
from deepsky.classifier import Classifier
from deepsky.cli import app
from deepsky.dataset.manifest import read_manifest
from deepsky.evaluation.predictions import predict, read_pixels
from deepsky.imaging import ImageData, read_image
from deepsky.models.preparation import SHORTER_SIDE, prepare
from deepsky.preprocessing import preprocess
from deepsky.server import Settings, create_app

SIZES = (64, 96)


@pytest.fixture
def detailed() -> Image.Image:
    """An image whose answer depends on how it is scaled: lines of one pixel."""
    pixels = np.zeros((2 * SHORTER_SIDE, 3 * SHORTER_SIDE, 3), np.uint8)
    pixels[::2, :, :2] = 255
    pixels[:, ::3, 2] = 255
    return Image.fromarray(pixels)


def encode(image: Image.Image, image_format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, quality=60)
    return buffer.getvalue()


class Reader:
    """Reads what it is given, and remembers how."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked: list[int | None] = []

    def __call__(self, *, at_least: int | None = None) -> ImageData:
        self.asked.append(at_least)
        return read_image(self.content, at_least=at_least)


def test_every_door_gives_the_same_numbers(
    detailed: Image.Image, tiny_classifier: Classifier, manifest: Path, tmp_path: Path
) -> None:
    path = tmp_path / "detailed.jpg"
    content = encode(detailed, "JPEG")
    path.write_bytes(content)

    record = classify_file(tiny_classifier, path)
    [of_many] = classify_many(path, tiny_classifier, workers=1)
    told = CliRunner().invoke(app, ["classify", str(path), "--format", "json"])
    with_server = create_app(Settings(data=tmp_path / "data", readers=1))
    form: dict[str, Any] = {"image": (io.BytesIO(content), str(path))}
    served = with_server.test_client().post("/api/v1/classifications", data=form).get_json()
    with_server.extensions["deepsky"].close()
    example = replace(read_manifest(manifest)[0], path=path)
    answers = predict(tiny_classifier, read_pixels([example]))

    assert of_many == record
    assert json.loads(told.stdout) == [record]
    assert {key: served[key] for key in ("probabilities", "novelty", "width", "height")} == {
        key: record[key] for key in ("probabilities", "novelty", "width", "height")
    }
    assert (record["width"], record["height"]) == detailed.size
    np.testing.assert_allclose(
        answers.probabilities[0], list((record["probabilities"] or {}).values()), atol=1e-6
    )


def test_a_preview_is_as_fine_as_ever_and_changes_nothing_else(detailed: Image.Image) -> None:
    reader = Reader(encode(detailed.resize((2400, 1600)), "JPEG"))

    shown = preprocess(reader, SIZES, preview=True)
    plain = preprocess(reader, SIZES, preview=False)

    assert reader.asked == [SHORTER_SIDE, 1067, SHORTER_SIDE]
    assert shown.preview is not None
    assert Image.open(io.BytesIO(shown.preview)).size == (1600, 1067)
    assert plain.preview is None
    assert shown.info == plain.info
    expected = prepare(read_image(reader.content, at_least=SHORTER_SIDE).pixels, SIZES)
    for size in SIZES:
        np.testing.assert_array_equal(shown.prepared[size], expected[size])
        np.testing.assert_array_equal(plain.prepared[size], expected[size])


@pytest.mark.parametrize(
    ("image_format", "size"), [("PNG", (1200, 1000)), ("JPEG", (799, 790)), ("JPEG", (30, 20))]
)
def test_what_is_read_in_full_is_read_once(image_format: str, size: tuple[int, int]) -> None:
    reader = Reader(encode(Image.new("RGB", size, (9, 99, 199)), image_format))

    reading = preprocess(reader, SIZES, preview=True)

    assert len(reader.asked) == 1
    assert Image.open(io.BytesIO(reading.preview or b"")).size == size
