import io
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging import read_image
from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.raster.pillow import to_rgb


def encode(layered: NDArray[np.uint8], image_format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(layered).save(stream, image_format, **options)
    return stream.getvalue()


def with_alpha(pattern: NDArray[np.uint8], opacity: int) -> NDArray[np.uint8]:
    return np.dstack([pattern, np.full(pattern.shape[:2], opacity, np.uint8)])


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("opacity", [0, 1, 255])
def test_alpha_without_information_is_ignored(
    pattern: NDArray[np.uint8], image_format: str, opacity: int
) -> None:
    options = {"lossless": True, "exact": True} if image_format == "WEBP" else {}

    image = read_image(encode(with_alpha(pattern, opacity), image_format, **options))

    np.testing.assert_array_equal(image.pixels, pattern)


def test_zero_alpha_of_a_bitmap_is_ignored(pattern: NDArray[np.uint8]) -> None:
    content = bytearray(encode(with_alpha(pattern, 0), "BMP"))
    masks = bytes.fromhex("0000ff00 00ff0000 ff000000 000000ff")
    content[14:18] = (56).to_bytes(4, "little")  # version 3 of the header, with an alpha mask
    content[30:34] = (3).to_bytes(4, "little")
    content[54:54] = masks
    content[10:14] = (70).to_bytes(4, "little")

    np.testing.assert_array_equal(read_image(bytes(content)).pixels, pattern)


def test_transparent_colour_of_a_constant_palette_is_ignored() -> None:
    image = Image.new("P", (20, 20), 1)
    image.putpalette([0, 0, 0, 90, 60, 30])
    stream = io.BytesIO()
    image.save(stream, "PNG", transparency=1)

    assert to_rgb(Image.open(stream)).getpixel((3, 3)) == (90, 60, 30)


@pytest.mark.parametrize("kind", [1, 2])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_zero_alpha_of_a_tiff_is_ignored(pattern: NDArray[np.uint8], dtype: str, kind: int) -> None:
    scale = {"uint8": 1, "uint16": 257, "float32": 1 / 255}[dtype]
    layered = (with_alpha(pattern, 0).astype(float) * scale).astype(dtype)
    stream = io.BytesIO()
    tifffile.imwrite(stream, layered, photometric="rgb", extrasamples=[kind])

    np.testing.assert_allclose(read_image(stream.getvalue()).pixels, pattern, atol=1)


@pytest.mark.parametrize(
    ("dtype", "opaque"),
    [
        *[("uint8", 1), ("uint8", 255), ("uint16", 1), ("uint16", 255), ("uint16", 65535)],
        *[("float32", 1), ("float32", 255), ("float32", 65535), ("int16", 32767)],
    ],
)
def test_scale_of_alpha_is_recognised(dtype: str, opaque: int) -> None:
    colours = np.full((2, 2, 3), 100).astype(dtype)
    opacity = np.array([[[opaque], [0]], [[opaque], [opaque]]]).astype(dtype)

    blended = blend_on_black(colours, opacity)

    assert blended.dtype == colours.dtype
    assert blended[..., 0].tolist() == [[100, 0], [100, 100]]


def test_nan_in_alpha_is_transparent() -> None:
    opacity = np.array([[[np.nan], [0.5]]], np.float32)

    assert blend_on_black(np.ones((1, 2, 1), np.float32), opacity).ravel().tolist() == [0, 0.5]
