import io
import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import (
    CorruptImageError,
    TooManyPixelsError,
    TooMuchMemoryError,
    UnsupportedFormatError,
)
from deepsky.imaging import Limits, read_image
from deepsky.imaging.raster.jpeg2000_header import read_jpeg2000_header


def deep(pixels: NDArray[np.uint8], bits: int) -> NDArray[Any]:
    scaled: NDArray[Any] = np.rint(pixels / 255 * (2**bits - 1))
    return scaled.astype(np.uint8 if bits == 8 else np.uint16)


def encode(pixels: NDArray[Any], bits: int = 8, codec: str = "jp2") -> bytes:
    stored = deep(pixels, bits) if bits > 8 else pixels
    return bytes(imagecodecs.jpeg2k_encode(stored, codecformat=codec, bitspersample=bits))


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L4s", len(data) + 8, kind) + data


def jp2(codestream: bytes, *boxes: bytes) -> bytes:
    """Return a JP2 file with the given boxes in its header."""
    start = b"\0\0\0\x0cjP  \r\n\x87\n" + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return start + box(b"jp2h", b"".join(boxes)) + box(b"jp2c", codestream)


def header(channels: int) -> bytes:
    return box(b"ihdr", struct.pack(">LLHBBBB", 40, 56, channels, 7, 7, 0, 0))


def colour_space(number: int) -> bytes:
    return box(b"colr", struct.pack(">BBBL", 1, 0, 0, number))


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("codec", ["jp2", "j2k"])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_depth_is_read(
    pattern: NDArray[np.uint8], bits: int, codec: str, channels: int
) -> None:
    stored = np.ascontiguousarray(pattern[..., :channels].squeeze())

    image = read_image(encode(stored, bits, codec))

    assert (image.format, image.stretch) == ("JP2", None)
    expected = np.broadcast_to(pattern[..., :channels], pattern.shape)
    np.testing.assert_allclose(image.pixels, expected, atol=1)


@pytest.mark.parametrize("opacity", [0, 255])
def test_alpha_is_blended_unless_it_is_zero_throughout(
    pattern: NDArray[np.uint8], opacity: int
) -> None:
    alpha = np.zeros(pattern.shape[:2], np.uint8)
    alpha[20:] = opacity

    image = read_image(encode(np.dstack([pattern, alpha])))

    np.testing.assert_array_equal(image.pixels[20:], pattern[20:])
    assert image.pixels[:20].any() == (opacity == 0)


@pytest.mark.parametrize("kind", [1, 2, 65535])
def test_channel_definitions_are_applied(pattern: NDArray[np.uint8], kind: int) -> None:
    alpha = np.zeros(pattern.shape[:2], np.uint8)
    alpha[20:] = 255
    codestream = encode(np.dstack([pattern, alpha]), codec="j2k")
    channels = [(0, 0, 1), (1, 0, 2), (2, 0, 3), (3, kind, 0)]
    definitions = b"".join(struct.pack(">HHH", *channel) for channel in channels)
    content = jp2(
        codestream, header(4), colour_space(16), box(b"cdef", struct.pack(">H", 4) + definitions)
    )

    assert read_image(content).pixels[:20].any() == (kind != 1)


def test_sycc_is_converted(pattern: NDArray[np.uint8]) -> None:
    luma = np.asarray(Image.fromarray(pattern).convert("YCbCr"))
    content = jp2(encode(luma, codec="j2k"), header(3), colour_space(18))

    np.testing.assert_allclose(read_image(content).pixels, pattern, atol=2)


def test_cmyk_is_converted(pattern: NDArray[np.uint8]) -> None:
    inks = np.asarray(Image.fromarray(pattern).convert("CMYK"))
    content = jp2(encode(inks, codec="j2k"), header(4), colour_space(12))

    np.testing.assert_allclose(read_image(content).pixels, pattern, atol=2)


def test_palette_is_applied(grey: NDArray[np.uint8]) -> None:
    indices = (grey > 100).astype(np.uint8)
    palette = struct.pack(">HB3B", 2, 3, 7, 7, 7) + bytes([10, 20, 30, 200, 100, 50])
    mapping = b"".join(struct.pack(">HBB", 0, 1, column) for column in range(3))
    content = jp2(
        encode(indices, codec="j2k"),
        header(1),
        box(b"pclr", palette),
        box(b"cmap", mapping),
        colour_space(16),
    )

    pixels = read_image(content).pixels

    assert tuple(pixels[0, 0]) == (200, 100, 50)
    assert tuple(pixels[0, 55]) == (10, 20, 30)


def test_profile_is_converted_to_srgb(pattern: NDArray[np.uint8]) -> None:
    icc = bytes(
        imagecodecs.cms_profile(
            "rgb",
            whitepoint=(0.3127, 0.3290),
            primaries=(0.64, 0.33, 0.21, 0.71, 0.15, 0.06),
            gamma=2.2,
        )
    )
    pattern[:20, :28] = (180, 90, 60)
    profile = box(b"colr", b"\2\0\0" + icc)

    pixels = read_image(jp2(encode(pattern, codec="j2k"), header(3), profile)).pixels

    np.testing.assert_allclose(pixels[0, 0], (205, 90, 56), atol=2)


@pytest.mark.parametrize("codec", ["jp2", "j2k"])
def test_file_that_lacks_only_its_end_marker_is_read(
    pattern: NDArray[np.uint8], codec: str
) -> None:
    content = encode(pattern, codec=codec)

    np.testing.assert_array_equal(read_image(content[:-2]).pixels, pattern)


@pytest.mark.parametrize("codec", ["jp2", "j2k"])
@pytest.mark.parametrize("missing", [3, 40, 300])
def test_truncated_file_is_rejected(pattern: NDArray[np.uint8], codec: str, missing: int) -> None:
    with pytest.raises(CorruptImageError):
        read_image(encode(pattern, codec=codec)[:-missing])


def test_pixels_and_memory_are_limited_before_decoding(pattern: NDArray[np.uint8]) -> None:
    content = encode(pattern)

    with pytest.raises(TooManyPixelsError):
        read_image(content, limits=Limits(max_pixels=2239))
    with pytest.raises(TooMuchMemoryError):
        read_image(content, limits=Limits(max_memory=150_020_000))


def test_too_many_channels_are_rejected(grey: NDArray[np.uint8]) -> None:
    content = encode(np.dstack([grey] * 7), codec="j2k")

    with pytest.raises(UnsupportedFormatError, match="7 channels"):
        read_image(content)


@pytest.mark.parametrize("content", [b"\xff\x4f\xff\x51", jp2(b""), jp2(b"\xff\x4f\xff\x51\0\x29")])
def test_file_without_an_image_is_rejected(content: bytes) -> None:
    with pytest.raises(CorruptImageError):
        read_jpeg2000_header(content)


@pytest.mark.parametrize("profile", [b"", b"x", b"not a profile" * 30])
def test_unusable_profile_is_ignored(pattern: NDArray[np.uint8], profile: bytes) -> None:
    colour = box(b"colr", b"\2\0\0" + profile)

    image = read_image(jp2(encode(pattern, codec="j2k"), header(3), colour))

    np.testing.assert_array_equal(image.pixels, pattern)


def test_boxes_with_impossible_lengths_end_the_header(pattern: NDArray[np.uint8]) -> None:
    content = bytearray(encode(pattern))
    place = content.index(b"colr") - 4
    content[place : place + 4] = bytes([0, 0, 0, 2])

    assert read_jpeg2000_header(bytes(content)).width == 56


def test_subsampled_channels_are_read() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), (90, 60, 30)).save(stream, "JPEG2000")
    content = bytearray(stream.getvalue())
    size = content.index(b"\xff\x4f\xff\x51")
    found = read_jpeg2000_header(bytes(content))
    assert not found.is_subsampled
    content[size + 4 + 38 + 1] = 2

    assert read_jpeg2000_header(bytes(content)).is_subsampled
