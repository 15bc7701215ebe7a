import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import CorruptImageError, TooManyPixelsError, UnsupportedFormatError
from deepsky.imaging import Limits, read_image
from deepsky.imaging.raster.psd import read_psd
from tests.imaging.psd_writer import psd

GREY, INDEXED, RGB, CMYK, LAB = 1, 2, 3, 4, 9


def decode(content: bytes) -> NDArray[np.generic]:
    return read_psd(io.BytesIO(content), Limits()).values


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("compression", [0, 1])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_rgb_and_grey_are_read_at_full_depth(
    pattern: NDArray[np.uint8], dtype: type, compression: int, is_large: bool
) -> None:
    deep: NDArray[np.generic] = pattern.astype(dtype) * (257 if dtype is np.uint16 else 1)
    planes = np.moveaxis(deep, -1, 0)

    colour = decode(psd(planes, RGB, compression=compression, is_large=is_large))
    grey = decode(psd(planes[:1], GREY, compression=compression, is_large=is_large))

    np.testing.assert_array_equal(colour, deep)
    np.testing.assert_array_equal(grey, deep[..., :1])
    assert colour.dtype == dtype


def test_pillow_reads_the_documents_of_the_writer(pattern: NDArray[np.uint8]) -> None:
    content = psd(np.moveaxis(pattern, -1, 0), RGB, compression=1)

    with Image.open(io.BytesIO(content)) as image:
        np.testing.assert_array_equal(np.asarray(image), pattern)


def test_palette_is_applied(pattern: NDArray[np.uint8]) -> None:
    image = Image.fromarray(pattern).quantize(4)
    colours = np.zeros((256, 3), np.uint8)
    stored = np.reshape(image.getpalette() or [], (-1, 3))
    colours[: len(stored)] = stored

    values = decode(psd(np.asarray(image)[np.newaxis], INDEXED, palette=colours.T.tobytes()))

    np.testing.assert_array_equal(values, np.asarray(image.convert("RGB")))


def test_inks_are_converted_to_rgb() -> None:
    inks = np.array([[[0]], [[255]], [[128]], [[255]]], np.uint8)  # full cyan, half yellow

    np.testing.assert_array_equal(decode(psd(inks, CMYK)), [[[0, 255, 128]]])


def test_bitmap_is_read() -> None:
    packed = np.array([[[0b10100000, 0b10000000]]], np.uint8)
    content = bytearray(psd(packed, 0, depth=1))
    content[18:22] = (9).to_bytes(4, "big")

    np.testing.assert_array_equal(
        decode(bytes(content))[0, :, 0], [0, 255, 0, 255, 255, 255, 255, 255, 0]
    )


def test_white_behind_transparent_areas_becomes_black(pattern: NDArray[np.uint8]) -> None:
    alpha = np.full(pattern.shape[:2], 255, np.uint8)
    alpha[:20] = 0
    shown = pattern.copy()
    shown[:20] = 255
    planes = np.moveaxis(np.dstack([shown, alpha]), -1, 0)

    values = decode(psd(planes, RGB, layers=-1))

    assert values[:20].max() == 0
    np.testing.assert_array_equal(values[20:], pattern[20:])


def test_saved_selection_is_not_alpha(pattern: NDArray[np.uint8]) -> None:
    selection = np.zeros(pattern.shape[:2], np.uint8)
    planes = np.moveaxis(np.dstack([pattern, selection]), -1, 0)

    np.testing.assert_array_equal(decode(psd(planes, RGB)), pattern)
    np.testing.assert_array_equal(decode(psd(planes, RGB, layers=2)), pattern)


def test_colour_profile_is_returned(pattern: NDArray[np.uint8]) -> None:
    planes = np.moveaxis(pattern, -1, 0)
    content = psd(planes, RGB, resources={1005: b"odd", 1039: b"profile"})

    assert read_psd(io.BytesIO(content), Limits()).icc_profile == b"profile"


def test_document_without_flattened_image_is_rejected_with_advice(
    pattern: NDArray[np.uint8],
) -> None:
    content = psd(np.moveaxis(pattern, -1, 0), RGB, resources={1057: b"\0\0\0\1\0"})

    with pytest.raises(UnsupportedFormatError, match="Maximize Compatibility"):
        read_image(content)


def test_invalid_documents_are_rejected(pattern: NDArray[np.uint8]) -> None:
    planes = np.moveaxis(pattern, -1, 0)
    content = psd(planes, RGB, compression=1)

    with pytest.raises(UnsupportedFormatError, match="colour mode 9"):
        read_image(psd(planes, LAB))
    with pytest.raises(UnsupportedFormatError, match="compression 3"):
        read_image(psd(planes, RGB, compression=0)[: 26 + 12] + b"\0\3" + bytes(99))
    for length in (10, 30, len(content) - 1):
        with pytest.raises(CorruptImageError):
            read_image(content[:length])
    with pytest.raises(CorruptImageError, match="2 channels"):
        read_image(psd(planes[:2], RGB))
    with pytest.raises(TooManyPixelsError):
        read_image(content, limits=Limits(max_pixels=1_000))
