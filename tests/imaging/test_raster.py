import io
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from deepsky.errors import CorruptImageError
from deepsky.imaging import ImageData, read_image


def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("image_format", "mode", "options"),
    [
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "P", {}),
        ("GIF", "P", {}),
        ("BMP", "RGB", {}),
        ("BMP", "P", {}),
        ("WEBP", "RGB", {"lossless": True}),
        ("TIFF", "RGB", {}),
        ("TIFF", "P", {}),
    ],
)
def test_lossless_formats_are_read_exactly(
    tmp_path: Path, pattern: NDArray[np.uint8], image_format: str, mode: str, options: Any
) -> None:
    image = Image.fromarray(pattern)
    if mode == "P":
        image = image.quantize(8)
    path = tmp_path / "image"
    image.convert(mode).save(path, image_format, **options)

    found = read_image(path)

    assert found.format == image_format
    assert (found.width, found.height) == (56, 40)
    assert found.stretch is None
    np.testing.assert_array_equal(found.pixels, pattern)


@pytest.mark.parametrize(
    ("image_format", "mode", "options"),
    [
        ("JPEG", "RGB", {"quality": 95, "subsampling": 0}),
        ("JPEG", "RGB", {"quality": 95, "progressive": True, "subsampling": 0}),
        ("JPEG", "CMYK", {"quality": 95}),
        ("WEBP", "RGB", {"quality": 95}),
        ("TIFF", "CMYK", {}),
        ("TIFF", "RGB", {"compression": "jpeg", "quality": 95}),
        ("TIFF", "YCbCr", {}),
    ],
)
def test_lossy_formats_and_other_colour_spaces_are_read_approximately(
    pattern: NDArray[np.uint8], image_format: str, mode: str, options: Any
) -> None:
    content = encode(Image.fromarray(pattern).convert(mode), image_format, **options)

    image = read_image(content)

    assert image.format == image_format
    assert np.median(np.abs(image.pixels.astype(int) - pattern)) <= 3


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
def test_grey_becomes_three_equal_channels(grey: NDArray[np.uint8], image_format: str) -> None:
    options = {"quality": 100} if image_format == "JPEG" else {}

    image = read_image(encode(Image.fromarray(grey), image_format, **options))

    np.testing.assert_allclose(image.pixels, np.dstack([grey] * 3), atol=2)


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF"])
def test_one_bit_becomes_black_and_white(grey: NDArray[np.uint8], image_format: str) -> None:
    bits = Image.fromarray(np.where(grey > 100, 255, 0).astype(np.uint8)).convert("1")

    image = read_image(encode(bits, image_format))

    np.testing.assert_array_equal(image.pixels[..., 1], np.where(grey > 100, 255, 0))


@pytest.mark.parametrize(
    ("image_format", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA"), ("TIFF", "RGBA")]
)
def test_alpha_is_blended_with_black(
    pattern: NDArray[np.uint8], image_format: str, mode: str
) -> None:
    opacity = np.full((40, 56), 255, np.uint8)
    opacity[:20] = 0
    opacity[20:, 28:] = 128
    layered = Image.fromarray(np.dstack([pattern, opacity])).convert(mode)
    options = {"lossless": True} if image_format == "WEBP" else {}

    pixels = read_image(encode(layered, image_format, **options)).pixels.astype(int)

    opaque = np.asarray(layered.convert("RGB")).astype(int)
    assert not pixels[:20].any()
    np.testing.assert_allclose(pixels[20:, 28:], opaque[20:, 28:] / 2, atol=2)
    np.testing.assert_array_equal(pixels[20:, :28], opaque[20:, :28])


def test_transparent_palette_entry_is_black(pattern: NDArray[np.uint8]) -> None:
    image = Image.fromarray(pattern).quantize(8)
    hidden = image.getpixel((0, 0))

    found = read_image(encode(image, "GIF", transparency=hidden))

    assert not found.pixels[0, 0].any()
    assert tuple(found.pixels[39, 55]) == (250, 240, 120)


@pytest.mark.parametrize(
    ("image_format", "options"), [("GIF", {}), ("PNG", {}), ("WEBP", {"lossless": True})]
)
def test_first_frame_of_an_animation_is_read(
    pattern: NDArray[np.uint8], image_format: str, options: Any
) -> None:
    first, second = Image.fromarray(pattern), Image.fromarray(255 - pattern)
    content = encode(first, image_format, save_all=True, append_images=[second], **options)

    np.testing.assert_allclose(read_image(content).pixels, pattern, atol=2)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("image_format", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("WEBP", "RGB")]
)
def test_exif_orientation_is_applied(
    pattern: NDArray[np.uint8], store: Any, orientation: int, image_format: str, mode: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = store(Image.fromarray(pattern), orientation).convert(mode)

    image = read_image(encode(stored, image_format, exif=exif, quality=95))

    assert (image.width, image.height) == (56, 40)
    for row, column in [(5, 5), (5, 50), (35, 5), (35, 50)]:
        np.testing.assert_allclose(image.pixels[row, column], pattern[row, column], atol=8)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif", [b"garbage", b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12", b"Exif\0\0II*\0\x08"]
)
def test_damaged_exif_is_ignored(
    pattern: NDArray[np.uint8], image_format: str, exif: bytes
) -> None:
    image = read_image(encode(Image.fromarray(pattern), image_format, exif=exif))

    assert np.median(np.abs(image.pixels.astype(int) - pattern)) <= 3


def test_large_metadata_of_a_png_are_ignored(pattern: NDArray[np.uint8]) -> None:
    history = PngImagePlugin.PngInfo()
    history.add_text("Raw profile type xmp", "step " * 600_000, zip=True)
    history.add_text("Comment", "x" * 100_000_000, zip=True)
    history.add_text("Raw profile type exif", "no hex", zip=True)
    profile = np.random.default_rng(0).bytes(3_000_000)
    image = Image.fromarray(pattern)

    found = read_image(encode(image, "PNG", pnginfo=history, icc_profile=profile))

    np.testing.assert_array_equal(found.pixels, pattern)


def test_exif_in_the_text_of_a_png_is_applied(pattern: NDArray[np.uint8]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = exif.tobytes()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "left out", zip=True)
    text.add_text("Raw profile type exif", f"\nexif\n{len(profile):8}\n{profile.hex()}\n", zip=True)

    image = read_image(encode(Image.fromarray(pattern), "PNG", pnginfo=text))

    assert (image.width, image.height) == (40, 56)


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_orientation_in_xmp_is_applied(pattern: NDArray[np.uint8], image_format: str) -> None:
    xmp = '<rdf:Description tiff:Orientation="6"/>'
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp)

    content = encode(Image.fromarray(pattern), image_format, xmp=xmp.encode(), pnginfo=text)
    image = read_image(content)

    assert (image.width, image.height) == (40, 56)


def test_large_xmp_metadata_of_a_png_are_ignored(pattern: NDArray[np.uint8]) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", "step " * 20_000_000)
    text.add_itxt("XML:com.adobe.xmp", "step " * 20_000_000, zip=True)

    image = read_image(encode(Image.fromarray(pattern), "PNG", pnginfo=text))

    np.testing.assert_array_equal(image.pixels, pattern)


def test_many_texts_of_a_png_need_little_memory() -> None:
    png = encode(Image.linear_gradient("L").resize((64, 64)), "PNG")
    data = b"tEXta\0"
    text = struct.pack(">L", 2) + data + struct.pack(">L", zlib.crc32(data))
    header_end = 33
    content = png[:header_end] + text * 50_000 + png[header_end:]
    tracemalloc.start()

    image = read_image(content)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (image.width, image.height) == (64, 64)
    assert peak < 2 * len(content)


def sixteen_bit_png(data: NDArray[np.uint16]) -> ImageData:
    return read_image(bytes(imagecodecs.png_encode(data)))


def test_finished_sixteen_bit_png_is_only_scaled(pattern: NDArray[np.uint8]) -> None:
    image = sixteen_bit_png(pattern.astype(np.uint16) * 257)

    assert image.stretch is None
    np.testing.assert_array_equal(image.pixels, pattern)


def test_alpha_of_a_sixteen_bit_png_is_blended_with_black(pattern: NDArray[np.uint8]) -> None:
    opacity = np.where(np.arange(56) < 28, 0, 255) * np.ones((40, 1))
    layered = np.dstack([pattern, opacity]).astype(np.uint16) * 257

    image = sixteen_bit_png(layered)

    assert not image.pixels[:, :28].any()
    np.testing.assert_array_equal(image.pixels[:, 28:], pattern[:, 28:])


def test_linear_sixteen_bit_png_keeps_its_depth(linear_sky: NDArray[np.float64]) -> None:
    image = sixteen_bit_png((linear_sky * 65535).astype(np.uint16))

    assert image.stretch == "mtf"
    # If the image were reduced to 8 bits before the stretch, the nebula would have only ten levels.
    assert len(np.unique(image.pixels[60:120, 80:160, 0])) > 60


def png_chunk(kind: bytes, data: bytes, checksum: int | None = None) -> bytes:
    correct = zlib.crc32(kind + data)
    return (
        struct.pack(">L", len(data))
        + kind
        + data
        + struct.pack(">L", correct if checksum is None else checksum)
    )


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(
    "kind",
    [
        *[b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"tIME", b"eXIf", b"iCCP", b"acTL", b"fcTL"],
        *[b"tEXt", b"zTXt", b"iTXt", b"cICP", b"sBIT", b"tRNS", b"vpAg"],
    ],
)
def test_damaged_metadata_of_a_png_are_ignored(
    pattern: NDArray[np.uint8], depth: int, kind: bytes
) -> None:
    png = encode(Image.fromarray(pattern), "PNG")
    if depth == 16:
        png = bytes(imagecodecs.png_encode(pattern.astype(np.uint16) * 257))
    damaged = png_chunk(kind, bytes(8), checksum=1)
    if kind != b"tRNS":
        damaged += png_chunk(kind, b"\0")

    image = read_image(png[:33] + damaged + png[33:])

    np.testing.assert_array_equal(image.pixels, pattern)


@pytest.mark.parametrize("depth", [8, 16])
def test_png_without_its_end_chunk_is_read(pattern: NDArray[np.uint8], depth: int) -> None:
    png = encode(Image.fromarray(pattern), "PNG")
    if depth == 16:
        png = bytes(imagecodecs.png_encode(pattern.astype(np.uint16) * 257))
    end = png.index(b"IEND") - 4

    for content in (png[:end], png[:-6], png[:end] + b"text" * 9):
        np.testing.assert_array_equal(read_image(content).pixels, pattern)
    with pytest.raises(CorruptImageError):
        read_image(png[: end - 40])
