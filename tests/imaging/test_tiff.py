import io
import struct
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from deepsky.errors import CorruptImageError, TooManyFramesError, UnsupportedFormatError
from deepsky.imaging import Limits, read_image


def tiff(data: NDArray[Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, data, **options)
    return stream.getvalue()


def deep(pattern: NDArray[np.uint8], dtype: str) -> NDArray[Any]:
    """Scale 8-bit values to the full range of the given dtype."""
    scaled = pattern / 255
    return (scaled * np.iinfo(dtype).max if dtype[0] == "u" else scaled).astype(dtype)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "float16", "float32", "float64"])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_every_depth_of_a_finished_image_is_read(
    pattern: NDArray[np.uint8], dtype: str, byteorder: Any
) -> None:
    content = tiff(deep(pattern, dtype), photometric="rgb", byteorder=byteorder)

    image = read_image(content)

    assert (image.format, image.stretch) == ("TIFF", None)
    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize(
    "options",
    [
        {"compression": "lzw", "predictor": True},
        {"compression": "zlib", "predictor": True},
        {"compression": "zlib", "tile": (16, 16)},
        {"compression": "zstd"},
        {"bigtiff": True},
        {"bigtiff": True, "byteorder": ">"},
        {"bigtiff": True, "byteorder": ">", "tile": (16, 16), "compression": "zlib"},
    ],
    ids=str,
)
def test_every_layout_is_read(pattern: NDArray[np.uint8], dtype: str, options: Any) -> None:
    image = read_image(tiff(deep(pattern, dtype), photometric="rgb", **options))

    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_separate_planes_are_read(pattern: NDArray[np.uint8], dtype: str) -> None:
    planes = np.moveaxis(deep(pattern, dtype), -1, 0)

    image = read_image(tiff(planes, photometric="rgb", planarconfig="separate"))

    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_black_or_white_can_be_zero(grey: NDArray[np.uint8], dtype: str, photometric: Any) -> None:
    data = deep(grey, dtype)
    content = tiff(~data if photometric == "miniswhite" else data, photometric=photometric)

    np.testing.assert_allclose(read_image(content).pixels, np.dstack([grey] * 3), atol=1)


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_alpha_of_high_bit_depths_is_blended_with_black(
    pattern: NDArray[np.uint8], dtype: str
) -> None:
    opacity = (np.where(np.arange(56) < 28, 0, 255) * np.ones((40, 1))).astype(np.uint8)
    layered = deep(np.dstack([pattern, opacity]), dtype)

    image = read_image(tiff(layered, photometric="rgb", extrasamples=["unassalpha"]))

    assert not image.pixels[:, :28].any()
    np.testing.assert_allclose(image.pixels[:, 28:], pattern[:, 28:], atol=1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_orientation_is_applied(
    pattern: NDArray[np.uint8], store: Any, orientation: int, dtype: str
) -> None:
    stored = np.asarray(store(Image.fromarray(pattern), orientation))
    tags = [(274, "H", 1, orientation, True)]

    image = read_image(tiff(deep(stored, dtype), photometric="rgb", extratags=tags))

    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["P", "CMYK"])
def test_orientation_is_applied_in_other_colour_spaces(
    pattern: NDArray[np.uint8], store: Any, orientation: int, mode: str
) -> None:
    upright = Image.fromarray(pattern)
    upright = upright.quantize(8) if mode == "P" else upright.convert(mode)
    stream = io.BytesIO()
    store(upright, orientation).save(stream, "TIFF", tiffinfo={274: orientation})

    np.testing.assert_allclose(read_image(stream.getvalue()).pixels, pattern, atol=2)


def test_linear_data_are_stretched(linear_sky: NDArray[np.float64]) -> None:
    as_integers = read_image(tiff((linear_sky * 65535).astype(np.uint16), photometric="rgb"))
    as_floats = read_image(tiff(linear_sky.astype(np.float32), photometric="rgb"))

    assert as_integers.stretch == as_floats.stretch == "mtf"
    np.testing.assert_allclose(as_integers.pixels, as_floats.pixels, atol=3)


def test_first_of_several_pages_is_read(pattern: NDArray[np.uint8]) -> None:
    content = tiff(np.stack([pattern, 255 - pattern]), photometric="rgb")

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def test_max_frames_limits_pages(grey: NDArray[np.uint8]) -> None:
    content = tiff(np.stack([grey] * 4), photometric="minisblack", metadata=None)

    assert read_image(content, limits=Limits(max_frames=4)).width == 56
    with pytest.raises(TooManyFramesError):
        read_image(content, limits=Limits(max_frames=3))


def test_circular_chain_of_pages_is_rejected(grey: NDArray[np.uint8]) -> None:
    content = bytearray(tiff(grey, photometric="minisblack", byteorder="<"))
    (first,) = struct.unpack_from("<L", content, 4)
    (entries,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<L", content, first + 2 + entries * 12, first)

    with pytest.raises(CorruptImageError, match="circular"):
        read_image(bytes(content))


def test_width_of_wrong_type_is_rejected(grey: NDArray[np.uint8]) -> None:
    content = bytearray(tiff(grey, photometric="minisblack", byteorder="<"))
    place = content.index(struct.pack("<HH", 256, 4))
    content[place + 2 : place + 12] = struct.pack("<HLL", 5, 1, 8)

    with pytest.raises(CorruptImageError):
        read_image(bytes(content))


@pytest.mark.parametrize("samples", [6, 40])
def test_too_many_channels_are_rejected(samples: int) -> None:
    data = np.zeros((4, 5, samples), np.uint16)

    with pytest.raises(UnsupportedFormatError, match=f"{samples} channels"):
        read_image(tiff(data, photometric="rgb", planarconfig="contig"))


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("white", ["minisblack", "miniswhite"])
def test_10_to_14_bit_samples_are_scaled_to_full_range(
    grey: NDArray[np.uint8], bits: int, white: str
) -> None:
    brightness = grey if white == "minisblack" else 255 - grey
    data = np.rint(brightness / 255 * (2**bits - 1)).astype(np.uint16)

    image = read_image(tiff(data, photometric=white, bitspersample=bits))

    assert image.stretch is None
    np.testing.assert_allclose(image.pixels[..., 0], grey, atol=1)


def test_error_names_the_unsupported_compression(pattern: NDArray[np.uint8]) -> None:
    content = tiff(pattern, photometric="rgb", compression="jpeg2000")

    with pytest.raises(UnsupportedFormatError, match="compression 347"):
        read_image(content)


@pytest.mark.parametrize("tag", [32997, 32998])
def test_several_images_in_one_page_are_rejected(grey: NDArray[np.uint8], tag: int) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags.tagtype[tag] = 4
    tags[tag] = 1_000_000
    deep = io.BytesIO()
    Image.fromarray(grey).save(deep, "TIFF", tiffinfo=tags)

    with pytest.raises(UnsupportedFormatError, match="1000000 images"):
        read_image(deep.getvalue())
