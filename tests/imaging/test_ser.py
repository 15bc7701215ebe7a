import io
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from deepsky.errors import (
    CorruptImageError,
    NoImageDataError,
    TooManyPixelsError,
    UnsupportedFormatError,
)
from deepsky.imaging import Limits, read_image
from deepsky.imaging.camera.ser import read_ser
from tests.imaging.ser_writer import ser


def decode(content: bytes) -> NDArray[np.float32]:
    return np.asarray(read_ser(io.BytesIO(content), Limits()).values, np.float32)


def smooth(bits: int, rows: int = 40, columns: int = 56) -> NDArray[np.uint16]:
    y, x = np.mgrid[:rows, :columns]
    brightness = (x + y) / (rows + columns)
    return np.asarray(brightness * (2**bits - 1), np.uint16)


def test_middle_frames_are_averaged(pattern: NDArray[np.uint8]) -> None:
    frames = np.stack([pattern[..., 0] // 2 + (n if 42 <= n < 58 else 100) for n in range(100)])

    values = decode(ser(frames))

    np.testing.assert_allclose(values[..., 0], pattern[..., 0] // 2 + 49.5)


@pytest.mark.parametrize("flag", [0, 1])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_byte_order_is_found_in_the_data(order: Literal["<", ">"], flag: int, bits: int) -> None:
    frame = smooth(bits)

    values = decode(ser(frame[np.newaxis], depth=bits, byte_order=order, flag=flag))

    np.testing.assert_array_equal(values[..., 0], frame)


@pytest.mark.parametrize(
    ("colours", "pattern_name"),
    [(8, "RGGB"), (9, "GRBG"), (10, "GBRG"), (11, "BGGR"), (16, "unknown order")],
)
def test_colour_filters_are_reported(colours: int, pattern_name: str) -> None:
    content = ser(smooth(16)[np.newaxis], colours=colours)

    assert read_ser(io.BytesIO(content), Limits()).mosaic == pattern_name


def test_rgb_and_bgr_are_read(pattern: NDArray[np.uint8]) -> None:
    np.testing.assert_array_equal(decode(ser(pattern[np.newaxis], colours=100)), pattern)
    np.testing.assert_array_equal(decode(ser(pattern[np.newaxis], colours=101)), pattern[..., ::-1])


@pytest.mark.parametrize("count", [0, -5, 3, 2_000_000_000])
def test_wrong_number_of_frames_in_the_header_is_harmless(count: int) -> None:
    frame = smooth(8).astype(np.uint8)

    np.testing.assert_array_equal(decode(ser(np.stack([frame] * 3), count=count))[..., 0], frame)


def test_interrupted_recording_is_read_to_its_last_complete_frame() -> None:
    frame = smooth(8).astype(np.uint8)

    np.testing.assert_array_equal(decode(ser(np.stack([frame] * 3))[:-100])[..., 0], frame)


def test_full_scale_is_that_of_the_samples() -> None:
    def full_scale(content: bytes) -> float | None:
        return read_ser(io.BytesIO(content), Limits()).full_scale

    assert full_scale(ser(smooth(8).astype(np.uint8)[np.newaxis])) == 255
    assert full_scale(ser(smooth(12)[np.newaxis], depth=12)) == 4095
    assert full_scale(ser(smooth(16)[np.newaxis], depth=12)) == 65535


def test_invalid_videos_are_rejected() -> None:
    frames = smooth(8).astype(np.uint8)[np.newaxis]
    whole = ser(frames)

    with pytest.raises(NoImageDataError, match="no frames"):
        read_image(ser(frames[:0], count=0))
    with pytest.raises(CorruptImageError, match="first frame"):
        read_image(whole[:1000])
    with pytest.raises(CorruptImageError, match="0 by 0"):
        read_image(whole[:20])
    with pytest.raises(UnsupportedFormatError, match="colour format 7"):
        read_image(ser(frames, colours=7))
    with pytest.raises(UnsupportedFormatError, match="33 bits"):
        read_image(ser(frames, depth=33))
    with pytest.raises(TooManyPixelsError):
        read_image(whole, limits=Limits(max_pixels=2_000))


def test_video_with_more_frames_than_the_limit_is_read() -> None:
    frame = smooth(8).astype(np.uint8)

    image = read_image(ser(np.stack([frame] * 30)), limits=Limits(max_frames=10))

    assert (image.format, image.width, image.height) == ("SER", 56, 40)
