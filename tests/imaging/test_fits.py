import gzip
import io
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, NoImageDataError, TooManyFramesError
from deepsky.imaging import ImageData, Limits, read_image
from deepsky.imaging.fits.reader import read_fits


def content_of(*units: Any) -> bytes:
    stream = io.BytesIO()
    fits.HDUList(list(units)).writeto(stream)
    return stream.getvalue()


def read(*units: Any) -> ImageData:
    return read_image(content_of(*units))


def bottom_up(image: NDArray[Any]) -> NDArray[Any]:
    """Return the rows of an image in FITS order (bottom row first)."""
    return image[::-1]


def table() -> fits.BinTableHDU:
    return fits.BinTableHDU(np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))


@pytest.fixture
def counts(grey: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return a finished grey image with dtype uint16."""
    return grey.astype(np.uint16) * 257


def test_first_row_of_fits_is_at_the_bottom(
    grey: NDArray[np.uint8], counts: NDArray[np.uint16]
) -> None:
    image = read(fits.PrimaryHDU(bottom_up(counts)))

    assert (image.format, image.width, image.height) == ("FITS", 56, 40)
    np.testing.assert_array_equal(image.pixels, np.dstack([grey] * 3))


@pytest.mark.parametrize(("row_order", "top_down"), [("TOP-DOWN", True), ("BOTTOM-UP", False)])
def test_roworder_is_applied(
    grey: NDArray[np.uint8], counts: NDArray[np.uint16], row_order: str, top_down: bool
) -> None:
    unit = fits.PrimaryHDU(counts if top_down else bottom_up(counts))
    unit.header["ROWORDER"] = row_order

    np.testing.assert_array_equal(read(unit).pixels[..., 0], grey)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "float32", "float64"])
@pytest.mark.parametrize("axes", ["planes first", "colour first"])
def test_colour_cubes_are_read(pattern: NDArray[np.uint8], dtype: str, axes: str) -> None:
    scaled = bottom_up(pattern) / 255
    data = (scaled * np.iinfo(dtype).max if dtype[0] == "u" else scaled).astype(dtype)
    cube = np.moveaxis(data, -1, 0) if axes == "planes first" else data

    image = read(fits.PrimaryHDU(cube))

    assert image.stretch is None
    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize("shape", [(1, 40, 56), (1, 1, 40, 56), (5, 40, 56), (2, 5, 40, 56)])
def test_first_plane_of_other_cubes_is_read(
    grey: NDArray[np.uint8], counts: NDArray[np.uint16], shape: tuple[int, ...]
) -> None:
    cube = np.zeros(shape, np.uint16)
    cube[(0,) * (len(shape) - 2)] = bottom_up(counts)

    np.testing.assert_array_equal(read(fits.PrimaryHDU(cube)).pixels[..., 0], grey)


def test_blank_planes_of_a_cube_are_skipped(linear_sky: NDArray[np.float64]) -> None:
    cube = np.full((2, 3, 4, 240, 320), np.nan, np.float32)
    cube[0, 1, 2] = linear_sky[..., 0]
    cube[1] = 1

    pixels = read(fits.PrimaryHDU(cube)).pixels

    np.testing.assert_array_equal(pixels, read(fits.PrimaryHDU(cube[0, 1, 2])).pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
@pytest.mark.parametrize("compressed", [False, True])
def test_finished_images_with_blank_pixels_are_only_scaled(
    grey: NDArray[np.uint8], dtype: type[np.unsignedinteger[Any]], compressed: bool
) -> None:
    finest = np.iinfo(dtype).max
    data = bottom_up(grey).astype(dtype) * dtype(finest // 255)
    data[:5] = 0
    unit = (fits.CompImageHDU if compressed else fits.PrimaryHDU)(data)
    unit.header["BLANK"] = 0 if dtype == np.uint8 else -(int(finest) // 2) - 1

    image = read(*([fits.PrimaryHDU()] if compressed else []), unit)

    assert image.stretch is None
    assert not image.pixels[-5:].any()
    np.testing.assert_allclose(image.pixels[:-5, :, 0], grey[:-5], atol=1)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_bayer_mosaic_is_not_treated_as_noise(linear_sky: NDArray[np.float64], dtype: Any) -> None:
    noise = np.random.default_rng(1).normal(0, 0.0004, linear_sky.shape[:2])
    colours = np.ones(noise.shape)
    colours[::2, ::2] = 0.5
    colours[1::2, 1::2] = 0.6
    data = (linear_sky[..., 1] + 0.03 + noise) * 60_000
    units = [fits.PrimaryHDU(each.astype(dtype)) for each in (data, data * colours)]
    units[1].header["BAYERPAT"] = "RGGB"

    grey, mosaic = (read(unit).pixels.astype(int)[..., 0] for unit in units)

    assert mosaic.shape == grey.shape
    nebula, sky = (slice(130, 170), slice(100, 140)), (slice(20, 60), slice(260, 310))
    contrast, expected = (np.median(p[nebula]) - np.median(p[sky]) for p in (mosaic, grey))
    assert contrast > 0.9 * expected > 40
    quarters = [mosaic[sky][i::2, j::2].mean() for i in (0, 1) for j in (0, 1)]
    assert np.ptp(quarters) < 2


def test_image_in_an_extension_is_read(grey: NDArray[np.uint8], counts: NDArray[np.uint16]) -> None:
    image = read(fits.PrimaryHDU(), table(), fits.ImageHDU(bottom_up(counts)))

    np.testing.assert_array_equal(image.pixels[..., 0], grey)


@pytest.mark.parametrize("compression", ["RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1"])
@pytest.mark.parametrize("tile_shape", [None, (16, 24)])
def test_tile_compressed_images_are_read(
    grey: NDArray[np.uint8], compression: str, tile_shape: tuple[int, int] | None
) -> None:
    data = bottom_up(grey).astype(np.int16)
    packed = fits.CompImageHDU(data, compression_type=compression, tile_shape=tile_shape)

    np.testing.assert_array_equal(
        read(fits.PrimaryHDU(), packed).pixels, read(fits.PrimaryHDU(data)).pixels
    )


def test_losslessly_compressed_floats_are_read(pattern: NDArray[np.uint8]) -> None:
    cube = np.moveaxis(bottom_up(pattern) / np.float32(255), -1, 0)
    packed = fits.CompImageHDU(cube, compression_type="GZIP_2", quantize_level=0)

    np.testing.assert_allclose(read(fits.PrimaryHDU(), packed).pixels, pattern, atol=1)


@pytest.mark.parametrize("compression", ["HCOMPRESS_1", "PLIO_1", "GZIP_1"])
def test_damaged_tiles_are_rejected_before_decompression(
    grey: NDArray[np.uint8], compression: str
) -> None:
    packed = fits.CompImageHDU(grey.astype(np.int16), compression_type=compression)
    content = bytearray(content_of(fits.PrimaryHDU(), packed))
    with fits.open(io.BytesIO(content), disable_image_compression=True) as units:
        tile = units[1].data["COMPRESSED_DATA"][0]
    start = content.index(tile.astype(tile.dtype.newbyteorder(">")).tobytes())
    content[start + 2 : start + 10] = b"\x7f" * 8  # overwrites lengths in the header of the tile

    with pytest.raises(CorruptImageError):
        read_image(bytes(content))


def test_compression_parameter_of_wrong_type_is_rejected(grey: NDArray[np.uint8]) -> None:
    packed = fits.CompImageHDU(grey.astype(np.int16), compression_type="RICE_1")
    content = content_of(fits.PrimaryHDU(), packed)
    start = content.index(b"ZNAME1")

    with pytest.raises(CorruptImageError):  # astropy raises an AttributeError
        read_image(content[:start] + b"ZNAME1  = 5".ljust(80) + content[start + 80 :])


def test_gzipped_fits_is_read(grey: NDArray[np.uint8], counts: NDArray[np.uint16]) -> None:
    content = content_of(fits.PrimaryHDU(), table(), fits.ImageHDU(bottom_up(counts)))

    image = read_image(gzip.compress(content))

    assert image.format == "FITS"
    np.testing.assert_array_equal(image.pixels[..., 0], grey)


def test_blank_and_nan_pixels_are_black_and_do_not_affect_others(
    linear_sky: NDArray[np.float64],
) -> None:
    sky = linear_sky[..., 0]
    floats = sky.astype(np.float32)
    floats[:30] = np.nan
    integers = (sky * 20_000).astype(np.int16)
    integers[:30] = -32768
    signed = fits.PrimaryHDU(integers)
    signed.header["BLANK"] = -32768
    unsigned = fits.PrimaryHDU(integers)
    unsigned.header.update({"BLANK": -32768, "BZERO": 32768})
    whole = read(fits.PrimaryHDU(sky)).pixels[:-30].astype(int)

    for unit in (fits.PrimaryHDU(floats), signed, unsigned):
        pixels = read(unit).pixels.astype(int)
        assert not pixels[-30:].any()
        assert np.abs(pixels[:-30] - whole).mean() < 3


def test_bscale_and_bzero_are_applied(linear_sky: NDArray[np.float64]) -> None:
    unit = fits.PrimaryHDU(linear_sky[..., 0].copy())
    plain = read(unit).pixels.astype(int)
    unit.scale("int16", bscale=1 / 30_000, bzero=0.5)

    assert np.abs(read(unit).pixels.astype(int) - plain).mean() < 2


@pytest.mark.parametrize("blank", [0, 1.5, np.nan, np.inf, "hot pixel"])
@pytest.mark.parametrize("compressed", [False, True])
def test_planes_that_show_nothing_are_skipped(
    linear_sky: NDArray[np.float64], blank: Any, compressed: bool
) -> None:
    sky = linear_sky[..., 0].astype(np.float32)
    cube = np.zeros((5, *sky.shape), np.float32)
    cube[:4] = 0 if blank == "hot pixel" else blank
    cube[1, 5, 5] = 100 if blank == "hot pixel" else cube[1, 5, 5]
    cube[4] = sky
    if compressed:
        packed = fits.CompImageHDU(cube, compression_type="GZIP_2", quantize_level=0)
        units: list[Any] = [fits.PrimaryHDU(), packed]
    else:
        units = [fits.PrimaryHDU(cube)]

    np.testing.assert_array_equal(read(*units).pixels, read(fits.PrimaryHDU(sky)).pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.int64])
def test_zero_planes_of_integers_are_skipped(
    linear_sky: NDArray[np.float64], dtype: type[np.integer[Any]]
) -> None:
    sky = (linear_sky[..., 0] * 250).astype(dtype)
    cube = np.stack([np.zeros_like(sky), sky])

    np.testing.assert_array_equal(
        read(fits.PrimaryHDU(cube)).pixels, read(fits.PrimaryHDU(sky)).pixels
    )


@pytest.mark.parametrize(("bscale", "bzero"), [(1, 1e30), (1e-40, 0), (1e-40, 1), (0, 0)])
def test_extreme_scaling_does_not_make_pixels_equal(
    linear_sky: NDArray[np.float64], bscale: float, bzero: float
) -> None:
    unit = fits.PrimaryHDU((linear_sky[..., 0] * 30_000).astype(np.int16))
    unit.header["BSCALE"], unit.header["BZERO"] = bscale, bzero

    assert len(np.unique(read(unit).pixels)) > 50


def test_sparse_photon_image_is_read() -> None:
    photons = np.zeros((200, 300), np.int16)
    photons[::40, ::50] = 1

    assert read(fits.PrimaryHDU(photons)).width == 300


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    "shape", [(3, 1, 40, 56), (1, 3, 1, 40, 56), (3, 1, 1, 40, 56), (3, 40, 1, 56), (3, 40, 56, 1)]
)
def test_axes_of_length_one_do_not_hide_colour(
    pattern: NDArray[np.uint8], shape: tuple[int, ...], compressed: bool
) -> None:
    cube = np.moveaxis(bottom_up(pattern), -1, 0).reshape(shape).astype(np.uint16) * 257
    units = [fits.PrimaryHDU(), fits.CompImageHDU(cube)] if compressed else [fits.PrimaryHDU(cube)]

    np.testing.assert_array_equal(read(*units).pixels, pattern)


@pytest.mark.parametrize("shape", [(40, 1, 56, 3), (1, 40, 56, 3), (40, 56, 1, 3), (40, 56, 3, 1)])
def test_axes_of_length_one_do_not_hide_interleaved_colour(
    pattern: NDArray[np.uint8], shape: tuple[int, ...]
) -> None:
    cube = bottom_up(pattern).reshape(shape).astype(np.uint16) * 257

    np.testing.assert_array_equal(read(fits.PrimaryHDU(cube)).pixels, pattern)


@pytest.mark.parametrize("kind", ["FREQ", "VELO-LSR", "WAVE", "STOKES"])
def test_three_spectral_planes_are_not_colours(
    pattern: NDArray[np.uint8], grey: NDArray[np.uint8], kind: str
) -> None:
    unit = fits.PrimaryHDU(np.moveaxis(bottom_up(pattern), -1, 0).astype(np.uint16) * 257)
    unit.header["CTYPE3"] = kind

    np.testing.assert_array_equal(read(unit).pixels[..., 1], grey)


@pytest.mark.parametrize("bzero", [32768, 0, -128, 1000.5, 2**31])
@pytest.mark.parametrize("bscale", [1, 0.5, -1])
@pytest.mark.parametrize("dtype", [">i2", ">i4", ">i8", "u1"])
def test_scaled_values_match_astropy(bzero: float, bscale: float, dtype: str) -> None:
    stored = np.random.default_rng(1).integers(0, 120, (30, 40)).astype(dtype)
    unit = fits.PrimaryHDU(stored)
    unit.header["BSCALE"], unit.header["BZERO"] = bscale, bzero
    content = content_of(unit)
    with fits.open(io.BytesIO(content)) as units:
        expected = np.asarray(units[0].data, np.float64)

    values = read_fits(io.BytesIO(content), Limits()).values

    np.testing.assert_allclose(values.astype(np.float64), expected, rtol=1e-6)


@pytest.mark.parametrize("option", ["RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1"])
@pytest.mark.parametrize("dither", [-1, 1, 2])
def test_quantized_floats_match_astropy(
    linear_sky: NDArray[np.float64], option: str, dither: int
) -> None:
    data = linear_sky[..., 0].astype(np.float32)
    if option != "HCOMPRESS_1":
        data[:7, :9] = np.nan
    packed = fits.CompImageHDU(
        data, compression_type=option, quantize_method=dither, dither_seed=5, tile_shape=(35, 41)
    )
    content = content_of(fits.PrimaryHDU(), packed)
    with fits.open(io.BytesIO(content)) as units:
        expected = units[1].data

    np.testing.assert_array_equal(read_fits(io.BytesIO(content), Limits()).values, expected)


@pytest.mark.parametrize(
    "units",
    [
        [fits.PrimaryHDU()],
        [fits.PrimaryHDU(), table()],
        [fits.PrimaryHDU(np.arange(100.0))],
        [fits.PrimaryHDU(np.arange(100.0).reshape(1, 1, 100))],
        [fits.PrimaryHDU(np.arange(100.0).reshape(100, 1))],
        [fits.PrimaryHDU(np.full((8, 9), np.nan))],
        [fits.PrimaryHDU(np.full((8, 9), 5, np.uint8))],
        [fits.PrimaryHDU(np.zeros((4, 8, 9)))],
        [fits.PrimaryHDU(), fits.CompImageHDU(np.zeros((8, 9), np.int16))],
    ],
    ids=["header", "table", "line", "row", "column", "blank", "constant", "cube", "compressed"],
)
def test_files_without_an_image_raise_no_image_data(units: list[Any]) -> None:
    with pytest.raises(NoImageDataError):
        read(*units)


def test_planes_that_are_read_are_counted_as_frames(counts: NDArray[np.uint16]) -> None:
    cube = np.zeros((7, *counts.shape), np.uint16)
    cube[4:] = counts
    content = content_of(fits.PrimaryHDU(cube))

    assert read_image(content, limits=Limits(max_frames=5)).width == 56
    with pytest.raises(TooManyFramesError):
        read_image(content, limits=Limits(max_frames=4))


def test_colour_planes_are_not_counted_as_frames(pattern: NDArray[np.uint8]) -> None:
    content = content_of(fits.PrimaryHDU(np.moveaxis(pattern, -1, 0)))

    assert read_image(content, limits=Limits(max_frames=1)).width == 56


@pytest.mark.filterwarnings("ignore:File may have been truncated")
def test_file_shorter_than_its_header_says_is_rejected(counts: NDArray[np.uint16]) -> None:
    content = content_of(fits.PrimaryHDU(counts))

    with pytest.raises(CorruptImageError, match="shorter than its header"):
        read_image(content[: 2880 + counts.nbytes - 1])
    assert read_image(content[: 2880 + counts.nbytes]).width == 56  # missing padding is tolerated
