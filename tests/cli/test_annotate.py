"""Tests for ``deepsky annotate``."""

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from PIL import Image

from deepsky.imaging.read import read_image
from tests.catalogue.sky_fields import field_around
from tests.cli.conftest import Run

FIELD = field_around(10.684, 41.269, scale=30, rotation=20, size=(400, 300))


@pytest.fixture
def placed(tmp_path: Path) -> Path:
    """FITS image around M 31 with a WCS."""
    noise = np.random.default_rng(0).normal(1000, 50, (300, 400)).astype(np.float32)
    path = tmp_path / "night" / "m31.fits"
    path.parent.mkdir()
    fits.PrimaryHDU(noise, FIELD.wcs.to_header()).writeto(path)
    return path


def test_annotated_image_is_written_to_the_folder(run: Run, placed: Path, tmp_path: Path) -> None:
    before = placed.read_bytes()

    result = run("annotate", placed.parent, "--output", tmp_path / "out")

    assert (result.exit_code, result.output) == (0, "")
    image = read_image(tmp_path / "out" / "m31.fits.png")
    assert image.width == 400
    assert image.height > 300
    assert image.metadata.wcs_source == "avm"
    assert placed.read_bytes() == before


@pytest.mark.filterwarnings("ignore:The WCS transformation has more axes")
def test_only_own_outputs_are_replaced(run: Run, placed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        assert run("annotate", placed, "--output", out, "--format", "svg").exit_code == 0
    assert [path.name for path in out.iterdir()] == ["m31.fits.svg"]
    assert ET.parse(out / "m31.fits.svg").getroot().attrib["width"] == "400"

    (out / "m31.wcs").write_text("of another program")
    for _ in range(2):
        assert run("annotate", placed, "--output", out, "--format", "wcs").exit_code == 0

    assert (out / "m31.wcs").read_text() == "of another program"
    [other] = out.glob("m31~*.wcs")
    assert WCS(fits.getheader(other), naxis=2).wcs.crval == pytest.approx([10.684, 41.269])


def test_large_images_are_reduced(run: Run, placed: Path, tmp_path: Path) -> None:
    arguments = ("--output", tmp_path / "out", "--longest-side", 200, "--grid")

    assert run("annotate", placed, *arguments).exit_code == 0

    with Image.open(tmp_path / "out" / "m31.fits.png") as image:
        assert image.width == 200


def test_fits_copy_keeps_the_name(run: Run, placed: Path, tmp_path: Path) -> None:
    result = run("annotate", placed.parent, "--output", tmp_path / "out", "--format", "fits")

    assert result.exit_code == 0
    np.testing.assert_array_equal(fits.getdata(tmp_path / "out" / "m31.fits"), fits.getdata(placed))


def test_image_without_a_place_has_only_a_title(run: Run, image: Path, tmp_path: Path) -> None:
    result = run("annotate", image, "--output", tmp_path / "out")

    assert result.exit_code == 0
    assert "Objects are not drawn, because the place on the sky is not known" in result.output
    assert "--solve auto" in result.output
    assert (tmp_path / "out" / "yellow.png.png").exists()


@pytest.mark.parametrize("kind", ["wcs", "fits"])
def test_wcs_of_an_image_without_a_place_is_an_error(
    run: Run, image: Path, tmp_path: Path, kind: str
) -> None:
    result = run("annotate", image, "--output", tmp_path / "out", "--format", kind)

    assert result.exit_code == 1
    assert "There is no WCS to write" in result.output
    assert not (tmp_path / "out").exists()


def test_unreadable_file_is_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.fits").touch()

    result = run("annotate", tmp_path / "empty.fits", "--output", tmp_path / "out")

    assert result.exit_code == 1
    assert "empty.fits: The file is empty" in result.output


def test_output_folder_must_not_contain_the_images(run: Run, placed: Path) -> None:
    assert run("annotate", placed, "--output", placed.parent).exit_code == 2
