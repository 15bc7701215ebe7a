import io
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import CorruptImageError, TooManyPixelsError, UnsupportedFormatError
from deepsky.imaging import Limits, read_image

END = b"\xff\xd9"


@pytest.fixture
def photo() -> NDArray[np.uint8]:
    """Return a detailed image, of which no part looks like another."""
    noise = np.random.default_rng(0).normal(90, 40, (96, 128, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


def jpeg(pixels: NDArray[np.uint8], **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=90, **options)
    return stream.getvalue()


def channels_of(pixels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    return pixels if count == 3 else np.ascontiguousarray(pixels[..., 0])


def deep(pixels: NDArray[np.uint8], bits: int) -> NDArray[Any]:
    scaled: NDArray[Any] = np.rint(pixels / 255 * (2**bits - 1))
    return scaled.astype(np.uint8 if bits == 8 else np.uint16)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}])
@pytest.mark.parametrize("ending", [b"", b"\xff", bytes(600), b"\xff" + bytes(600)])
@pytest.mark.parametrize("at_least", [None, 20])
def test_jpeg_that_lacks_only_its_end_marker_is_read(
    photo: NDArray[np.uint8], options: Any, ending: bytes, at_least: int | None
) -> None:
    content = jpeg(photo, **options)
    assert content.endswith(END)

    image = read_image(content[:-2] + ending, at_least=at_least)

    expected = read_image(content, at_least=at_least)
    np.testing.assert_array_equal(image.pixels, expected.pixels)
    assert (image.width, image.height) == (128, 96)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}])
@pytest.mark.parametrize("ending", [b"", bytes(600)])
@pytest.mark.parametrize("missing", [30, 3000])
def test_truncated_jpeg_is_rejected(
    photo: NDArray[np.uint8], options: Any, ending: bytes, missing: int
) -> None:
    with pytest.raises(CorruptImageError, match="truncated"):
        read_image(jpeg(photo, **options)[:-missing] + ending)


def test_progressive_jpeg_that_lacks_scans_is_rejected(photo: NDArray[np.uint8]) -> None:
    content = jpeg(photo, progressive=True)
    scans = [index for index in range(len(content)) if content.startswith(b"\xff\xda", index)]
    assert len(scans) > 5

    for start in scans[1:]:
        with pytest.raises(CorruptImageError, match="truncated"):
            read_image(content[:start])


@pytest.mark.parametrize("missing", [200, 3000])
def test_truncated_jpeg_with_an_end_marker_is_rejected(
    photo: NDArray[np.uint8], missing: int
) -> None:
    with pytest.raises(CorruptImageError, match="truncated"):
        read_image(jpeg(photo)[:-missing] + END)


def test_grey_corner_is_not_mistaken_for_missing_data(photo: NDArray[np.uint8]) -> None:
    photo[-16:, -16:] = 128

    assert read_image(jpeg(photo, subsampling=0)).width == 128


def test_data_after_the_end_marker_are_ignored(photo: NDArray[np.uint8]) -> None:
    content = jpeg(photo)

    np.testing.assert_array_equal(
        read_image(content + b"\0\1" + b"<html>" * 100).pixels, read_image(content).pixels
    )


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("bits", "lossless"), [(12, False), (12, True), (16, True), (8, True)])
def test_lossless_jpeg_and_jpeg_with_many_bits_are_read(
    photo: NDArray[np.uint8], channels: int, bits: int, lossless: bool
) -> None:
    content = imagecodecs.jpeg8_encode(
        deep(channels_of(photo, channels), bits),
        level=100,
        lossless=lossless,
        bitspersample=bits,
        subsampling="444",
    )

    for shown in (content, content[:-2]):
        image = read_image(bytes(shown))
        assert (image.format, image.stretch) == ("JPEG", None)
        expected = np.broadcast_to(photo[..., :channels], photo.shape)
        np.testing.assert_allclose(image.pixels, expected, atol=1 if lossless else 3)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bits", [8, 16])
def test_jpeg_ls_is_read(photo: NDArray[np.uint8], channels: int, bits: int) -> None:
    content = bytes(imagecodecs.jpegls_encode(deep(channels_of(photo, channels), bits)))

    for shown in (content, content[:-2], content[:-1]):
        image = read_image(shown)
        assert (image.format, image.stretch) == ("JPEG", None)
        expected = np.broadcast_to(photo[..., :channels], photo.shape)
        np.testing.assert_allclose(image.pixels, expected, atol=1)


@pytest.mark.parametrize("missing", [10, 400])
def test_truncated_lossless_jpeg_is_rejected(photo: NDArray[np.uint8], missing: int) -> None:
    stored = deep(photo, 16)
    for content in (
        imagecodecs.jpeg8_encode(stored, lossless=True, bitspersample=16),
        imagecodecs.jpegls_encode(stored),
    ):
        with pytest.raises(CorruptImageError):
            read_image(bytes(content[:-missing]))


@pytest.mark.parametrize(
    ("marker", "feature"),
    [(0xC5, "Hierarchical JPEG"), (0xCE, "Hierarchical JPEG"), (0xCB, "arithmetic coding")],
)
def test_error_names_the_unsupported_process(
    photo: NDArray[np.uint8], marker: int, feature: str
) -> None:
    content = jpeg(photo).replace(b"\xff\xc0", bytes([0xFF, marker]), 1)

    with pytest.raises(UnsupportedFormatError, match=feature):
        read_image(content)


@pytest.mark.parametrize("encoder", ["jpeg8_encode", "jpegls_encode"])
def test_size_is_limited_before_decoding(photo: NDArray[np.uint8], encoder: str) -> None:
    options = {"bitspersample": 12} if encoder == "jpeg8_encode" else {}
    content = bytes(getattr(imagecodecs, encoder)(deep(photo, 12), **options))

    with pytest.raises(TooManyPixelsError):
        read_image(content, limits=Limits(max_pixels=96 * 128 - 1))


@pytest.mark.parametrize("segment", [b"\xff\xe2\0\x0eICC_PROFILE\0", b"\xff\xed\0\x05abc"])
def test_damaged_metadata_are_ignored(photo: NDArray[np.uint8], segment: bytes) -> None:
    content = jpeg(photo)

    image = read_image(content[:2] + segment + content[2:])

    np.testing.assert_array_equal(image.pixels, read_image(content).pixels)
