"""Camera raw files are decoded with LibRaw; unsupported ones are named, not called damaged."""

import io
import struct
import sys
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import CorruptImageError, TooManyPixelsError, UnsupportedFormatError
from deepsky.imaging import Limits, read_image
from deepsky.imaging.camera.raw import read_camera_raw
from deepsky.imaging.camera.raw_format import detect_camera_raw
from tests.imaging.dng_writer import dng, mosaic_rggb
from tests.imaging.test_scale import encode

PREVIEW = (200, 120, 40)


def flat(rows: int, columns: int) -> NDArray[np.uint16]:
    colours = np.empty((rows, columns, 3), np.uint16)
    colours[:, : columns // 2] = (20000, 5000, 2000)
    colours[:, columns // 2 :] = (1000, 8000, 16000)
    return colours


def jpeg(size: tuple[int, int] = (160, 120)) -> bytes:
    image = Image.new("RGB", size, PREVIEW)
    image.paste((255, 255, 255), (0, 0, 16, 16))
    return encode(image, quality=95)


def tiff(*directories: list[tuple[int, int, Any]], data: bytes = b"", marker: bytes = b"") -> bytes:
    """Return a TIFF whose directories contain ASCII, SHORT and LONG tags and point to `data`.

    A value "data" is replaced by the offset of `data`, "next" by that of the following directory.
    """
    start = 8 + len(marker)
    sizes = [2 + 12 * len(entries) + 4 for entries in directories]
    texts = b""
    places = [start + sum(sizes[:number]) for number in range(len(sizes))]
    end = start + sum(sizes)
    strings = sum(
        len(value) for part in directories for _, _, value in part if type(value) is bytes
    )
    body = b""
    for number, entries in enumerate(directories):
        body += struct.pack("<H", len(entries))
        for tag, kind, value in entries:
            count = 1
            if isinstance(value, bytes):
                count, place = len(value), end + len(texts)
                texts += value
                value = place
            elif value == "data":
                value = end + strings
            elif value == "next":
                value = places[number + 1]
            body += struct.pack("<HHLL", tag, kind, count, value)
        body += bytes(4)
    return struct.pack("<2sHL", b"II", 42, start) + marker + body + texts + data


def canon_preview() -> bytes:
    """Return the first directory of a CR2: a JPEG in a strip, and no PhotometricInterpretation."""
    content = jpeg()
    first = [(256, 3, 160), (257, 3, 120), (259, 3, 6), (271, 2, b"Canon\0 "), (273, 4, "data")]
    first += [(274, 3, 6), (279, 4, len(content))]
    return tiff(first, data=content, marker=b"CR\2\0\0\0\0\0")


def sony_preview() -> bytes:
    """Return the first directory of an ARW: a JPEG that only JPEGInterchangeFormat describes."""
    content = jpeg()
    first = [(254, 4, 1), (259, 3, 6), (271, 2, b"SONY\0 "), (513, 4, "data")]
    return tiff([*first, (514, 4, len(content))], data=content)


def test_dng_is_decoded_to_linear_colours() -> None:
    decoded = read_camera_raw(io.BytesIO(dng(mosaic_rggb(flat(400, 600)))), "DNG", Limits())

    left, right = decoded.values[200, 100], decoded.values[200, 500]
    assert decoded.values.shape == (400, 600, 3)
    assert decoded.state == "linear"
    np.testing.assert_allclose(left / left[0], (1, 0.25, 0.1), atol=0.01)
    np.testing.assert_allclose(right / right[2], (0.0625, 0.5, 1), atol=0.01)


def test_half_size_is_used_if_it_suffices() -> None:
    content = dng(mosaic_rggb(flat(400, 600)))

    half = read_camera_raw(io.BytesIO(content), "DNG", Limits(), at_least=200)
    whole = read_camera_raw(io.BytesIO(content), "DNG", Limits(), at_least=201)

    assert half.values.shape == (200, 300, 3)
    assert half.size == (600, 400)
    assert whole.values.shape == (400, 600, 3)


def test_half_size_is_used_if_the_full_size_exceeds_the_memory_limit() -> None:
    content = dng(mosaic_rggb(flat(1500, 2000)))

    image = read_image(content, limits=Limits(max_memory=200_000_000))

    assert image.pixels.shape == (750, 1000, 3)
    assert (image.width, image.height) == (2000, 1500)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(orientation: int) -> None:
    colours = flat(400, 600)
    content = dng(mosaic_rggb(colours), orientation=orientation)

    upright = read_image(dng(mosaic_rggb(colours))).pixels
    image = read_image(content)

    assert (image.width, image.height) == ((600, 400) if orientation < 5 else (400, 600))
    assert image.pixels.shape[:2] == (image.height, image.width)
    is_left_first = orientation in (1, 4, 5, 6)
    corner = upright[200, 100] if is_left_first else upright[200, 500]
    np.testing.assert_allclose(image.pixels[40, 40], corner, atol=3)


def test_dng_with_too_many_pixels_is_rejected_before_decoding() -> None:
    content = dng(mosaic_rggb(flat(400, 600)))

    with pytest.raises(TooManyPixelsError):
        read_image(content, limits=Limits(max_pixels=100_000))


def test_truncated_dng_is_rejected() -> None:
    content = dng(mosaic_rggb(flat(400, 600)))

    for length in (len(content) // 2, len(content) - 1):
        with pytest.raises(CorruptImageError, match="DNG raw file is shorter"):
            read_image(content[:length])


@pytest.mark.parametrize(
    ("content", "name"), [(canon_preview(), "CR2"), (sony_preview(), "ARW")], ids=["CR2", "ARW"]
)
def test_preview_is_read_if_libraw_does_not_support_the_file(content: bytes, name: str) -> None:
    image = read_image(content)

    assert (image.format, image.stretch) == (name, None)
    np.testing.assert_allclose(image.pixels[60, 60], PREVIEW, atol=4)


def test_orientation_of_the_raw_file_applies_to_its_preview() -> None:
    image = read_image(canon_preview())

    assert (image.width, image.height) == (120, 160)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", r"Canon raw \(CR3\)"),
        (b"FUJIFILMCCD-RAW 0201FF389501X-T30", r"Fujifilm raw \(RAF\)"),
        (b"IIRO\x08\0\0\0", r"Olympus raw \(ORF\)"),
        (b"IIU\0\x18\0\0\0", r"Panasonic raw \(RW2\)"),
        (b"II*\0\x10\0\0\0CR\x02\0", r"Canon raw \(CR2\)"),
        (b"FOVb\0\0\2\0", r"Sigma raw \(X3F\)"),
        (b"\0MRM\0\0\0\0", r"Minolta raw \(MRW\)"),
        (b"II*\0\x08\0\0\0IIII", r"Phase One raw \(IIQ\)"),
    ],
)
def test_unsupported_camera_is_named_and_not_called_damaged(head: bytes, title: str) -> None:
    with pytest.raises(
        UnsupportedFormatError, match=f"{title}.*convert it to DNG, or save"
    ) as caught:
        read_image(head.ljust(400, b"\0"))

    assert "damaged" not in str(caught.value)


def test_missing_rawpy_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rawpy", None)

    with pytest.raises(UnsupportedFormatError, match=r"Canon raw \(CR3\).*pip install rawpy"):
        read_image(b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom" + bytes(200))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (b"NIKON CORPORATION\0", "NEF"),
        (b"SONY\0 ", "ARW"),
        (b"PENTAX Corporation \0", "PEF"),
        (b"RICOH IMAGING\0", "PEF"),
        (b"SAMSUNG\0", "SRW"),
        (b"Hasselblad\0", "3FR"),
        (b"SEIKO EPSON CORP.\0", "RAW"),
    ],
)
def test_brand_is_known_from_sensor_data_in_a_subdirectory(make: bytes, name: str) -> None:
    first = [(254, 4, 1), (262, 3, 2), (271, 2, make), (273, 4, 8), (330, 4, "next")]
    content = tiff(first, [(259, 3, 1), (262, 3, 32803)])

    assert detect_camera_raw(io.BytesIO(content)) == name


@pytest.mark.parametrize(
    "directory",
    [
        [(262, 3, 2), (271, 2, b"Canon\0 "), (273, 4, 8)],  # exported by a photo editor
        [(262, 3, 32803), (273, 4, 8)],  # mosaic without a camera
        [(262, 3, 1), (273, 4, 8), (330, 4, 0)],
        [],
    ],
)
def test_ordinary_tiff_is_not_a_camera_raw_file(directory: list[tuple[int, int, Any]]) -> None:
    assert detect_camera_raw(io.BytesIO(tiff(directory))) is None


def test_tiff_with_the_tag_of_dng_but_without_sensor_data_is_read_as_tiff() -> None:
    stream = io.BytesIO()
    values = np.full((40, 60, 3), PREVIEW, np.uint8)
    values[0, 0] = 255
    version = (50706, 1, 4, bytes([1, 4, 0, 0]), True)
    tifffile.imwrite(stream, values, photometric="rgb", extratags=[version])

    image = read_image(stream.getvalue())

    assert image.format == "TIFF"
    np.testing.assert_array_equal(image.pixels, values)


def test_intact_dng_with_an_unsupported_compression_is_not_called_damaged() -> None:
    content = dng(mosaic_rggb(flat(400, 600)))
    place = content.index(struct.pack("<HHL", 259, 3, 1)) + 8
    for compression in (8, 52546):
        changed = content[:place] + struct.pack("<L", compression) + content[place + 4 :]

        with pytest.raises(UnsupportedFormatError, match="Adobe DNG raw file") as caught:
            read_image(changed)

        assert "convert it to DNG" not in str(caught.value)


def test_dng_that_only_the_tiff_reader_supports_is_read() -> None:
    version = (50706, 1, 4, bytes([1, 4, 0, 0]), True)
    values = flat(80, 120)
    stream = io.BytesIO()
    options: Any = {"compression": "zlib", "extratags": [version]}
    tifffile.imwrite(stream, values, photometric=34892, **options)

    decoded = read_camera_raw(stream, "DNG", Limits())

    np.testing.assert_array_equal(decoded.values, values)


def test_circular_directories_end() -> None:
    content = bytearray(tiff([(262, 3, 2), (330, 4, 8)]))

    assert detect_camera_raw(io.BytesIO(content)) is None


def test_missing_sensor_data_are_an_error_and_not_black(capfd: pytest.CaptureFixture[str]) -> None:
    content = bytearray(dng(mosaic_rggb(flat(400, 600))))
    strip_offsets = content.index(struct.pack("<HHL", 273, 4, 1)) + 8
    # The directory is intact, but its strip starts near the end of the file.
    strip_lengths = content.index(struct.pack("<HHL", 279, 4, 1)) + 8
    content[strip_offsets : strip_offsets + 4] = struct.pack("<L", len(content) - 1000)
    content[strip_lengths : strip_lengths + 4] = struct.pack("<L", 1000)

    with pytest.raises(CorruptImageError, match=r"Adobe DNG raw file is incomplete"):
        read_image(bytes(content))

    assert capfd.readouterr() == ("", "")
