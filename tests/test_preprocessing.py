"""The Python functions, command line, API and evaluation read and scale images identically."""

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
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.preview_kind import PREVIEW
from deepsky.models.preparation import SHORTER_SIDE, prepare
from deepsky.preprocessing import preprocess
from deepsky.server import Settings, create_app
from tests.plain_image import plain_image

SIZES = (64, 96)


@pytest.fixture
def detailed() -> Image.Image:
    """Return an image of lines one pixel wide; its prediction depends on the scaling method."""
    pixels = np.zeros((2 * SHORTER_SIDE, 3 * SHORTER_SIDE, 3), np.uint8)
    pixels[::2, :, :2] = 255
    pixels[:, ::3, 2] = 255
    return Image.fromarray(pixels)


def encode(image: Image.Image, image_format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, quality=60)
    return buffer.getvalue()


class RecordingReader:
    """Callable that reads an image and records the ``at_least`` argument of each call."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.requested: list[int | None] = []

    def __call__(
        self,
        *,
        at_least: int | None = None,
        stretch: StretchChoice = "auto",
        observe: object = None,  # noqa: ARG002
    ) -> ImageData:
        self.requested.append(at_least)
        return read_image(self.content, at_least=at_least, stretch=stretch)


def test_all_interfaces_return_the_same_prediction(
    detailed: Image.Image, tiny_classifier: Classifier, manifest: Path, tmp_path: Path
) -> None:
    path = tmp_path / "detailed.jpg"
    content = encode(detailed, "JPEG")
    path.write_bytes(content)

    record = classify_file(tiny_classifier, path)
    [batch_record] = classify_many(path, tiny_classifier, workers=1)
    printed = CliRunner().invoke(app, ["classify", str(path), "--format", "json"])
    server = create_app(Settings(data=tmp_path / "data", readers=1))
    form: dict[str, Any] = {"image": (io.BytesIO(content), str(path))}
    served = server.test_client().post("/api/v1/classifications", data=form).get_json()
    server.extensions["deepsky"].close()
    example = replace(read_manifest(manifest)[0], path=path)
    predictions = predict(tiny_classifier, read_pixels([example]))

    assert batch_record == record
    assert json.loads(printed.stdout) == [record]
    assert {key: served[key] for key in ("probabilities", "novelty", "width", "height")} == {
        key: record[key] for key in ("probabilities", "novelty", "width", "height")
    }
    assert (record["width"], record["height"]) == detailed.size
    np.testing.assert_allclose(
        predictions.probabilities[0], list((record["probabilities"] or {}).values()), atol=1e-6
    )


def test_preview_has_full_size_and_does_not_change_the_network_inputs(
    detailed: Image.Image,
) -> None:
    reader = RecordingReader(encode(detailed.resize((2400, 1600)), "JPEG"))

    with_preview = preprocess(reader, SIZES, preview=PREVIEW)
    without_preview = preprocess(reader, SIZES, preview=None)

    assert reader.requested == [SHORTER_SIDE, 1067, SHORTER_SIDE]
    assert with_preview.preview is not None
    assert Image.open(io.BytesIO(with_preview.preview)).size == (1600, 1067)
    assert without_preview.preview is None
    assert with_preview.info == without_preview.info
    expected = prepare(read_image(reader.content, at_least=SHORTER_SIDE).pixels, SIZES)
    for size in SIZES:
        np.testing.assert_array_equal(with_preview.prepared[size], expected[size])
        np.testing.assert_array_equal(without_preview.prepared[size], expected[size])


@pytest.mark.parametrize(
    ("image_format", "size"), [("PNG", (1200, 1000)), ("JPEG", (799, 790)), ("JPEG", (30, 20))]
)
def test_image_that_is_large_enough_is_read_once(image_format: str, size: tuple[int, int]) -> None:
    reader = RecordingReader(encode(plain_image("RGB", size, (9, 99, 199)), image_format))

    preprocessed = preprocess(reader, SIZES, preview=PREVIEW)

    assert len(reader.requested) == 1
    assert Image.open(io.BytesIO(preprocessed.preview or b"")).size == size
