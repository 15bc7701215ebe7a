import io
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import NoImageDataError
from deepsky.imaging import read_image
from deepsky.imaging.display.stretch import to_eight_bits
from deepsky.imaging.display.stretch_choice import STRETCHES, StretchChoice, check_stretch


def finish_by_hand(linear: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Stretch an image as in an image editor, with a black point, arcsinh curve and white point."""
    black = 0.8 * np.median(linear, axis=(0, 1))
    lifted = np.arcsinh(np.clip(linear - black, 0, None) * 200)
    return np.asarray(lifted / lifted.max() * 255, np.uint8)


def midtones(balance: float, values: Any) -> Any:
    """Apply the midtones transfer function as defined in PixInsight's documentation."""
    return (balance - 1) * values / ((2 * balance - 1) * values - balance)


def as_fits(data: NDArray[np.float64]) -> bytes:
    stream = io.BytesIO()
    fits.PrimaryHDU(np.moveaxis(data[::-1], -1, 0)).writeto(stream)
    return stream.getvalue()


def png(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_linear_fits_looks_like_its_finished_jpeg(linear_sky: NDArray[np.float64]) -> None:
    stream = io.BytesIO()
    Image.fromarray(finish_by_hand(linear_sky)).save(stream, "JPEG", quality=92)

    raw = read_image(as_fits(linear_sky * 50_000 + 300))
    finished = read_image(stream.getvalue())

    assert (raw.stretch, finished.stretch) == ("mtf", None)
    raw_values, finished_values = raw.pixels.astype(float), finished.pixels.astype(float)
    assert np.abs(raw_values - finished_values).mean() < 8
    assert np.corrcoef(raw_values.ravel(), finished_values.ravel())[0, 1] > 0.95


def test_sky_is_dark_grey_nebula_is_bright_and_stars_are_not_saturated(
    linear_sky: NDArray[np.float64],
) -> None:
    pixels = read_image(as_fits(linear_sky)).pixels
    sky, nebula = pixels[180:, 240:], pixels[80:100, 110:130]

    for channel in range(3):
        assert 0.08 < np.median(sky[..., channel]) / 255 < 0.16
    assert np.median(nebula[..., 0]) > 3 * np.median(sky[..., 0])
    assert np.median(nebula[..., 0]) > np.median(nebula[..., 1]) + 20  # the nebula is still red
    assert (pixels == 255).mean() < 0.001


def test_coloured_sky_becomes_neutral(linear_sky: NDArray[np.float64]) -> None:
    polluted = linear_sky + np.array([0.05, 0.03, 0.01])

    medians = np.median(read_image(as_fits(polluted)).pixels[180:, 240:], axis=(0, 1))

    assert np.ptp(medians) < 6


@pytest.mark.parametrize("dtype", ["u2", "i2", "f4"])
def test_stretch_equals_the_published_formula(linear_sky: NDArray[np.float64], dtype: str) -> None:
    data = np.rint(linear_sky[..., 0] * 30_000 + 500).astype(dtype)
    data[0, :9] = 30  # dead pixels, so that the lowest value is below the black point
    values = data.astype(float)
    median = np.median(values)
    black = median - 2.8 * 1.4826 * np.median(np.abs(values - median))
    white = np.quantile(values, 0.9999) - black
    brightness = np.clip((values - black) / white, 0, 1)
    sky = (median - black) / white
    balance = midtones(0.12, sky)

    pixels, stretch = to_eight_bits(data)

    assert stretch == "mtf"
    assert midtones(balance, sky) == pytest.approx(0.12)
    assert np.abs(pixels[..., 0] - 255 * midtones(balance, brightness)).max() <= 0.51


def test_unit_and_offset_of_linear_data_have_no_effect(linear_sky: NDArray[np.float64]) -> None:
    counts, _ = to_eight_bits(linear_sky * 40_000 + 1_000)
    negative, _ = to_eight_bits(linear_sky * 1e-3 - 5)

    assert np.abs(counts.astype(int) - negative).max() <= 1


def test_black_borders_have_no_effect_on_the_stretch(
    linear_sky: NDArray[np.float64],
) -> None:
    framed = np.zeros((400, 500, 3))
    framed[80:320, 90:410] = linear_sky * 1000

    inside = to_eight_bits(framed)[0][80:320, 90:410]

    assert np.abs(inside.astype(int) - to_eight_bits(linear_sky * 1000)[0]).max() <= 1


def test_finished_data_are_only_scaled(linear_sky: NDArray[np.float64]) -> None:
    finished = finish_by_hand(linear_sky)

    for data in (finished, finished.astype(np.uint16) * 257, finished / np.float32(255)):
        pixels, stretch = to_eight_bits(data)
        assert stretch is None
        np.testing.assert_array_equal(pixels, finished)


def test_nan_and_infinite_pixels_do_not_affect_others(linear_sky: NDArray[np.float64]) -> None:
    data = linear_sky * 1000
    whole, _ = to_eight_bits(data)
    data[:20] = np.nan
    data[20:25] = np.inf
    data[25:30] = -np.inf

    holed, _ = to_eight_bits(data)

    assert not holed[:20].any()
    assert (holed[20:25] == 255).all()
    assert not holed[25:30].any()
    assert np.abs(holed[30:].astype(int) - whole[30:]).mean() < 2


@pytest.mark.parametrize("value", [0.0, 7.0, -3.0, 1e300])
@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (5, 7, 3)])
def test_constant_image_is_black(value: float, shape: tuple[int, ...]) -> None:
    pixels, _ = to_eight_bits(np.full(shape, value))

    assert pixels.shape == (*shape[:2], 3)
    assert not pixels.any()


def test_sky_clipped_to_one_value_is_dark() -> None:
    data = np.full((100, 100), 50.0)
    data[40:60, 40:60] = np.linspace(60, 5000, 400).reshape(20, 20)

    pixels, _ = to_eight_bits(data)

    assert not pixels[:40].any()
    assert np.ptp(pixels[40:60, 40:60]) > 150


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_data_without_finite_values_raise_no_image_data(value: float) -> None:
    with pytest.raises(NoImageDataError):
        to_eight_bits(np.full((4, 4), value))


def test_wide_border_has_no_effect_on_the_stretch_of_a_bright_sky(
    linear_sky: NDArray[np.float64],
) -> None:
    sky = (linear_sky * 20_000 + 9_000).astype(np.uint16)
    framed = np.zeros((500, 600, 3), np.uint16)
    framed[80:320, 90:410] = sky

    pixels, stretch = to_eight_bits(framed)

    assert stretch == "mtf"
    assert np.abs(pixels[80:320, 90:410].astype(int) - to_eight_bits(sky)[0]).max() <= 1


def test_channel_without_finite_values_is_black_and_does_not_affect_others(
    linear_sky: NDArray[np.float64],
) -> None:
    data = linear_sky * 1000
    data[..., 2] = 0
    zero, _ = to_eight_bits(data)
    data[..., 2] = np.nan
    unknown, _ = to_eight_bits(data)

    assert not unknown[..., 2].any()
    np.testing.assert_array_equal(unknown, zero)


def test_floats_slightly_outside_0_to_1_are_finished(
    linear_sky: NDArray[np.float64],
) -> None:
    finished = finish_by_hand(linear_sky)
    data = finished / np.float32(255)
    data[0, 0] = 1.004
    data[0, 1] = -0.002

    pixels, stretch = to_eight_bits(data)

    assert stretch is None
    assert (pixels[0, 0] == 255).all()
    assert not pixels[0, 1].any()
    np.testing.assert_array_equal(pixels[1:], finished[1:])


@pytest.mark.parametrize("name", [name for name in STRETCHES if name != "auto"])
def test_chosen_stretch_is_applied_and_named(
    linear_sky: NDArray[np.float64], name: StretchChoice
) -> None:
    linear = read_image(as_fits(linear_sky), stretch=name)
    finished = read_image(png(finish_by_hand(linear_sky)), stretch=name)

    assert linear.stretch == finished.stretch == name
    assert np.ptp(linear.pixels) > 100
    assert (finished.pixels == finish_by_hand(linear_sky)).all() == (name == "linear")


def test_arcsinh_equals_the_published_formula(linear_sky: NDArray[np.float64]) -> None:
    grey = linear_sky[..., 0]
    median = np.median(grey)
    deviation = 1.4826 * np.median(np.abs(grey - median))
    black = max(grey.min(), median - 2.8 * deviation)
    light = np.clip((grey - black) / (np.quantile(grey, 0.9999) - black), 0, 1)

    pixels, _ = to_eight_bits(grey, "asinh")

    expected = 255 * np.arcsinh(light / 0.01) / np.arcsinh(1 / 0.01)
    assert np.abs(pixels[..., 0] - expected).max() <= 1


def test_stated_full_scale_and_state_are_used(linear_sky: NDArray[np.float64]) -> None:
    values = finish_by_hand(linear_sky).astype(np.uint16) * 4

    shown, stretch = to_eight_bits(values, full_scale=1020)
    _, stated = to_eight_bits(values, state="linear")

    assert (stretch, stated) == (None, "mtf")
    np.testing.assert_array_equal(shown, finish_by_hand(linear_sky))


def test_unknown_stretch_raises_an_error_that_lists_the_names() -> None:
    with pytest.raises(ValueError, match=r"'gamma'.*auto, mtf, asinh"):
        read_image(b"", stretch="gamma")  # type: ignore[arg-type]


def test_parameters_of_the_midtones_stretch_are_applied(linear_sky: NDArray[np.float64]) -> None:
    sky = [
        np.median(read_image(as_fits(linear_sky), stretch=check_stretch(name)).pixels) / 255
        for name in ("mtf-0.05-2.8", "mtf", "mtf-0.30-2.8")
    ]
    black = [
        (read_image(as_fits(linear_sky), stretch=check_stretch(name)).pixels == 0).mean()
        for name in ("mtf-0.12-5", "mtf", "mtf-0.12-0.5")
    ]

    assert sky == pytest.approx([0.05, 0.12, 0.3], abs=0.02)
    assert black[0] <= black[1] < 0.05 < black[2]


@pytest.mark.parametrize(
    ("text", "name"), [("mtf-0.12-2.8", "mtf"), ("mtf-0.30-10.0", "mtf-0.3-10"), ("log", "log")]
)
def test_stretches_have_one_name(text: str, name: str) -> None:
    assert check_stretch(text) == name
    assert (
        read_image(
            png(np.tile(np.arange(64, dtype=np.uint8), (64, 1))), stretch=check_stretch(text)
        ).stretch
        == name
    )


@pytest.mark.parametrize(
    "text",
    ["mtf-0-1", "mtf-0.00-1", "mtf-1-1", "mtf-0.123-1", "mtf-0.2-21", "mtf-0.2", "asinh-0.2-1"],
)
def test_invalid_parameters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"mtf-0\.2-1\.5"):
        check_stretch(text)
