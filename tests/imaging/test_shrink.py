"""Images that exceed the memory limit are read at reduced size, with nearly the same result."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import LimitExceededError, TooMuchMemoryError
from deepsky.imaging import ImageData, Limits, read_image
from deepsky.imaging.shrink import choose_factor, shrink
from tests.imaging.xisf_writer import xisf

HEIGHT, WIDTH = 301, 402


@pytest.fixture
def small_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make bands so small that a test image consists of many bands."""
    readers = "raster.pillow_bands", "raster.png", "tiff.reader", "fits.bands", "xisf.reader"
    for module in ("shrink", *readers):
        monkeypatch.setattr(f"deepsky.imaging.{module}.BAND_BYTES", 20_000)
    monkeypatch.setattr("deepsky.imaging.limits._RESERVE", 0)


def scene(channels: int, dtype: str = "u1") -> NDArray[Any]:
    """Return an image with a galaxy, a gradient and noise."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    core = np.exp(-np.hypot(rows - 140, columns - 220) / 40)
    noise = np.random.default_rng(1).normal(0, 0.01, (HEIGHT, WIDTH, channels))
    tint = np.linspace(1, 0.7, channels)
    values = np.clip(0.1 + columns[..., None] / 4000 + 0.7 * core[..., None] * tint + noise, 0, 1)
    kind = np.dtype(dtype)
    scaled = values * np.iinfo(kind).max if kind.kind in "iu" else values
    result: NDArray[Any] = scaled.astype(kind)
    return result


def encode(values: NDArray[Any], image_format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    squeezed = values[..., 0] if values.shape[-1] == 1 else values
    Image.fromarray(squeezed).save(stream, image_format, **options)
    return stream.getvalue()


def tiff(values: NDArray[Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    photometric = "rgb" if values.shape[-1] >= 3 else "minisblack"
    settings = {"photometric": photometric, "rowsperstrip": 7, **options}
    squeezed = values[..., 0] if values.shape[-1] == 1 else values
    if settings.get("planarconfig") == "separate":
        squeezed = np.moveaxis(squeezed, -1, 0)
    if "tile" in settings:
        del settings["rowsperstrip"]
    tifffile.imwrite(stream, squeezed, **settings)
    return stream.getvalue()


def assert_similar(reduced: ImageData, whole: ImageData) -> None:
    """Assert that an image was read at reduced size and shows the same as the whole image."""
    assert (reduced.width, reduced.height) == (whole.width, whole.height)
    assert reduced.pixels.shape[0] < whole.pixels.shape[0]
    size = (60, 80)
    small, large = (
        np.asarray(Image.fromarray(np.ascontiguousarray(image.pixels)).resize(size), float)
        for image in (reduced, whole)
    )
    assert np.abs(small - large).mean() < 4
    assert np.abs(small - large).max() < 32


def read_reduced(content: bytes, at_least: int | None = None) -> ImageData:
    """Read an image with as little memory as is allowed."""
    for memory in range(50_000, 5_000_000, 50_000):
        try:
            return read_image(content, limits=Limits(max_memory=memory), at_least=at_least)
        except TooMuchMemoryError:
            continue
    raise AssertionError


TIFFS: dict[str, Callable[[], bytes]] = {
    "uncompressed": lambda: tiff(scene(3, "u2")),
    "one strip": lambda: tiff(scene(3, "u2"), rowsperstrip=HEIGHT),
    "planes": lambda: tiff(scene(3, "u2"), planarconfig="separate"),
    "compressed planes": lambda: tiff(scene(3, "u2"), planarconfig="separate", compression="zlib"),
    "big-endian": lambda: tiff(scene(1, "u2"), byteorder=">"),
    "BigTIFF": lambda: tiff(scene(1, "u2"), bigtiff=True, compression="zlib", predictor=True),
    "big-endian BigTIFF": lambda: tiff(scene(3, "u2"), bigtiff=True, byteorder=">"),
    "predictor": lambda: tiff(scene(3, "u2"), compression="zlib", predictor=True),
    "LZW": lambda: tiff(scene(3, "u1"), compression="lzw", predictor=True),
    "float": lambda: tiff(scene(3, "f4"), compression="zstd", predictor=True),
    "tiles": lambda: tiff(scene(3, "u2"), tile=(32, 48), compression="zlib"),
    "float tiles": lambda: tiff(scene(1, "f4"), tile=(16, 64)),
    "tiled planes": lambda: tiff(scene(3, "u1"), tile=(32, 48), planarconfig="separate"),
    "JPEG": lambda: tiff(scene(3, "u1"), compression="jpeg", rowsperstrip=16),
}


@pytest.mark.usefixtures("small_bands")
@pytest.mark.parametrize("content", TIFFS.values(), ids=TIFFS)
def test_tiff_is_reduced(content: Callable[[], bytes]) -> None:
    assert_similar(read_reduced(content()), read_image(content()))


@pytest.mark.usefixtures("small_bands")
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bit_png_is_reduced(channels: int) -> None:
    values = scene(channels, "u2")
    if channels % 2 == 0:
        values[..., -1] = 65535
        values[:50, :, -1] = 0
    content = bytes(imagecodecs.png_encode(values.squeeze(), level=6))

    assert_similar(read_reduced(content), read_image(content))


@pytest.mark.usefixtures("small_bands")
@pytest.mark.parametrize("filters", range(5))
def test_bands_of_a_png_continue_the_filter_of_the_row_above(filters: int) -> None:
    values = scene(3, "u2").astype(">u2")
    lines = values.reshape(HEIGHT, -1).view(np.uint8).astype(int)
    above = np.vstack([np.zeros_like(lines[:1]), lines[:-1]])
    left, corner = (
        np.hstack([np.zeros((HEIGHT, 6), int), rows[:, :-6]]) for rows in (lines, above)
    )
    distances = [np.abs(left + above - corner - side) for side in (left, above, corner)]
    paeth = np.choose(np.argmin(distances, axis=0), [left, above, corner])
    predicted = [np.zeros_like(lines), left, above, (left + above) // 2, paeth][filters]
    encoded = ((lines - predicted) % 256).astype(np.uint8)
    rows = b"".join(bytes([filters]) + row.tobytes() for row in encoded)
    header = struct.pack(">LLBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )

    assert_similar(read_reduced(content), read_image(content))


@pytest.mark.usefixtures("small_bands")
@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "BMP"])
@pytest.mark.parametrize("channels", [1, 3])
def test_raster_image_is_reduced(image_format: str, channels: int) -> None:
    content = encode(scene(channels), image_format)

    assert_similar(read_reduced(content), read_image(content))


@pytest.mark.usefixtures("small_bands")
def test_transparent_png_is_reduced() -> None:
    values = scene(4)
    values[..., 3] = 255
    values[:50, :, 3] = 0
    content = encode(values, "PNG")

    assert_similar(read_reduced(content), read_image(content))


def test_blocks_are_averaged_across_bands() -> None:
    values = np.arange(7 * 9, dtype=np.uint16).reshape(7, 9)
    expected = values[:6, :8].reshape(3, 2, 4, 2).mean(axis=(1, 3)).round()

    assert np.array_equal(shrink([values], 2), expected)
    assert np.array_equal(shrink([values[i : i + 1] for i in range(7)], 2), expected)
    assert np.array_equal(shrink([values[:3], values[3:4], values[4:]], 2), expected)


def test_nan_is_ignored_unless_a_block_contains_nothing_else() -> None:
    values = np.array([[1, np.nan, np.nan, np.nan], [3, 5, np.nan, np.nan]], np.float32)

    assert np.array_equal(shrink([values], 2), [[3, np.nan]], equal_nan=True)


def test_image_that_is_narrower_than_a_block_keeps_one_pixel() -> None:
    assert shrink([np.full((3, 40, 3), 7, np.uint8)], 4).shape == (1, 10, 3)
    assert shrink([np.full((40, 3), 7, np.uint8)], 4).shape == (10, 1)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "u4", "i4", "f4", "f8"])
def test_mean_of_large_values_is_exact(dtype: str) -> None:
    kind = np.dtype(dtype)
    most = np.iinfo(kind).max if kind.kind in "iu" else 1e9

    assert shrink([np.full((64, 64), most, kind)], 32).tolist() == [[most] * 2] * 2


def test_factor_is_even_and_as_small_as_possible() -> None:
    limits = Limits(max_memory=1_000_000_000)

    assert choose_factor(10_000, 10_000, 8, limits) == 1
    assert choose_factor(10_000, 10_000, 12, limits) == 2
    assert choose_factor(50_000, 50_000, 12, limits) % 2 == 0
    with pytest.raises(TooMuchMemoryError, match=r"Limits\.max_memory"):
        choose_factor(10, 10, 12, limits, fixed_bytes=1_000_000_000)


def test_jpeg_with_too_many_scans_is_rejected() -> None:
    content = encode(scene(1), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    scans = content.count(b"\xff\xda")
    repeated = content[:last] + content[last:-2] * (101 - scans) + content[-2:]
    too_many = content[:last] + content[last:-2] * (102 - scans) + content[-2:]

    assert read_image(repeated).width == WIDTH
    with pytest.raises(LimitExceededError, match=r"more than the 100 scans.*baseline"):
        read_image(too_many)


def test_jpeg_with_too_many_segments_is_rejected() -> None:
    content = encode(scene(1), "JPEG")

    many = {
        "segments": (2, b"\xff\xe5\0\x02" * 20_000),
        "fill bytes": (2, b"\xff" * 20_000),
        "fill bytes after the frame header": (content.index(b"\xff\xda"), b"\xff" * 20_000),
    }
    for place, inserted in many.values():
        with pytest.raises(LimitExceededError, match="too many metadata segments"):
            read_image(content[:place] + inserted + content[place:])


def test_jpeg_with_too_many_segments_between_scans_is_rejected() -> None:
    content = encode(scene(1), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")

    assert read_image(content[:last] + b"\xff" * 9_000 + content[last:]).width == WIDTH
    for inserted in (b"\xff\xe5\0\x02" * 200_000, b"\xff" * 20_000, b"\xff" * (3 << 20)):
        with pytest.raises(LimitExceededError, match="too many segments"):
            read_image(content[:last] + inserted + content[last:])


def test_data_after_the_end_of_a_jpeg_do_not_count() -> None:
    content = encode(scene(1), "JPEG", progressive=True)

    assert read_image(content + b"\xff\xda\0\x02" * 200_000).width == WIDTH


def test_scans_in_an_embedded_thumbnail_do_not_count() -> None:
    thumbnail = b"\xff\xda" * 500
    content = encode(scene(3), "JPEG", progressive=True, comment=thumbnail)

    assert read_image(content).width == WIDTH


@pytest.mark.usefixtures("small_bands")
def test_small_file_that_cannot_be_decoded_in_bands_is_refused() -> None:
    zeros = np.zeros((HEIGHT, WIDTH, 4), np.float64)
    content = tiff(zeros, compression="zlib", rowsperstrip=HEIGHT, extrasamples=["unassalpha"])

    assert len(content) < 10_000
    with pytest.raises(TooMuchMemoryError, match=r"MB.*fewer.*--max-memory"):
        read_image(content, limits=Limits(max_memory=4_000_000, interface="command"))


def fits_file(values: NDArray[Any], *, compression: str | None = None, **cards: Any) -> bytes:
    stream = io.BytesIO()
    header = fits.Header(cards)
    if compression is None:
        units = [fits.PrimaryHDU(values, header)]
    else:
        tiles = (*(1,) * (values.ndim - 2), 16, values.shape[-1])
        image = fits.CompImageHDU(values, header, compression_type=compression, tile_shape=tiles)
        units = [fits.PrimaryHDU(), image]
    fits.HDUList(units).writeto(stream)
    return stream.getvalue()


def planes(dtype: str) -> NDArray[Any]:
    return np.moveaxis(scene(3, dtype), -1, 0)


FITS: dict[str, Callable[[], bytes]] = {
    "unsigned": lambda: fits_file(scene(1, "u2")[..., 0]),
    "signed": lambda: fits_file(scene(1, "i2")[..., 0]),
    "float": lambda: fits_file(scene(1, "f4")[..., 0]),
    "double planes": lambda: fits_file(planes("f8")),
    "16-bit planes": lambda: fits_file(planes("u2")),
    "interleaved": lambda: fits_file(scene(3, "u2")),
    "length 1": lambda: fits_file(planes("u2")[:, np.newaxis]),
    "Rice": lambda: fits_file(scene(1, "i2")[..., 0], compression="RICE_1"),
    "Rice planes": lambda: fits_file(planes("u2"), compression="RICE_1"),
    "GZIP": lambda: fits_file(scene(1, "f4")[..., 0], compression="GZIP_1"),
    "HCOMPRESS": lambda: fits_file(scene(1, "i2")[..., 0], compression="HCOMPRESS_1"),
}


@pytest.mark.usefixtures("small_bands")
@pytest.mark.parametrize("content", FITS.values(), ids=FITS)
def test_fits_image_is_reduced(content: Callable[[], bytes]) -> None:
    assert_similar(read_reduced(content()), read_image(content()))


@pytest.mark.usefixtures("small_bands")
def test_gzipped_fits_image_is_reduced() -> None:
    content = gzip.compress(fits_file(scene(1, "u2")[..., 0]))

    assert_similar(read_reduced(content), read_image(content))


@pytest.mark.usefixtures("small_bands")
def test_reduced_mosaic_is_shown_in_grey() -> None:
    values = scene(1, "u2")[..., 0]
    values[::2, ::2] //= 2
    reduced = read_reduced(fits_file(values, BAYERPAT="RGGB"))

    assert reduced.pixels.strides[2] == 0 or np.ptp(reduced.pixels, axis=2).max() == 0
    assert np.abs(np.diff(reduced.pixels[..., 0].astype(int), axis=0)).mean() < 4


XISF: dict[str, Callable[[], bytes]] = {
    "uncompressed": lambda: xisf(scene(3, "u2")),
    "interleaved": lambda: xisf(scene(3, "u2"), storage="Normal"),
    "big-endian": lambda: xisf(scene(1, "f4"), byte_order="big"),
    "zlib": lambda: xisf(scene(3, "f4"), compression="zlib"),
    "shuffled": lambda: xisf(scene(3, "u2"), compression="zlib+sh"),
    "subblocks": lambda: xisf(scene(1, "f4"), compression="lz4+sh", parts=3),
    "embedded": lambda: xisf(scene(1, "u2"), embedded="base64"),
}


@pytest.mark.usefixtures("small_bands")
@pytest.mark.parametrize("content", XISF.values(), ids=XISF)
def test_xisf_image_is_reduced(content: Callable[[], bytes]) -> None:
    assert_similar(read_reduced(content()), read_image(content()))
