import bz2
import gzip
import io
import lzma
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import CorruptImageError, FileTooLargeError, UnsupportedFormatError
from deepsky.imaging import Limits, read_image
from tests.imaging.fits_writer import header, image_file
from tests.imaging.lzw_writer import compress

Pack = Callable[[Any], bytes]

COMPRESSIONS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "compress": compress,
}


@pytest.fixture(params=COMPRESSIONS, ids=list(COMPRESSIONS))
def pack(request: pytest.FixtureRequest) -> Pack:
    return COMPRESSIONS[request.param]


@pytest.fixture
def noise() -> NDArray[np.int16]:
    """Return an image whose compressed size exceeds the size of one piece that is read."""
    return np.random.default_rng(2).normal(1000, 300, (900, 1000)).astype(np.int16)


def test_compressed_fits_is_read(pack: Pack, noise: NDArray[np.int16]) -> None:
    content = image_file(noise)

    image = read_image(pack(content))

    assert image.format == "FITS"
    np.testing.assert_array_equal(image.pixels, read_image(content).pixels)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF", "JPEG", "BMP"])
def test_other_compressed_images_are_read(
    pack: Pack, pattern: NDArray[np.uint8], image_format: str
) -> None:
    stream = io.BytesIO()
    Image.fromarray(pattern).save(stream, image_format)

    image = read_image(pack(stream.getvalue()))

    assert image.format == image_format
    np.testing.assert_array_equal(image.pixels, read_image(stream.getvalue()).pixels)


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz"])
@pytest.mark.parametrize("tail", [b"junk", bytes(5000), b"\n", b"\x1f", b"BZ"])
def test_anything_after_the_compressed_data_is_ignored(
    grey: NDArray[np.uint8], kind: str, tail: bytes
) -> None:
    content = image_file(grey.astype(np.int16))

    assert read_image(COMPRESSIONS[kind](content) + tail).width == 56


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz"])
def test_several_compressed_streams_are_joined(noise: NDArray[np.int16], kind: str) -> None:
    content, packed = image_file(noise), COMPRESSIONS[kind]

    pixels = read_image(packed(content[:5000]) + packed(content[5000:])).pixels

    np.testing.assert_array_equal(pixels, read_image(content).pixels)


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz"])
@pytest.mark.parametrize("cut", [30, 2000, -1, -9])
def test_message_names_the_truncated_compression(
    noise: NDArray[np.int16], kind: str, cut: int
) -> None:
    packed = COMPRESSIONS[kind](image_file(noise))

    with pytest.raises(CorruptImageError, match=f"The {kind} file is truncated"):
        read_image(packed[:cut])


def test_truncated_file_in_compress_format_is_rejected(noise: NDArray[np.int16]) -> None:
    packed = compress(image_file(noise))

    with pytest.raises(CorruptImageError, match="shorter than its header"):
        read_image(packed[:-1000])


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz"])
def test_message_names_the_damaged_compression(noise: NDArray[np.int16], kind: str) -> None:
    packed = bytearray(COMPRESSIONS[kind](image_file(noise)))
    packed[len(packed) // 2] ^= 0x55

    with pytest.raises(CorruptImageError, match=f"The {kind} file is damaged; copy"):
        read_image(bytes(packed))


@pytest.mark.parametrize("flags", [0x80 | 17, 0x80 | 31, 0xF0, 8])
def test_invalid_header_of_compress_format_is_rejected(flags: int) -> None:
    packed = bytearray(compress(image_file(np.eye(4, dtype=np.int16))))
    packed[2] = flags

    with pytest.raises(CorruptImageError, match=r"The compress \(.Z\) file is damaged"):
        read_image(bytes(packed))


def test_nested_compression_is_rejected(pack: Pack) -> None:
    with pytest.raises(UnsupportedFormatError, match="contains another compressed file"):
        read_image(pack(gzip.compress(image_file(np.eye(4, dtype=np.int16)))))


def test_compressed_file_without_an_image_is_rejected(pack: Pack) -> None:
    with pytest.raises(UnsupportedFormatError, match="does not contain an image"):
        read_image(pack(b"Observing notes"))


def test_max_bytes_limits_the_decompressed_size(pack: Pack, noise: NDArray[np.int16]) -> None:
    packed = pack(image_file(noise))

    assert read_image(packed, limits=Limits(max_bytes=2_000_000)).width == 1000
    with pytest.raises(FileTooLargeError):
        read_image(packed, limits=Limits(max_bytes=1_790_000))


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz"])
def test_huge_content_is_not_decompressed(kind: str) -> None:
    start = header(SIMPLE="T", BITPIX=8, NAXIS=2, NAXIS1=1_000_000, NAXIS2=1_000_000)
    tiff = b"II*\0" + bytes(300_000_000)
    packed = [COMPRESSIONS[kind](start + bytes(300_000_000)), COMPRESSIONS[kind](tiff)]

    tracemalloc.start()
    for content in packed:
        with pytest.raises((FileTooLargeError, CorruptImageError)):
            read_image(content, limits=Limits(max_pixels=10**13, max_bytes=10_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 60_000_000


def test_dictionary_of_an_xz_file_is_limited() -> None:
    packed = bytearray(lzma.compress(b"SIMPLE  = T"))
    block, lzma2 = 12, b"\x21\x01"
    end = block + (packed[block] + 1) * 4 - 4  # of the block header, before its CRC
    packed[packed.index(lzma2) + 2] = 38  # a dictionary of 2 GiB
    packed[end : end + 4] = zlib.crc32(packed[block:end]).to_bytes(4, "little")

    with pytest.raises(CorruptImageError, match="The xz file is damaged"):
        read_image(bytes(packed))
