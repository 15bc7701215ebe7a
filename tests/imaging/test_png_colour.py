import io
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.imaging import read_image

HEADER_END = 33
DISPLAY_P3 = b"\x0c\x0d\x00\x01"
SRGB_CODE_POINTS = b"\x01\x0d\x00\x01"
SRGB_CHROMATICITIES = struct.pack(">8L", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
ADOBE_CHROMATICITIES = struct.pack(">8L", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


def chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", checksum)


def png(pixels: NDArray[np.uint8], *chunks: bytes) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    content = stream.getvalue()
    return content[:HEADER_END] + b"".join(chunks) + content[HEADER_END:]


def gamma(value: int) -> bytes:
    return chunk(b"gAMA", struct.pack(">L", value))


def test_code_points_are_applied() -> None:
    colour = np.full((8, 8, 3), (200, 30, 30), np.uint8)
    colour[0] = 50

    pixels = read_image(png(colour, chunk(b"cICP", DISPLAY_P3))).pixels

    assert tuple(pixels[1, 0]) == (218, 0, 6)
    assert tuple(pixels[0, 0]) == (50, 50, 50)


def test_gamma_is_applied(grey: NDArray[np.uint8]) -> None:
    pixels = read_image(png(grey, gamma(55_556))).pixels

    linear = (grey / 255) ** 1.8
    expected = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(pixels[..., 0], expected * 255, atol=1.5)


def test_chromaticities_are_applied() -> None:
    colour = np.full((8, 8, 3), (60, 200, 60), np.uint8)
    colour[0] = 100
    chunks = [gamma(45_455), chunk(b"cHRM", ADOBE_CHROMATICITIES)]

    pixels = read_image(png(colour, *chunks)).pixels

    assert pixels[1, 0, 0] == 0
    np.testing.assert_allclose(pixels[0, 0], 100, atol=1)


@pytest.mark.parametrize(
    "chunks",
    [
        [gamma(45_455)],
        [gamma(45_455), chunk(b"cHRM", SRGB_CHROMATICITIES)],
        [gamma(100_000), chunk(b"sRGB", b"\0")],
        [gamma(100_000), chunk(b"cICP", SRGB_CODE_POINTS)],
        [gamma(0)],
        [gamma(4_000_000_000)],
        [gamma(45_455), chunk(b"cHRM", bytes(32))],
        [chunk(b"cHRM", ADOBE_CHROMATICITIES)],
        [chunk(b"cICP", b"\x02\x02\0\1")],
        [chunk(b"iCCP", b"name\0\0damaged")],
    ],
)
def test_srgb_or_unusable_chunks_change_nothing(
    pattern: NDArray[np.uint8], chunks: list[bytes]
) -> None:
    np.testing.assert_array_equal(read_image(png(pattern, *chunks)).pixels, pattern)


def test_bomb_in_a_profile_is_ignored(pattern: NDArray[np.uint8]) -> None:
    bomb = chunk(b"iCCP", b"name\0\0" + zlib.compress(bytes(200_000_000)))

    np.testing.assert_array_equal(read_image(png(pattern, bomb)).pixels, pattern)


@pytest.mark.parametrize("depth", [8, 16])
def test_profile_of_a_png_is_applied_at_every_depth(pattern: NDArray[np.uint8], depth: int) -> None:
    icc = imagecodecs.cms_profile(
        "rgb",
        whitepoint=(0.3127, 0.3290),
        primaries=(0.64, 0.33, 0.21, 0.71, 0.15, 0.06),
        gamma=2.2,
    )
    pattern[:20, :28] = (180, 90, 60)
    content = png(pattern)
    if depth == 16:
        content = bytes(imagecodecs.png_encode(pattern.astype(np.uint16) * 257))
    packed = chunk(b"iCCP", b"Adobe\0\0" + zlib.compress(icc))

    pixels = read_image(content[:HEADER_END] + packed + content[HEADER_END:]).pixels

    np.testing.assert_allclose(pixels[0, 0], (208, 89, 56), atol=3)
