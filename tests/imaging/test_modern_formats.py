"""HEIC, AVIF and JPEG XL."""

import io
from typing import Any

import imagecodecs
import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from deepsky.errors import ImageError, TooManyFramesError, TooManyPixelsError, TooMuchMemoryError
from deepsky.imaging import Limits, read_image
from deepsky.imaging.display.coded_profile import coded_profile
from deepsky.imaging.raster.avif import read_avif
from deepsky.imaging.raster.heic import read_heic
from deepsky.imaging.raster.jpeg_xl import read_jpeg_xl
from deepsky.imaging.raster.jpeg_xl_header import read_jpeg_xl_header
from tests.imaging.test_scale import encode

ORIENTATION = 0x0112
P3, BT2020, SRGB_CURVE, LINEAR, PQ, HLG = 12, 9, 13, 8, 16, 18


@pytest.fixture
def scene(pattern: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `pattern` at twice its size, so that codecs keep the colours of its quarters."""
    return pattern.repeat(2, axis=0).repeat(2, axis=1)


def heic(*images: NDArray[Any], primary: int = 0, bits: int = 8, **options: Any) -> bytes:
    file: Any = pillow_heif.HeifFile()  # type: ignore[no-untyped-call]
    for pixels in images:
        rows, columns, channels = pixels.shape
        mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels] + (";16" if bits > 8 else "")
        file.add_frombytes(mode, (columns, rows), np.ascontiguousarray(pixels).tobytes())
    if "exif" in options:
        file[0].info["exif"] = options.pop("exif")
    stream = io.BytesIO()
    file.save(stream, quality=-1, chroma=444, primary_index=primary, **options)
    return stream.getvalue()


def avif(pixels: NDArray[np.uint8], **options: Any) -> bytes:
    return encode(Image.fromarray(pixels), "AVIF", quality=100, subsampling="4:4:4", **options)


def jxl(pixels: NDArray[Any], **options: Any) -> bytes:
    return bytes(imagecodecs.jpegxl_encode(pixels, lossless=True, **options))


@pytest.mark.parametrize(("encoder", "name"), [(heic, "HEIC"), (avif, "AVIF"), (jxl, "JXL")])
def test_colours_are_read(scene: NDArray[np.uint8], encoder: Any, name: str) -> None:
    image = read_image(encoder(scene))

    assert (image.format, image.stretch) == (name, None)
    np.testing.assert_allclose(image.pixels, scene, atol=3)


def test_deep_heic_is_read_at_full_depth(
    scene: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = scene.astype(np.uint16) * 257
    for is_twelve, white in ((False, 65472), (True, 65520)):
        monkeypatch.setattr(pillow_heif.options, "SAVE_HDR_TO_12_BIT", is_twelve)

        decoded = read_heic(io.BytesIO(heic(deep, bits=16)), Limits())

        assert decoded.full_scale == white
        np.testing.assert_allclose(decoded.values / white, scene / 255, atol=0.003)


@pytest.mark.parametrize("bits", [10, 12])
def test_deep_avif_is_read_at_full_depth(scene: NDArray[np.uint8], bits: int) -> None:
    deep = scene.astype(np.uint16) << (bits - 8)
    content = bytes(imagecodecs.avif_encode(deep, level=100, bitspersample=bits))

    decoded = read_avif(io.BytesIO(content), Limits())

    assert decoded.full_scale == 2**bits - 1
    np.testing.assert_allclose(decoded.values, deep, atol=2 ** (bits - 6))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("is_grey", [False, True])
def test_jpeg_xl_is_read_at_full_depth(
    scene: NDArray[np.uint8], dtype: type, is_grey: bool
) -> None:
    values = (scene / np.float32(255)).astype(dtype) if dtype is np.float32 else scene.astype(dtype)
    values = values[..., 0] if is_grey else values

    decoded = read_jpeg_xl(io.BytesIO(jxl(values)), Limits())

    np.testing.assert_array_equal(decoded.values.squeeze(), values)
    assert decoded.full_scale == (None if dtype is np.float32 else np.iinfo(dtype).max)


@pytest.mark.parametrize("shape", [(80, 112), (40, 40), (1, 1), (9, 300), (600, 900), (1080, 1920)])
@pytest.mark.parametrize("options", [{}, {"usecontainer": True}])
def test_size_in_the_header_of_jpeg_xl_is_read(
    shape: tuple[int, int], options: dict[str, Any]
) -> None:
    for values in (np.zeros((*shape, 4), np.uint8), np.zeros(shape, np.uint16)):
        header = read_jpeg_xl_header(io.BytesIO(jxl(values, **options)))

        assert (header.height, header.width) == shape
        assert header.bits == 8 * values.itemsize


@pytest.mark.parametrize("encoder", [heic, avif, jxl])
def test_transparent_areas_are_black(scene: NDArray[np.uint8], encoder: Any) -> None:
    alpha = np.full(scene.shape[:2], 255, np.uint8)
    alpha[:40] = 0

    pixels = read_image(encoder(np.dstack([scene, alpha]))).pixels

    assert pixels[:38].max() <= 3
    np.testing.assert_allclose(pixels[42:], scene[42:], atol=6)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("encoder", [heic, avif])
def test_orientation_is_applied_once(
    scene: NDArray[np.uint8], store: Any, encoder: Any, orientation: int
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = np.asarray(store(Image.fromarray(scene), orientation))

    image = read_image(encoder(stored, exif=exif.tobytes()))

    assert (image.width, image.height) == (112, 80)
    np.testing.assert_allclose(image.pixels, scene, atol=4)


def test_primary_image_is_read_even_if_a_thumbnail_comes_first(scene: NDArray[np.uint8]) -> None:
    thumbnail = np.zeros((16, 24, 3), np.uint8)

    image = read_image(heic(thumbnail, scene, primary=1))

    np.testing.assert_allclose(image.pixels, scene, atol=3)


@pytest.mark.parametrize("image_format", ["AVIF", "JXL"])
def test_first_frame_of_an_animation_is_read(scene: NDArray[np.uint8], image_format: str) -> None:
    other = np.zeros_like(scene)
    if image_format == "AVIF":
        content = avif(scene, save_all=True, append_images=[Image.fromarray(other)] * 3)
    else:
        content = jxl(np.stack([scene, other, other]))

    np.testing.assert_allclose(read_image(content).pixels, scene, atol=4)


def test_limits_apply(scene: NDArray[np.uint8]) -> None:
    small = Limits(max_pixels=2_000)
    for content in (heic(scene), avif(scene), jxl(scene)):
        with pytest.raises(TooManyPixelsError):
            read_image(content, limits=small)
    frames = [Image.fromarray(scene)] * 3
    for content in (heic(scene, scene, scene), avif(scene, save_all=True, append_images=frames)):
        with pytest.raises(TooManyFramesError):
            read_image(content, limits=Limits(max_frames=2))


@pytest.mark.parametrize("encoder", [heic, avif, jxl])
def test_memory_limit_applies(scene: NDArray[np.uint8], encoder: Any) -> None:
    content = encoder(scene)
    tight = Limits(max_memory=150_000_000 + scene.size)

    with pytest.raises(TooMuchMemoryError):
        read_image(content, limits=tight)


@pytest.mark.parametrize("encoder", [heic, avif, jxl])
def test_truncated_files_are_rejected(scene: NDArray[np.uint8], encoder: Any) -> None:
    content = encoder(scene)

    for length in (14, 40, len(content) // 2, len(content) * 3 // 4):
        with pytest.raises(ImageError):
            read_image(content[:length])


def test_colour_profiles_are_returned(scene: NDArray[np.uint8]) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert read_avif(io.BytesIO(avif(scene, icc_profile=profile)), Limits()).icc_profile == profile
    assert read_avif(io.BytesIO(avif(scene)), Limits()).icc_profile is None
    assert read_heic(io.BytesIO(heic(scene)), Limits()).icc_profile is None
    assert read_jpeg_xl(io.BytesIO(jxl(scene)), Limits()).icc_profile is None


def test_coded_primaries_become_a_profile(scene: NDArray[np.uint8]) -> None:
    content = heic(scene, color_primaries=P3, transfer_characteristics=SRGB_CURVE)

    decoded = read_heic(io.BytesIO(content), Limits())

    assert decoded.icc_profile
    profile = ImageCms.ImageCmsProfile(io.BytesIO(decoded.icc_profile)).profile
    assert profile.red_primary
    assert profile.red_primary[1][:2] == pytest.approx((0.682, 0.319), abs=0.002)


@pytest.mark.parametrize("transfer", [SRGB_CURVE, PQ, HLG])
def test_curves_of_coded_profiles_are_correct(transfer: int) -> None:
    profile = coded_profile(BT2020, transfer)
    assert profile
    srgb = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(io.BytesIO(profile), srgb, "RGB", "RGB")

    def convert(level: int) -> int:
        pixel: Any = ImageCms.applyTransform(Image.new("RGB", (1, 1), (level,) * 3), transform)
        return int(pixel.getpixel((0, 0))[1])

    # PQ and HLG signals of 58 % and 75 % are the reference white of BT.2408, 203 cd/m².
    white = {SRGB_CURVE: 255, PQ: 148, HLG: 191}[transfer]
    assert convert(white) == pytest.approx(255, abs=4)
    assert convert(0) == 0
    assert convert(white // 2) == pytest.approx(
        {SRGB_CURVE: 127, PQ: 62, HLG: 99}[transfer], abs=12
    )


def test_srgb_and_linear_need_no_profile() -> None:
    assert coded_profile(1, SRGB_CURVE) is None
    assert coded_profile(P3, LINEAR) is None
    assert coded_profile(0, 0) is None
