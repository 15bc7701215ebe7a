"""JPEG files are decoded at a reduced size (DCT scaling)."""

import io
import struct
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import CorruptImageError, ImageError, TooManyPixelsError
from deepsky.imaging import Limits, read_image

ORIENTATION = 0x0112


@pytest.fixture
def scene(pattern: NDArray[np.uint8]) -> Image.Image:
    """Return the image `pattern`, enlarged to 800 rows and 1120 columns."""
    return Image.fromarray(pattern).resize((1120, 800), Image.Resampling.BICUBIC)


def encode(image: Image.Image, image_format: str = "JPEG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("at_least", "size"),
    [
        (None, (800, 1120)),
        (801, (800, 1120)),
        (401, (800, 1120)),
        (400, (400, 560)),
        (201, (400, 560)),
        (200, (200, 280)),
        (100, (100, 140)),
        (1, (100, 140)),
    ],
)
def test_shorter_side_has_at_least_the_requested_pixels(
    scene: Image.Image, at_least: int | None, size: tuple[int, int]
) -> None:
    image = read_image(encode(scene), at_least=at_least)

    assert image.pixels.shape == (*size, 3)
    assert (image.width, image.height) == (1120, 800)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_to_reduced_image_and_full_size_is_kept(
    scene: Image.Image, store: Any, orientation: int
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    content = encode(store(scene, orientation), exif=exif, quality=95)

    whole, smaller = read_image(content), read_image(content, at_least=200)

    assert smaller.info == whole.info
    assert (smaller.width, smaller.height) == (1120, 800)
    for row, column in [(0.2, 0.2), (0.2, 0.8), (0.8, 0.2), (0.8, 0.8)]:
        np.testing.assert_allclose(
            smaller.pixels[int(row * 200), int(column * 280)],
            whole.pixels[int(row * 800), int(column * 1120)],
            atol=4,
        )


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {"quality": 95, "subsampling": 0}),
        ("RGB", {"quality": 75, "subsampling": 2}),
        ("RGB", {"quality": 90, "progressive": True}),
        ("L", {"quality": 90}),
        ("CMYK", {"quality": 95}),
    ],
)
@pytest.mark.parametrize("scale", [2, 4, 8])
def test_reduced_image_equals_the_scaled_image(
    scene: Image.Image, mode: str, options: dict[str, Any], scale: int
) -> None:
    content = encode(scene.convert(mode), **options)

    whole = Image.fromarray(read_image(content).pixels)
    smaller = read_image(content, at_least=800 // scale).pixels

    difference = np.abs(smaller - np.asarray(whole.reduce(scale), dtype=float))
    assert difference.mean() < 0.6
    assert np.percentile(difference, 99) < 12  # the difference is larger at edges


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "GIF", "TIFF"])
def test_other_formats_are_not_reduced(scene: Image.Image, image_format: str) -> None:
    content = encode(scene, image_format)

    np.testing.assert_array_equal(
        read_image(content, at_least=100).pixels, read_image(content).pixels
    )


def test_limits_apply_to_the_size_in_the_file(scene: Image.Image) -> None:
    with pytest.raises(TooManyPixelsError, match="1120 by 800"):
        read_image(encode(scene), at_least=100, limits=Limits(max_pixels=800_000))


def test_embedded_thumbnail_is_not_read(scene: Image.Image) -> None:
    thumbnail = encode(Image.new("RGB", (160, 120), (255, 255, 255)))
    first = struct.pack(">IHI", 8, 0, 14)  # an empty IFD, then the offset of the next IFD
    place = struct.pack(">HHHII", 2, 0x0201, 4, 1, 44)
    length = struct.pack(">HHIII", 0x0202, 4, 1, len(thumbnail), 0)
    content = encode(scene, exif=b"Exif\0\0MM\0*" + first + place + length + thumbnail)

    image = read_image(content, at_least=100)

    assert image.pixels.shape == (100, 140, 3)
    np.testing.assert_allclose(image.pixels[25, 35], (200, 60, 20), atol=8)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.95])
def test_truncated_image_is_rejected_at_any_scale(
    scene: Image.Image, fraction: float, progressive: bool
) -> None:
    content = encode(scene, progressive=progressive)
    truncated = content[: int(len(content) * fraction)]

    with pytest.raises(CorruptImageError) as whole:
        read_image(truncated)
    with pytest.raises(ImageError) as smaller:
        read_image(truncated, at_least=100)

    assert smaller.value.code == whole.value.code
