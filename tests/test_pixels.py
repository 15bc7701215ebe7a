"""Arrays and Pillow images get the same predictions as files, and invalid ones raise errors."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import deepsky
import deepsky.errors
from deepsky.classifier import Classifier
from deepsky.pixels import as_rgb

SHAPE = (40, 60)


@pytest.fixture
def grey() -> NDArray[np.uint8]:
    """A non-linear grey image with random values."""
    values = np.random.default_rng(0).integers(0, 256, SHAPE)
    return values.astype(np.uint8)


@pytest.fixture
def linear() -> NDArray[np.uint16]:
    """A linear grey image with a dark background and a few bright stars."""
    rng = np.random.default_rng(1)
    values = rng.normal(1000, 20, SHAPE)
    values[rng.integers(0, 40, 10), rng.integers(0, 60, 10)] = 40_000
    return values.astype(np.uint16)


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_grey_is_repeated_in_each_channel(grey: NDArray[np.uint8]) -> None:
    expected = np.stack([grey] * 3, axis=-1)
    assert np.array_equal(as_rgb(grey), expected)
    assert np.array_equal(as_rgb(grey[..., np.newaxis]), expected)
    assert np.array_equal(as_rgb(Image.fromarray(grey)), expected)


def test_rgb_is_unchanged(grey: NDArray[np.uint8]) -> None:
    pixels = np.stack([grey, grey // 2, 255 - grey], axis=-1)
    assert as_rgb(pixels) is pixels
    assert np.array_equal(as_rgb(Image.fromarray(pixels)), pixels)


def test_alpha_is_composited_as_in_a_file(grey: NDArray[np.uint8]) -> None:
    rgba = np.stack([grey, 255 - grey, grey // 2, grey[::-1]], axis=-1)
    expected = deepsky.read_image(png(Image.fromarray(rgba))).pixels
    assert expected[grey[::-1] == 0].max() == 0
    assert np.array_equal(as_rgb(rgba), expected)
    assert np.array_equal(as_rgb(Image.fromarray(rgba)), expected)


def test_alpha_is_composited_alike_in_16_and_8_bits(grey: NDArray[np.uint8]) -> None:
    rgba = np.stack([grey, 255 - grey, grey // 2, grey[::-1]], axis=-1)
    difference = as_rgb(rgba.astype(np.uint16) * 257).astype(int) - as_rgb(rgba)
    assert np.abs(difference).max() <= 1


@pytest.mark.parametrize("name", ["grey", "linear"])
def test_uint16_is_treated_as_in_a_file(name: str, request: pytest.FixtureRequest) -> None:
    values = request.getfixturevalue(name).astype(np.uint16)
    values = values * 257 if name == "grey" else values
    image = deepsky.read_image(png(Image.fromarray(values)))
    assert (image.stretch is None) == (name == "grey")
    assert np.array_equal(as_rgb(values), image.pixels)
    assert np.array_equal(as_rgb(values.astype(">u2")), image.pixels)
    assert np.array_equal(as_rgb(Image.fromarray(values)), image.pixels)


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", "f8"])
def test_floats_from_0_to_1_match_uint8(grey: NDArray[np.uint8], dtype: str) -> None:
    assert np.abs(as_rgb((grey / 255).astype(dtype)).astype(int) - grey[..., None]).max() <= 1


def test_linear_floats_are_stretched(linear: NDArray[np.uint16]) -> None:
    stretched = as_rgb((linear / 65535).astype(np.float32))
    assert np.abs(stretched.astype(int) - as_rgb(linear)).max() <= 1
    assert np.median(stretched) > 20


def test_nan_and_masked_values_are_black(grey: NDArray[np.uint8]) -> None:
    values = grey / 255
    values[:5] = np.nan
    assert as_rgb(values)[:5].max() == 0
    masked = np.ma.masked_array(grey, mask=np.arange(40)[:, None] < np.full(60, 5))
    assert as_rgb(masked)[:5].max() == 0


def test_pillow_image_is_rotated_upright(grey: NDArray[np.uint8]) -> None:
    image = Image.fromarray(grey)
    image.getexif()[0x0112] = 6
    assert as_rgb(image).shape == (60, 40, 3)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"])
def test_pillow_modes_are_accepted(grey: NDArray[np.uint8], mode: str) -> None:
    assert as_rgb(Image.fromarray(grey).convert(mode)).shape == (*SHAPE, 3)


INVALID: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "path": (lambda: "m51.jpg", TypeError, r"deepsky\.classify\(path\)"),
    "list": (lambda: [[0, 1]], TypeError, "array of uint8"),
    "bool": (lambda: np.ones(SHAPE, bool), TypeError, "array of bool.*uint8"),
    "int64": (lambda: np.ones(SHAPE, int), TypeError, "array of int64.*uint8"),
    "uint32": (lambda: np.ones(SHAPE, np.uint32), TypeError, "uint32"),
    "complex": (lambda: np.ones(SHAPE, complex), TypeError, "complex128"),
    "Pillow int32": (lambda: Image.new("I", SHAPE), TypeError, "int32"),
    "0 to 255": (lambda: np.full(SHAPE, 255.0), ValueError, "from 0 to 1.*image / 255"),
    "negative": (lambda: np.full(SHAPE, -3.0), ValueError, "from -3 to -3"),
    "one row": (lambda: np.zeros(60, np.uint8), ValueError, r"shape \(60,\)"),
    "planes": (lambda: np.zeros((3, 40, 60), np.uint8), ValueError, "moveaxis"),
    "batch": (lambda: np.zeros((2, 40, 60, 3), np.uint8), ValueError, r"\(2, 40, 60, 3\)"),
    "empty": (lambda: np.zeros((0, 60, 3), np.uint8), ValueError, "no pixels"),
    "empty Pillow image": (lambda: Image.new("RGB", (0, 60)), ValueError, "no pixels"),
    "all NaN": (lambda: np.full(SHAPE, np.nan), ValueError, "no finite value"),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_input_is_refused(tiny_classifier: Classifier, name: str) -> None:
    make, error, message = INVALID[name]
    with pytest.raises(error, match=message):
        tiny_classifier.classify(make())
    with pytest.raises(error, match=message):
        tiny_classifier.classify_batch([make()])


def test_one_image_is_refused_as_batch(tiny_classifier: Classifier) -> None:
    with pytest.raises(ValueError, match="Pass a list of images"):
        tiny_classifier.classify_batch(np.zeros((40, 60, 3), np.uint8))


@pytest.mark.usefixtures("tiny_classifier")
def test_classify_accepts_path_content_array_and_images(
    grey: NDArray[np.uint8], tmp_path: Path
) -> None:
    pixels = np.stack([grey, grey, 0 * grey], axis=-1)  # an image in shades of yellow
    path = tmp_path / "yellow.png"
    Image.fromarray(pixels).save(path)
    images: list[Any] = [
        path,
        str(path),
        path.read_bytes(),
        pixels,
        pixels / 255,
        Image.open(path),
        deepsky.read_image(path),
    ]
    predictions = [deepsky.classify(image) for image in images]
    assert {prediction.label for prediction in predictions} == {"galaxy"}
    assert len({tuple(prediction.probabilities.values()) for prediction in predictions}) == 1


def test_classify_loads_a_model_once_and_again_if_it_changes(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []
    load = Classifier.__init__

    def count(self: Classifier, *arguments: Any) -> None:
        loaded.append(arguments)
        load(self, *arguments)

    monkeypatch.setattr(Classifier, "__init__", count)
    pixels = np.zeros((*SHAPE, 3), np.uint8)
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        (folder / "mine").symlink_to(tiny_models / "efficientnet")
        monkeypatch.setenv("DEEPSKY_MODELS", str(folder))
        for _ in range(2):
            deepsky.classify(pixels, "mine")
    assert len(loaded) == 2


def test_classify_uses_the_given_classifier(tiny_classifier: Classifier) -> None:
    prediction = deepsky.classify(np.zeros((*SHAPE, 3), np.uint8), tiny_classifier)
    assert prediction.model_version == "0.0.1"


def test_classify_raises_for_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "text.fits").write_text("not an image")
    with pytest.raises(deepsky.errors.UnsupportedFormatError):
        deepsky.classify(tmp_path / "text.fits")
