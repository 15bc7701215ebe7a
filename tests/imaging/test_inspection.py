"""The header and the histogram are those of the file."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from deepsky.imaging import read_image
from deepsky.imaging.inspection import BINS, MAX_ROWS, inspect_image


def write(path: Path, values: object, **cards: object) -> Path:
    header = fits.Header()
    for keyword, value in cards.items():
        header[keyword] = value
    fits.PrimaryHDU(values, header).writeto(path)
    return path


@pytest.fixture
def sky(tmp_path: Path) -> Path:
    """Return a FITS file with a sky of 1000 and a noise of 20, and a glow of 9000."""
    values = np.random.default_rng(1).normal(1000, 20, (300, 400)).astype(np.float32)
    values[140:160, 190:210] = 9000
    values[0, 0] = np.nan
    return write(
        tmp_path / "sky.fits", values, OBJECT=("O'Neill", "a / name"), GAIN=(120, "e-/ADU")
    )


def test_header_is_listed_in_its_order(sky: Path) -> None:
    found = inspect_image(partial(read_image, sky))
    rows = {row.keyword: (row.value, row.comment) for row in found.header}

    assert found.header[0].keyword == "SIMPLE"
    assert rows["OBJECT"] == ("O'Neill", "a / name")
    assert rows["GAIN"] == ("120", "e-/ADU")
    assert found.rows == len(found.header)


def test_long_header_is_shortened(tmp_path: Path) -> None:
    values = np.arange(100, dtype=np.int16).reshape(10, 10)
    path = tmp_path / "long.fits"
    header = fits.Header()
    for number in range(1500):
        header.add_history(f"step {number}")
    fits.PrimaryHDU(values, header).writeto(path)
    found = inspect_image(partial(read_image, path))

    assert len(found.header) == MAX_ROWS
    assert found.rows == 1505
    assert (found.header[5].keyword, found.header[5].value) == ("HISTORY", "step 0")


def test_histogram_shows_the_sky(sky: Path) -> None:
    histogram = inspect_image(partial(read_image, sky)).histogram
    [channel] = histogram.channels
    bins = np.linspace(histogram.low, histogram.high, BINS + 1)
    peak = int(np.argmax(channel.counts))

    assert channel.median == pytest.approx(1000, abs=1)
    assert channel.deviation == pytest.approx(20, abs=1)
    assert bins[peak] < 1000 < bins[peak + 1] or abs(bins[peak] - 1000) < 20
    assert sum(channel.counts) == pytest.approx(300 * 400 - 401, abs=2)


def test_colours_have_one_histogram_each(tmp_path: Path) -> None:
    values = np.random.default_rng(1).integers(0, 50, (3, 80, 90)) + np.reshape(
        [0, 500, 900], (3, 1, 1)
    )
    found = inspect_image(
        partial(read_image, write(tmp_path / "rgb.fits", values.astype(np.int16)))
    )
    medians = [channel.median for channel in found.histogram.channels]

    assert medians == pytest.approx([25, 525, 925], abs=3)
    assert all(sum(channel.counts) == 7200 for channel in found.histogram.channels)
