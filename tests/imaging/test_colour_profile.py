import io
from functools import cache
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from deepsky.imaging import read_image
from deepsky.imaging.display.colour_profile import cmyk_to_srgb, is_linear_profile, to_srgb

WHITE = (0.3127, 0.3290)
WHITE_D50 = (0.3457, 0.3585)
ADOBE_RGB = {"whitepoint": WHITE, "primaries": (0.64, 0.33, 0.21, 0.71, 0.15, 0.06), "gamma": 2.2}
DISPLAY_P3 = {"whitepoint": WHITE, "primaries": (0.68, 0.32, 0.265, 0.69, 0.15, 0.06), "gamma": 2.2}
PROPHOTO = {
    "whitepoint": WHITE_D50,
    "primaries": (0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001),
    "gamma": 1.8,
}
LINEAR = {"whitepoint": WHITE, "primaries": (0.64, 0.33, 0.30, 0.60, 0.15, 0.06), "gamma": 1.0}
WIDE = [ADOBE_RGB, DISPLAY_P3, PROPHOTO]


def profile(description: dict[str, Any], space: str = "rgb") -> bytes:
    return bytes(imagecodecs.cms_profile(space, **description))


@cache
def scene() -> NDArray[np.uint8]:
    """Return sRGB colours of a nebula, all of which are within the wider colour spaces."""
    red, blue = np.meshgrid(np.linspace(30, 220, 56), np.linspace(25, 180, 40))
    return np.stack([red, (red + blue) / 3, blue], -1).astype(np.uint8)


def encoded_in(description: dict[str, Any], dtype: str = "uint8") -> NDArray[Any]:
    """Return the scene in another colour space."""
    source = scene() if dtype == "uint8" else scene().astype(np.uint16) * 257
    return imagecodecs.cms_transform(
        source,
        imagecodecs.cms_profile("srgb"),
        profile(description),
        colorspace="rgb",
        outcolorspace="rgb",
        outdtype=dtype,
        flags=0x100,
    )


def save(pixels: NDArray[Any], image_format: str, icc: bytes, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, image_format, icc_profile=icc, **options)
    return stream.getvalue()


@pytest.mark.parametrize("description", WIDE, ids=["Adobe RGB", "Display P3", "ProPhoto"])
@pytest.mark.parametrize(
    ("image_format", "options"),
    [
        ("JPEG", {"quality": 98, "subsampling": 0}),
        ("PNG", {}),
        ("TIFF", {}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_wide_gamut_image_is_converted_to_srgb(
    description: dict[str, Any], image_format: str, options: Any
) -> None:
    stored = encoded_in(description)
    assert np.abs(stored.astype(int) - scene()).max() > 15

    image = read_image(save(stored, image_format, profile(description), **options))

    assert np.abs(image.pixels.astype(int) - scene()).max() <= (8 if image_format == "JPEG" else 4)


@pytest.mark.parametrize("description", [*WIDE, LINEAR])
def test_sixteen_bit_image_is_converted_to_srgb(description: dict[str, Any]) -> None:
    stream = io.BytesIO()
    stored = encoded_in(description, "uint16")
    tags = [(34675, "B", len(icc := profile(description)), icc, True)]
    tifffile.imwrite(stream, stored, photometric="rgb", extratags=tags)

    image = read_image(stream.getvalue())

    assert image.stretch is None
    np.testing.assert_allclose(image.pixels, scene(), atol=4)


def test_stretched_image_in_a_linear_colour_space_is_not_converted_again(
    linear_sky: NDArray[np.float64],
) -> None:
    data = (linear_sky * 65535).astype(np.uint16)
    icc = profile(LINEAR)
    plain, tagged = io.BytesIO(), io.BytesIO()
    tifffile.imwrite(plain, data, photometric="rgb")
    tags = [(34675, "B", len(icc), icc, True)]
    tifffile.imwrite(tagged, data, photometric="rgb", extratags=tags)

    image = read_image(tagged.getvalue())

    assert image.stretch == "mtf"
    np.testing.assert_array_equal(image.pixels, read_image(plain.getvalue()).pixels)


@pytest.mark.parametrize("space", ["gray", "rgb"])
def test_grey_image_is_converted(grey: NDArray[np.uint8], space: str) -> None:
    gamma = profile({"whitepoint": WHITE, "gamma": 1.8} if space == "gray" else PROPHOTO, space)

    pixels = read_image(save(grey, "TIFF", gamma)).pixels

    linear = (grey / 255) ** 1.8
    expected = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(pixels[..., 0], expected * 255, atol=1.5)
    assert pixels.strides[2] == 0


def test_srgb_profile_changes_nothing(pattern: NDArray[np.uint8]) -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    np.testing.assert_array_equal(read_image(save(pattern, "PNG", icc)).pixels, pattern)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(
    "icc",
    [
        b"x",
        b"not a profile" * 40,
        profile(ADOBE_RGB)[:200],
        profile(ADOBE_RGB)[:128] + bytes(472),
        profile({"whitepoint": WHITE, "gamma": 1.8}, "gray"),
        profile(ADOBE_RGB) + bytes(5_000_000),
    ],
    ids=["short", "text", "truncated", "empty", "wrong colour space", "too large"],
)
def test_unusable_profile_is_ignored(
    pattern: NDArray[np.uint8], image_format: str, icc: bytes
) -> None:
    options = {"lossless": True} if image_format == "WEBP" else {}

    image = read_image(save(pattern, image_format, icc, **options))

    assert np.median(np.abs(image.pixels.astype(int) - pattern)) <= 3


@pytest.mark.parametrize("name", ["ICC_PROFILE\0", "ICC_PROFILE\0\1"])
def test_unfinished_profile_segment_of_a_jpeg_is_ignored(name: str) -> None:
    content = save(scene(), "JPEG", b"", quality=95)
    segment = b"\xff\xe2" + (len(name) + 2).to_bytes(2, "big") + name.encode()

    image = read_image(content[:2] + segment + content[2:])

    assert np.median(np.abs(image.pixels.astype(int) - scene())) <= 3


def test_cmyk_without_a_cmyk_profile_is_not_converted() -> None:
    assert cmyk_to_srgb(np.zeros((1, 1, 4), np.uint8), profile(ADOBE_RGB)) is None


def test_linear_profiles_are_recognised() -> None:
    assert is_linear_profile(profile(LINEAR))
    assert is_linear_profile(profile({"whitepoint": WHITE, "gamma": 1.0}, "gray"))
    assert not is_linear_profile(profile(PROPHOTO))
    assert not is_linear_profile(b"damaged")


def test_pixels_are_not_copied_without_a_change(pattern: NDArray[np.uint8]) -> None:
    assert to_srgb(pattern, bytes(imagecodecs.cms_profile("srgb"))) is pattern
