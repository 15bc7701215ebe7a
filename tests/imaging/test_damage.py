"""Damaged files are read or rejected with an ImageError, and nothing is printed."""

import gzip
import io
import random
from collections.abc import Iterator

import imagecodecs
import numpy as np
import pytest
import tifffile
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import CorruptImageError, ImageError, UnsupportedFormatError
from deepsky.imaging import read_image
from deepsky.imaging.damage import describe_damage
from tests.imaging.xisf_writer import xisf


def valid_files(pattern: NDArray[np.uint8]) -> Iterator[tuple[str, bytes]]:
    image = Image.fromarray(pattern)
    for name in ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF"):
        stream = io.BytesIO()
        image.save(stream, name)
        yield name, stream.getvalue()
    deep = pattern.astype(np.uint16) * 257
    yield "PNG, 16 bits", bytes(imagecodecs.png_encode(deep))
    for compression in (None, "lzw", "zlib", "jpeg"):
        stream = io.BytesIO()
        data = pattern if compression == "jpeg" else deep
        tifffile.imwrite(stream, data, photometric="rgb", compression=compression)
        yield f"TIFF, {compression}", stream.getvalue()
    yield "XISF", xisf(deep)
    yield "XISF in text", xisf(deep, embedded="base64")
    for compression in ("zlib", "lz4+sh", "zstd+sh"):
        yield f"XISF, {compression}", xisf(deep, compression=compression, parts=2)
    yield "FITS", fits_file(fits.PrimaryHDU(np.moveaxis(deep, -1, 0)))
    yield "FITS.gz", gzip.compress(fits_file(fits.PrimaryHDU(deep[..., 0])))
    for compression in ("RICE_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1"):
        packed = fits.CompImageHDU(pattern[..., 0].astype(np.int16), compression_type=compression)
        yield f"FITS, {compression}", fits_file(fits.PrimaryHDU(), packed)


def fits_file(*units: fits.PrimaryHDU | fits.CompImageHDU) -> bytes:
    stream = io.BytesIO()
    fits.HDUList(list(units)).writeto(stream)
    return stream.getvalue()


def mutate(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    if chance.random() < 0.2:
        return bytes(damaged[: chance.randrange(1, len(damaged))])
    # Damage headers more often than the rest of a file.
    reach = chance.choice([len(damaged), min(len(damaged), 400)])
    for _ in range(chance.choice([1, 2, 4, 16])):
        place = chance.randrange(reach)
        flipped = damaged[place] ^ 1 << chance.randrange(8)
        damaged[place] = chance.choice([0, 127, 255, flipped, ord(" "), ord("9")])
    return bytes(damaged)


@pytest.mark.filterwarnings("ignore")
def test_mutated_files_are_read_or_rejected_without_output(
    pattern: NDArray[np.uint8], capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20)
    refused = 0
    for _, content in valid_files(pattern):
        for _ in range(15):
            try:
                read_image(mutate(content, chance))
            except ImageError:
                refused += 1

    assert refused > 100
    assert capfd.readouterr() == ("", "")


def test_truncated_files_are_rejected(pattern: NDArray[np.uint8]) -> None:
    for name, content in valid_files(pattern):
        for fraction in (0.02, 0.3, 0.6):
            truncated = content[: int(len(content) * fraction)]
            with pytest.raises(ImageError):
                pytest.fail(f"{name} truncated at {fraction}: {read_image(truncated)}")


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (SyntaxError("cannot handle 2-layer images"), "JPEG with 2 channels is not supported"),
        (OSError("Unsupported BMP compression (4)"), "an embedded JPEG or PNG image"),
        (OSError("Unsupported BMP pixel depth (2)"), "2 bits per pixel"),
    ],
)
def test_unsupported_features_are_not_called_damage(error: Exception, described: str) -> None:
    found = describe_damage(error, "JPEG")

    assert isinstance(found, UnsupportedFormatError)
    assert described in str(found)
    assert "save the image as" in str(found)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (OSError("image file is truncated (4 bytes not processed)"), "is truncated;"),
        (EOFError(), "is truncated;"),
        (RuntimeError("Decoding error at scanline 0"), "is damaged or truncated;"),
        (KeyError(b"x"), "is damaged or truncated;"),
    ],
)
def test_messages_do_not_contain_the_text_of_libraries(error: Exception, state: str) -> None:
    assert str(describe_damage(error, "JXL")) == (
        f"The JPEG XL file {state} copy or download it again."
    )


def test_text_of_the_library_is_kept_as_the_cause(pattern: NDArray[np.uint8]) -> None:
    stream = io.BytesIO()
    Image.fromarray(pattern).save(stream, "PNG")

    with pytest.raises(CorruptImageError) as caught:
        read_image(stream.getvalue()[:120])

    assert isinstance(caught.value.__cause__, OSError)
