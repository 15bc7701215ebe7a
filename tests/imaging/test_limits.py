import gzip
import io
import resource
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import (
    CorruptImageError,
    FileTooLargeError,
    LimitExceededError,
    TooManyFramesError,
    TooManyPixelsError,
    UnsupportedFormatError,
)
from deepsky.imaging import Limits, read_image
from deepsky.imaging.raster.gif import count_frames


def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


def fits_header(*cards: tuple[str, object]) -> bytes:
    text: str = fits.Header(cards).tostring()
    return text.encode()


def one_bit_png(side: int) -> bytes:
    rows = zlib.compressobj()
    packed = b"".join(rows.compress(b"\0" + b"\x0f" * ((side + 7) // 8)) for _ in range(side))
    chunks = {
        b"IHDR": struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0),
        b"IDAT": packed + rows.flush(),
        b"IEND": b"",
    }
    parts = [
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


TERABYTES = fits_header(
    ("SIMPLE", True), ("BITPIX", -64), ("NAXIS", 2), ("NAXIS1", 1_000_000), ("NAXIS2", 1_000_000)
)


def test_huge_png_is_rejected_without_using_memory() -> None:
    content = one_bit_png(13_000)
    tracemalloc.start()
    try:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(TooManyPixelsError, match="13000 by 13000"):
            read_image(content, limits=Limits(max_pixels=120_000_000))
        _, python_peak = tracemalloc.get_traced_memory()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    finally:
        tracemalloc.stop()
    assert python_peak < 10_000_000
    assert after - before < 50_000  # in KiB; the decoded image would be 169 MB


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_max_pixels_is_applied(image_format: str) -> None:
    content = encode(Image.linear_gradient("L").resize((300, 200)).convert("RGB"), image_format)

    assert read_image(content, limits=Limits(max_pixels=60_000)).width == 300
    with pytest.raises(TooManyPixelsError):
        read_image(content, limits=Limits(max_pixels=59_999))


@pytest.mark.parametrize(
    ("image_format", "kept"), [("PNG", 60), ("JPEG", 640), ("GIF", 40), ("BMP", 60)]
)
def test_too_many_pixels_are_detected_from_the_header(image_format: str, kept: int) -> None:
    cut_off = encode(Image.new("RGB", (300, 200)), image_format)[:kept]

    with pytest.raises(TooManyPixelsError):
        read_image(cut_off, limits=Limits(max_pixels=59_999))
    with pytest.raises(CorruptImageError):
        read_image(cut_off)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_fits_header_with_terabytes_of_data_is_rejected(pack: Any) -> None:
    with pytest.raises(TooManyPixelsError, match="1000000 by 1000000"):
        read_image(pack(TERABYTES))
    with pytest.raises(FileTooLargeError, match="8,000,000,002,880 bytes"):
        read_image(pack(TERABYTES), limits=Limits(max_pixels=10**13))
    with pytest.raises(CorruptImageError, match="shorter"):
        read_image(pack(TERABYTES), limits=Limits(max_pixels=10**13, max_bytes=10**14))


def test_max_bytes_limits_decompression_of_gzipped_fits() -> None:
    stream = io.BytesIO()
    fits.PrimaryHDU(np.arange(600_000, dtype=np.int16).reshape(10, 200, 300)).writeto(stream)
    packed = gzip.compress(stream.getvalue())

    assert read_image(packed, limits=Limits(max_bytes=1_300_000)).pixels.shape == (200, 300, 3)
    with pytest.raises(FileTooLargeError):
        read_image(packed, limits=Limits(max_bytes=1_200_000))


def test_max_pixels_applies_to_decompressed_fits() -> None:
    stream = io.BytesIO()
    image = fits.CompImageHDU(np.zeros((200, 300), np.int16))
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(stream)

    with pytest.raises(TooManyPixelsError):
        read_image(stream.getvalue(), limits=Limits(max_pixels=59_999))


def test_fits_header_without_end_is_rejected() -> None:
    with pytest.raises(CorruptImageError, match="no END"):
        read_image(gzip.compress(b"SIMPLE  =" + b" " * 5_000_000))


def test_gzip_bomb_is_not_decompressed() -> None:
    table = fits_header(
        ("XTENSION", "BINTABLE"),
        ("BITPIX", 8),
        ("NAXIS", 2),
        ("NAXIS1", 1),
        ("NAXIS2", 5_000_000_000),
        ("PCOUNT", 0),
        ("GCOUNT", 1),
        ("TFIELDS", 0),
    )
    primary = fits_header(("SIMPLE", True), ("BITPIX", 8), ("NAXIS", 0))

    with pytest.raises(FileTooLargeError, match="5,000,005,760 bytes"):
        read_image(gzip.compress(primary + table + bytes(10_000)))
    with pytest.raises(UnsupportedFormatError):
        read_image(gzip.compress(bytes(10_000_000)))


def test_max_bytes_is_applied_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "sparse.fits"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)

    with pytest.raises(FileTooLargeError, match="5,000,000,000 bytes"):
        read_image(path)
    with pytest.raises(FileTooLargeError):
        read_image(b"12345", limits=Limits(max_bytes=4))


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", None, True])
@pytest.mark.parametrize("name", ["max_bytes", "max_pixels", "max_frames", "max_memory"])
def test_limit_that_is_not_a_positive_integer_is_rejected(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"Limits\.{name} must be a positive integer"):
        Limits(**{name: value})


@pytest.mark.parametrize(
    ("interface", "name"),
    [
        ("python", r"Limits\.max_pixels"),
        ("command", "--max-pixels"),
        ("server", "DEEPSKY_MAX_PIXELS"),
    ],
)
def test_message_names_the_limit_as_in_the_interface(interface: Any, name: str) -> None:
    content = encode(Image.new("L", (20, 20)), "PNG")

    with pytest.raises(TooManyPixelsError, match=name):
        read_image(content, limits=Limits(max_pixels=399, interface=interface))


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG"])
def test_max_frames_is_applied(grey: NDArray[np.uint8], image_format: str) -> None:
    frames = [Image.fromarray(np.roll(grey, shift, 1)) for shift in range(4)]
    content = encode(frames[0], image_format, save_all=True, append_images=frames[1:])

    assert read_image(content, limits=Limits(max_frames=4)).width == 56
    with pytest.raises(TooManyFramesError):
        read_image(content, limits=Limits(max_frames=3))


def test_frames_of_a_gif_are_counted_up_to_the_limit(grey: NDArray[np.uint8]) -> None:
    frames = [Image.fromarray(np.roll(grey, shift, 1)) for shift in range(50)]
    content = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])

    stream = io.BytesIO(content)
    assert count_frames(stream, 5) == 6
    assert stream.tell() < len(content) / 4
    assert count_frames(stream, 1000) == 50


def test_large_allowed_image_causes_no_warning(tmp_path: Path) -> None:
    """`PIL.Image.open` would warn above 89 million pixels, and fail above twice that number."""
    path = tmp_path / "wide.png"
    path.write_bytes(one_bit_png(9_500))
    script = "import sys, deepsky.imaging as i; print(i.read_image(sys.argv[1]).width)"

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, path], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "9500", "")


def test_png_with_too_many_chunks_is_rejected(grey: NDArray[np.uint8]) -> None:
    content = encode(Image.fromarray(grey), "PNG")
    place = content.index(b"IDAT") - 4
    empty = b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4, "big")
    unknown = b"\0\0\0\0abCd" + zlib.crc32(b"abCd").to_bytes(4, "big")

    for chunk in (empty, unknown):
        assert read_image(content[:place] + chunk * 50_000 + content[place:]).format == "PNG"
        with pytest.raises(LimitExceededError, match="too many chunks"):
            read_image(content[:place] + chunk * 150_000 + content[place:])


@pytest.mark.parametrize(
    "inserted",
    [b"!\xfe\x01a\0" * 20_000, b"!\xfe" + b"\x01a" * 20_000 + b"\0", b"!\xf9\0" * 20_000],
    ids=["comments", "one comment", "empty extensions"],
)
def test_gif_with_too_many_extension_blocks_is_rejected(
    grey: NDArray[np.uint8], inserted: bytes
) -> None:
    content = encode(Image.fromarray(grey), "GIF")
    place = 13 + (3 << ((content[10] & 7) + 1))  # after the colour table

    for before in (b"", b"\1", b"!\xfe\x01a\0"):
        with pytest.raises(LimitExceededError, match="too many blocks"):
            read_image(content[:place] + before + inserted + content[place:])
    with pytest.raises(LimitExceededError, match="too many blocks"):
        read_image(content[:-1] + inserted + content[-1:])


def test_gif_with_tiny_blocks_is_rejected(grey: NDArray[np.uint8]) -> None:
    frame = b"," + bytes(8) + b"\0\x08" + b"\x01a" * 50_000 + b"\0"
    with pytest.raises(LimitExceededError, match="too many blocks"):
        read_image(encode(Image.fromarray(grey), "GIF")[:-1] + frame + b";")
