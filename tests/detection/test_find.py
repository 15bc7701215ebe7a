from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image

import deepsky
from deepsky.classifier import Classifier
from deepsky.detection.boxes import Box
from tests.catalogue.sky_fields import field_around
from tests.conftest import write_tiny_bundle
from tests.detection.drawn_sky import GALAXY, draw_sky

SIZE = (600, 400)


def write_placed(path: Path, *, size: tuple[int, int] = SIZE) -> Path:
    """Write a FITS image of the field around M 31."""
    wcs = field_around(10.684, 41.269, scale=36, rotation=0, size=size).wcs
    pixels = draw_sky(*size, (20, 20, 10, GALAXY))
    planes = np.moveaxis(pixels, -1, 0)[:, ::-1]
    header = wcs.to_header()
    fits.PrimaryHDU(planes, header).writeto(path)
    return path


def test_image_without_place_has_detections_without_objects(tiny_classifier: Classifier) -> None:
    pixels = draw_sky(480, 320, (300, 100, 50, GALAXY))

    found = deepsky.find(pixels, tiny_classifier, min_probability=0)[0]

    assert found.label == "galaxy"
    assert found.box.iou(Box(250, 50, 350, 150)) > 0.6
    assert (found.object, found.agreement) == (None, "not placed")
    assert found.network.label == "galaxy"


def test_detections_below_the_minimum_probability_are_left_out(
    tiny_classifier: Classifier,
) -> None:
    pixels = draw_sky(480, 320, (120, 160, 40, GALAXY), (350, 140, 60, GALAXY))
    every = deepsky.find(pixels, tiny_classifier, min_probability=0)

    values = [one.probability for one in every]
    limit = values[0]

    fewer = deepsky.find(pixels, tiny_classifier, min_probability=limit)
    assert [one.probability for one in fewer] == [value for value in values if value >= limit]
    assert values == sorted(values, reverse=True)
    assert deepsky.find(pixels, tiny_classifier, min_probability=1) == []


def test_boxes_of_a_reduced_file_are_in_pixels_of_the_full_size(
    tiny_classifier: Classifier, tmp_path: Path
) -> None:
    Image.fromarray(draw_sky(4096, 4096, (3000, 1000, 400, GALAXY))).save(tmp_path / "a.png")

    found = deepsky.find(tmp_path / "a.png", tiny_classifier, min_probability=0)[0]

    assert found.box.iou(Box(2600, 600, 3400, 1400)) > 0.6


def test_placed_image_has_the_objects_of_the_catalogue(
    tiny_classifier: Classifier, tmp_path: Path
) -> None:
    found = deepsky.find(write_placed(tmp_path / "a.fits"), tiny_classifier)

    names = [one.object.name for one in found if one.object]
    assert names[0] == "M 31"
    assert "M 110" in names
    box = found[0].box
    assert (box.left + box.right) / 2 == pytest.approx(300, abs=2)
    assert (box.top + box.bottom) / 2 == pytest.approx(200, abs=2)
    assert (box.width, box.height) == pytest.approx((195, 252), rel=0.02)  # position angle 35°
    # The image shows nothing but sky there.
    assert found[0].network.label == "other"
    assert found[0].agreement == "undecided"


def test_model_with_own_labels_finds_boxes_in_placed_images(tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path / "own", {"comet-tail": "star_cluster", "sun": "galaxy"})
    classifier = Classifier(deepsky.models.ModelBundle(tmp_path / "own"))

    found = deepsky.find(write_placed(tmp_path / "a.fits"), classifier, min_probability=0)

    assert all(one.object is None for one in found)
    assert {one.label for one in found} <= {"comet-tail", "sun"}


@pytest.mark.parametrize("probability", [-0.1, 1.5, float("nan")])
def test_minimum_probability_out_of_range_is_refused(
    tiny_classifier: Classifier, probability: float
) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        deepsky.find(draw_sky(40, 30), tiny_classifier, min_probability=probability)
