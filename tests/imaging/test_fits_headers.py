import gzip
import io

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, TooManyFramesError
from deepsky.imaging import Limits, read_image
from tests.imaging.fits_writer import BLOCK, header, image_file, text_header


@pytest.fixture
def counts(grey: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Return a signed 16-bit image whose data do not fill whole blocks."""
    return grey.astype(np.int16) * 100


@pytest.fixture
def expected(counts: NDArray[np.int16]) -> NDArray[np.uint8]:
    return read_image(image_file(counts)).pixels


@pytest.mark.parametrize("padding", [b"\0", b" ", None])
@pytest.mark.parametrize("first", [0, 1000])
def test_data_are_found_after_any_padding(
    counts: NDArray[np.int16], padding: bytes | None, first: int
) -> None:
    counts[-20:] = first  # zeros at the start of the data resemble padding of NUL
    content = image_file(counts, padding=padding)

    pixels = read_image(content).pixels

    np.testing.assert_array_equal(pixels, read_image(image_file(counts)).pixels)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_data_after_an_unpadded_header_need_no_padding(
    counts: NDArray[np.int16], expected: NDArray[np.uint8], pack: type[bytes]
) -> None:
    content = image_file(counts, padding=None)
    size = 8 * 80 - 80 * 2 + counts.nbytes

    np.testing.assert_array_equal(read_image(pack(content[:size])).pixels, expected)


def test_extension_after_an_unpadded_header_is_read(
    counts: NDArray[np.int16], expected: NDArray[np.uint8]
) -> None:
    primary = image_file(np.zeros((4, 5), np.int16), padding=None)
    extension = image_file(counts).replace(b"SIMPLE  = T       ", b"XTENSION= 'IMAGE' ")

    np.testing.assert_array_equal(read_image(primary + extension).pixels, expected)


def test_padding_that_is_not_blank_is_ignored_if_the_size_fits(
    counts: NDArray[np.int16], expected: NDArray[np.uint8]
) -> None:
    content = bytearray(image_file(counts))
    content[BLOCK - 10 : BLOCK] = b"junk\r\njunk"

    np.testing.assert_array_equal(read_image(bytes(content)).pixels, expected)


def test_additional_blank_block_is_skipped(
    counts: NDArray[np.int16], expected: NDArray[np.uint8]
) -> None:
    content = image_file(counts)

    pixels = read_image(content[:BLOCK] + b" " * BLOCK + content[BLOCK:]).pixels

    np.testing.assert_array_equal(pixels, expected)


def test_contradictory_padding_is_rejected(counts: NDArray[np.int16]) -> None:
    content = bytearray(image_file(counts))
    content[BLOCK - 10 : BLOCK] = b"junk\r\njunk"

    with pytest.raises(CorruptImageError, match="not padded"):
        read_image(bytes(content) + b"trailing data")


@pytest.mark.parametrize("end", [b"END".ljust(80, b"\0"), b"END\r\n".ljust(80)])
def test_end_card_can_be_filled_with_control_characters(
    counts: NDArray[np.int16], expected: NDArray[np.uint8], end: bytes
) -> None:
    content = image_file(counts).replace(b"END".ljust(80), end)

    np.testing.assert_array_equal(read_image(content).pixels, expected)


@pytest.mark.parametrize(
    "card",
    [
        "ROWORDER= BOTTOM-UP",
        "CCD-TEMP= -10,5",
        "BLANK   = 'none'",
        "BLANK   = -32768.0",
        "AIRMASS = NaN",
        "HUMIDITY= INF",
        "EXTNAME = 'never closed",
        "OBSERVER= 'Jürgen'",
        "HIERARCH no value at all",
        "BAD KEY = 5",
        "\0\0\0",
        "CHECKSUM= 'wrong'",
        "BSCALE  = 0",
        "BITPIX  = 8",
        "CTYPE1  = 5",
        "EXTEND  = maybe",
    ],
)
def test_invalid_optional_card_does_not_prevent_reading(
    counts: NDArray[np.int16], expected: NDArray[np.uint8], card: str
) -> None:
    np.testing.assert_array_equal(read_image(image_file(counts, card)).pixels, expected)


@pytest.mark.parametrize("kind", ["RICE_1", "GZIP_1"])
def test_invalid_optional_card_of_a_compressed_image_does_not_prevent_reading(
    counts: NDArray[np.int16], expected: NDArray[np.uint8], kind: str
) -> None:
    stream = io.BytesIO()
    packed = fits.CompImageHDU(counts, compression_type=kind)
    packed.header["OBSERVER"] = "someone"
    packed.header["CCD-TEMP"] = -10.5
    fits.HDUList([fits.PrimaryHDU(), packed]).writeto(stream)
    content = stream.getvalue().replace(b"'someone'", b"someone, ")
    content = content.replace(b"-10.5 ", b"-10,5 ")

    np.testing.assert_array_equal(read_image(content).pixels, expected)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("BITPIX", "sixteen"),
        ("BITPIX", "17"),
        ("NAXIS", "two"),
        ("NAXIS", "1000000"),
        ("NAXIS1", "56,0"),
        ("NAXIS2", "-40"),
        ("BZERO", "32768,0"),
        ("BSCALE", "NaN"),
    ],
)
def test_message_names_the_card_that_prevents_reading(
    counts: NDArray[np.int16], keyword: str, value: str
) -> None:
    with pytest.raises(CorruptImageError, match=rf"\b{keyword}\b"):
        read_image(image_file(counts, **{keyword: value}))  # type: ignore[arg-type]


@pytest.mark.parametrize("start", ["SIMPLE  = F", "SIMPLE = T", "simple  = T", "SIMPLE  =  'T'"])
def test_variants_of_the_first_card_are_accepted(
    counts: NDArray[np.int16], expected: NDArray[np.uint8], start: str
) -> None:
    content = image_file(counts).replace(b"SIMPLE  = T".ljust(80), start.ljust(80).encode())

    np.testing.assert_array_equal(read_image(content).pixels, expected)


def test_lone_extension_is_read(counts: NDArray[np.int16], expected: NDArray[np.uint8]) -> None:
    content = image_file(counts).replace(b"SIMPLE  = T       ", b"XTENSION= 'IMAGE' ")

    np.testing.assert_array_equal(read_image(content).pixels, expected)


def test_damaged_extension_after_the_image_is_ignored(
    counts: NDArray[np.int16], expected: NDArray[np.uint8]
) -> None:
    for damaged in (
        b"XTENSION= 'IMAGE'",
        text_header(["XTENSION= 'BINTABLE'", "BITPIX  = ?"]),
        text_header(["XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 0", "ZIMAGE  = T"]),
    ):
        np.testing.assert_array_equal(read_image(image_file(counts) + damaged).pixels, expected)


def test_number_of_units_is_limited(counts: NDArray[np.int16]) -> None:
    empty = header(XTENSION="'IMAGE'", BITPIX=8, NAXIS=0)

    with pytest.raises(TooManyFramesError):
        read_image(image_file(counts) + empty * 5, limits=Limits(max_frames=5))
