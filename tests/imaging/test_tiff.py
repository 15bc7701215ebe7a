import io
import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms, TiffImagePlugin

from deepsky.errors import CorruptImageError, TooManyFramesError, UnsupportedFormatError
from deepsky.imaging import Limits, read_image
from deepsky.imaging.tiff.reader import read_tiff


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


DTYPES = ["uint8", "uint16", "float32"]


def planes(pattern: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(np.moveaxis(pattern, -1, 0))


def tiff_of_pages(*pages: tuple[NDArray[Any], dict[str, Any]]) -> bytes:
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        for data, options in pages:
            writer.write(data, metadata=None, **options)
    return stream.getvalue()


def hand_made(data: bytes, **tags: int) -> bytes:
    """Return an uncompressed little-endian TIFF of 40 by 56 pixels with exactly the given tags."""
    numbers = {"photometric": 262, "samples": 277, "bits": 258, "sample_format": 339}
    entries = {256: 56, 257: 40, 273: 8, 278: 40, 279: len(data)}
    entries |= {numbers[name]: value for name, value in tags.items()}
    table = b"".join(struct.pack("<HHLL", tag, 4, 1, entries[tag]) for tag in sorted(entries))
    header = struct.pack("<2sHL", b"II", 42, 8 + len(data))
    return header + data + struct.pack("<H", len(entries)) + table + bytes(4)


@pytest.mark.parametrize("dtype", [*DTYPES, "float16", "float64", "uint32"])
@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("layout", ["contig", "separate"])
def test_three_samples_tagged_as_grey_are_rgb(
    pattern: NDArray[np.uint8], dtype: str, byteorder: Any, layout: Any
) -> None:
    data = deep(pattern, dtype)
    content = tiff(
        planes(data) if layout == "separate" else data,
        photometric="minisblack",
        planarconfig=layout,
        byteorder=byteorder,
        metadata=None,
    )

    np.testing.assert_allclose(read_image(content).pixels, pattern, atol=1)


@pytest.mark.parametrize("photometric", ["minisblack", "rgb"])
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_fourth_sample_is_alpha_only_if_it_is_tagged_as_alpha(
    pattern: NDArray[np.uint8], photometric: Any, kind: int
) -> None:
    opacity = np.full(pattern.shape[:2], 255, np.uint8)
    opacity[:20] = 0
    extra = [kind] if photometric == "rgb" else [0, 0, kind]

    content = tiff(
        np.dstack([pattern, opacity]),
        photometric=photometric,
        planarconfig="contig",
        extrasamples=extra,
        metadata=None,
    )

    image = read_image(content)
    np.testing.assert_array_equal(image.pixels[20:], pattern[20:])
    assert image.pixels[:20].any() == (kind != 2)


@pytest.mark.parametrize(
    ("channels", "tags"),
    [
        (1, {"photometric": 1, "bits": 8}),
        (1, {"samples": 1, "bits": 8, "sample_format": 1}),
        (3, {"samples": 3, "bits": 8, "sample_format": 1}),
        (3, {"photometric": 2, "samples": 3, "bits": 8}),
    ],
)
def test_missing_tags_have_default_values(
    pattern: NDArray[np.uint8], channels: int, tags: dict[str, int]
) -> None:
    pixels = pattern[..., :channels]

    image = read_image(hand_made(pixels.tobytes(), **tags))

    np.testing.assert_array_equal(image.pixels, np.broadcast_to(pixels, pattern.shape))


@pytest.mark.parametrize("sample_format", [0, 4, 9])
def test_undefined_sample_format_means_unsigned_integers(
    pattern: NDArray[np.uint8], sample_format: int
) -> None:
    data = deep(pattern, "uint16")
    tags = {"photometric": 2, "samples": 3, "bits": 16, "sample_format": sample_format}

    np.testing.assert_array_equal(read_image(hand_made(data.tobytes(), **tags)).pixels, pattern)


def test_24_bit_samples_are_read(grey: NDArray[np.uint8]) -> None:
    floats = bytes(imagecodecs.float24_encode((grey / 255).astype(np.float32)))
    integers = (grey.astype("<u4") * 65793).view(np.uint8).reshape(40, 56, 4)[..., :3].tobytes()

    for data, sample_format in ((floats, 3), (integers, 1)):
        content = hand_made(data, photometric=1, bits=24, sample_format=sample_format)
        np.testing.assert_allclose(read_image(content).pixels[..., 0], grey, atol=1)


@pytest.mark.parametrize(
    ("dtype", "scale"), [("float32", 1), ("float64", 1), ("int16", 32767), ("int8", 127)]
)
def test_white_is_zero_for_floats_and_signed_integers(
    linear_sky: NDArray[np.float64], dtype: str, scale: int
) -> None:
    grey = (linear_sky[..., 0] * scale).astype(dtype)
    positive = read_image(tiff(grey, photometric="minisblack"))

    negative = read_image(tiff((scale - grey).astype(dtype), photometric="miniswhite"))

    assert negative.stretch == positive.stretch
    np.testing.assert_allclose(negative.pixels, positive.pixels, atol=1)


def lab(pattern: NDArray[np.uint8], photometric: int, bits: int) -> NDArray[Any]:
    """Encode sRGB colours as CIE L*a*b* with LittleCMS."""
    real = imagecodecs.cms_transform(
        pattern.astype(np.float64) / 255,
        imagecodecs.cms_profile("srgb"),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
        colorspace="rgb",
        outcolorspace="lab",
        outdtype="float64",
    )
    step = 1 if bits == 8 else 256
    white = 65280 if (photometric, bits) == (9, 16) else 2**bits - 1
    encoded = np.rint(real * [white / 100, step, step]).astype(int)
    if photometric == 9:
        encoded[..., 1:] += 128 * step
    stored: NDArray[Any] = encoded.astype(f"<u{bits // 8}")
    return stored


@pytest.mark.parametrize("photometric", [8, 9])
@pytest.mark.parametrize("bits", [8, 16])
def test_cielab_is_converted_to_srgb(
    pattern: NDArray[np.uint8], photometric: int, bits: int
) -> None:
    data = lab(pattern, photometric, bits)
    tags = {"photometric": photometric, "samples": 3, "bits": bits}

    image = read_image(hand_made(data.tobytes(), **tags))

    assert image.stretch is None
    np.testing.assert_allclose(image.pixels, pattern, atol=4 if bits == 8 else 1)


SMALL: dict[str, Any] = {"photometric": "rgb", "subfiletype": 1}
FULL: dict[str, Any] = {"photometric": "rgb"}


@pytest.mark.parametrize("options", [SMALL, FULL], ids=["marked", "unmarked"])
def test_thumbnail_before_the_image_is_skipped(pattern: NDArray[np.uint8], options: Any) -> None:
    content = tiff_of_pages((pattern[::4, ::4], options), (pattern, FULL))

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def test_image_in_a_subdirectory_of_a_thumbnail_is_read(pattern: NDArray[np.uint8]) -> None:
    content = tiff_of_pages((pattern[::4, ::4], SMALL | {"subifds": 1}), (pattern, FULL))

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def test_pyramid_is_read_at_full_size(pattern: NDArray[np.uint8]) -> None:
    content = tiff_of_pages((pattern, FULL | {"subifds": 1}), (pattern[::2, ::2], SMALL))

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def test_image_is_read_although_it_is_marked_as_reduced(pattern: NDArray[np.uint8]) -> None:
    content = tiff_of_pages((pattern[::2, ::2], SMALL), (pattern, SMALL))

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def test_mask_before_the_image_is_skipped(pattern: NDArray[np.uint8]) -> None:
    mask = {"photometric": "minisblack", "extratags": [(254, "I", 1, 4, True)]}
    content = tiff_of_pages((pattern[..., 0], mask), (pattern, FULL))

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def test_page_of_another_shape_is_not_mistaken_for_the_image(pattern: NDArray[np.uint8]) -> None:
    wide = np.zeros((60, 400, 3), np.uint8)

    np.testing.assert_array_equal(
        read_image(tiff_of_pages((pattern, FULL), (wide, FULL))).pixels, pattern
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("mode", ["composite", "color", "grayscale"])
def test_imagej_composite_is_rgb(pattern: NDArray[np.uint8], dtype: str, mode: str) -> None:
    stack = np.stack([planes(deep(pattern, dtype))] * 2)
    metadata = {"axes": "ZCYX", "mode": mode}

    image = read_image(tiff(stack, imagej=True, metadata=metadata))

    np.testing.assert_allclose(image.pixels, pattern, atol=1)


def test_imagej_composite_without_further_directories_is_rgb(pattern: NDArray[np.uint8]) -> None:
    data = planes(deep(pattern, "uint16")).astype(">u2")
    content = bytearray(tiff(data, imagej=True, metadata={"axes": "CYX"}))
    (first,) = struct.unpack_from(">L", content, 4)
    (entries,) = struct.unpack_from(">H", content, first)
    struct.pack_into(">L", content, first + 2 + entries * 12, 0)

    np.testing.assert_array_equal(read_image(bytes(content)).pixels, pattern)


@pytest.mark.parametrize("axes", ["ZYX", "TYX"])
def test_first_plane_of_an_imagej_stack_is_read(pattern: NDArray[np.uint8], axes: str) -> None:
    image = read_image(tiff(planes(pattern), imagej=True, metadata={"axes": axes}))

    np.testing.assert_array_equal(image.pixels, np.dstack([pattern[..., 0]] * 3))


@pytest.mark.parametrize("options", [{"ome": True, "metadata": {"axes": "CYX"}}, {}])
def test_described_channels_in_pages_are_rgb(pattern: NDArray[np.uint8], options: Any) -> None:
    content = tiff(planes(deep(pattern, "uint16")), photometric="minisblack", **options)

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


@pytest.mark.parametrize("following", [9, 10**9])
def test_damaged_pointer_to_the_next_page_is_ignored(
    pattern: NDArray[np.uint8], following: int
) -> None:
    content = bytearray(tiff(pattern, photometric="rgb", byteorder="<", metadata=None))
    (first,) = struct.unpack_from("<L", content, 4)
    (entries,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<L", content, first + 2 + entries * 12, following)

    np.testing.assert_array_equal(read_image(bytes(content)).pixels, pattern)


@pytest.mark.parametrize(("dtype", "blank"), [("float32", -9999), ("uint16", 65535)])
def test_pixels_without_data_are_black(pattern: NDArray[np.uint8], dtype: str, blank: int) -> None:
    data = (pattern.astype(float) / 255 if dtype == "float32" else pattern * 257.0).astype(dtype)
    complete = read_image(tiff(data, photometric="rgb"))
    data[:, :5] = blank
    tags = [(42113, "s", 0, str(blank), True)]

    image = read_image(tiff(data, photometric="rgb", extratags=tags))

    assert image.stretch == complete.stretch
    assert not image.pixels[:, :5].any()
    np.testing.assert_allclose(image.pixels[:, 5:], complete.pixels[:, 5:], atol=1)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("layout", ["contig", "separate"])
def test_cmyk_of_every_depth_is_read(pattern: NDArray[np.uint8], bits: int, layout: Any) -> None:
    inks = np.asarray(Image.fromarray(pattern).convert("CMYK")).astype(f"uint{bits}")
    inks = inks * 257 if bits == 16 else inks
    data = planes(inks) if layout == "separate" else inks

    image = read_image(tiff(data, photometric="separated", planarconfig=layout))

    np.testing.assert_allclose(image.pixels, pattern, atol=2)


def test_16_bit_palette_is_read() -> None:
    palette = np.random.default_rng(0).integers(0, 65536, (3, 65536)).astype(np.uint16)
    indices = np.arange(40 * 56, dtype=np.uint16).reshape(40, 56)

    image = read_image(tiff(indices, photometric="palette", colormap=palette))

    expected = np.moveaxis(palette[:, indices], 0, -1) / 257
    np.testing.assert_allclose(image.pixels, expected, atol=1)


def test_complex_numbers_are_rejected(grey: NDArray[np.uint8]) -> None:
    with pytest.raises(UnsupportedFormatError, match="complex numbers"):
        read_image(tiff(grey.astype(np.complex64), photometric="minisblack"))


def test_linear_raw_and_mosaic_are_recognised(linear_sky: NDArray[np.float64]) -> None:
    data = (linear_sky[..., 1] * 65535).astype(np.uint16)
    pattern = [(33421, "H", 2, (2, 2), True), (33422, "B", 4, (0, 1, 1, 2), True)]
    content = tiff(data, photometric="cfa", extratags=pattern)

    decoded = read_tiff(io.BytesIO(content), Limits())

    assert (decoded.mosaic, decoded.state) == ("RGGB", "linear")
    assert decoded.values.shape == (240, 320, 1)
