import io
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import NoImageDataError
from deepsky.imaging import read_image
from deepsky.imaging.display.variation import varies


def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


def tiff(values: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, values, photometric="minisblack")
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        *[encode(Image.new("RGB", (70, 90), (9, 60, 0)), name) for name in ("JPEG", "PNG", "BMP")],
        encode(Image.new("RGB", (1, 1), (200, 200, 200)), "PNG"),
        encode(Image.new("RGBA", (70, 90), (200, 100, 0, 0)), "PNG"),
        encode(Image.new("P", (70, 90), 3), "GIF", transparency=3),
        bytes(imagecodecs.png_encode(np.full((70, 90), 300, np.uint16))),
        tiff(np.full((70, 90), 0.25, np.float32)),
        tiff(np.where(np.eye(70), np.nan, 3).astype(np.float32)),
    ],
    ids=[
        "JPEG",
        "PNG",
        "BMP",
        "one-pixel",
        "transparent",
        "GIF",
        "16-bits",
        "float",
        "NaN",
    ],
)
def test_constant_image_is_rejected(content: bytes) -> None:
    with pytest.raises(NoImageDataError, match="same colour"):
        read_image(content)


def test_single_different_pixel_is_content() -> None:
    values = np.zeros((3000, 2000), np.uint16)
    values[1234, 567] = 1

    assert varies(values)


def test_different_channel_is_content() -> None:
    values = np.zeros((50, 60, 3), np.float32)
    values[7, 7, 2] = 0.1

    assert varies(values)


def test_full_range_of_signed_integers_is_content() -> None:
    values = np.full((50, 60), -32768, np.int16)
    values[7, 7] = 32767

    assert varies(values)
