"""Tests for identifying the object in an image from its header, its name and its position."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.wcs import WCS

from deepsky.catalogue import load_catalogue
from deepsky.identification.combination import combine
from deepsky.identification.fields import identification_fields
from deepsky.identification.identify import identify
from deepsky.imaging.image_data import ImageInfo
from deepsky.imaging.metadata import ImageMetadata
from deepsky.prediction import Prediction, Subtype
from deepsky.taxonomy import LABELS, Label

WIDTH, HEIGHT = 600, 400
M_31, M_42, M_13 = (10.685, 41.269), (83.82, -5.39), (250.42, 36.46)


def predict(label: Label, probability: float = 0.99) -> Prediction:
    rest = (1 - probability) / 3
    return Prediction(
        label=label,
        verdict="confident",
        probabilities={each: probability if each == label else rest for each in LABELS},
        prediction_set=(label,),
        novelty=0.1,
        evidence=np.zeros((4, 2, 2), np.float32),
        model="efficientnet",
        model_version="1",
        model_sha256="a",
    )


def describe(*names: str, centre: tuple[float, float] | None = None, width: float = 3) -> ImageInfo:
    """Return an image whose header contains names and a field of a width in degrees."""
    header = None
    if centre is not None:
        wcs = WCS(naxis=2)
        wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
        wcs.wcs.crval = centre
        wcs.wcs.crpix = [(WIDTH + 1) / 2, (HEIGHT + 1) / 2]
        wcs.wcs.cdelt = [-width / WIDTH, -width / WIDTH]
        header = wcs.to_header().tostring()
    return ImageInfo(
        width=WIDTH,
        height=HEIGHT,
        format="FITS",
        stretch=None,
        sha256="b",
        metadata=ImageMetadata(object_names=names, wcs_header=header),
    )


def test_name_in_the_header_precedes_the_file_name() -> None:
    found = identify(predict("galaxy"), describe("M 31"), Path("M110.fits"))

    assert found.object
    assert (found.object.name, found.found_by) == ("M 31", "header")
    assert (found.agreement, found.agreement_message) == ("agrees", None)
    assert found.sky is None


def test_file_name_names_the_object() -> None:
    found = identify(predict("nebula"), describe(), "nights/NGC7000_Ha.tif")

    assert found.object
    assert (found.object.name, found.found_by, found.agreement) == (
        "NGC 7000", "file name", "agrees",
    )  # fmt: skip


def test_position_decides_between_several_names() -> None:
    found = identify(predict("galaxy"), describe("M 42", "M 31", centre=M_31))

    assert found.object
    assert (found.object.name, found.found_by) == ("M 31", "header")
    assert found.agreement == "agrees"


def test_named_object_in_the_image_precedes_one_next_to_it() -> None:
    found = identify(predict("galaxy"), describe(centre=(148.97, 69.68), width=0.4), "M81_M82.fit")

    assert found.object
    assert (found.object.name, found.found_by, found.agreement) == ("M 82", "file name", "agrees")


@pytest.mark.parametrize(("label", "name"), [("nebula", "NGC 2237"), ("star_cluster", "NGC 2244")])
def test_network_decides_between_a_nebula_and_its_cluster(label: Label, name: str) -> None:
    found = identify(predict(label), describe(centre=(97.95, 4.95), width=2.5))

    assert found.object
    assert found.object.name == name


@pytest.mark.parametrize("path", [None, "NGC7000.jpg"])
def test_network_does_not_contradict_an_object_in_a_very_wide_field(path: str | None) -> None:
    image = describe(centre=(305, 42), width=50)
    landscape, nebulae = (identify(predict(each), image, path) for each in ("other", "nebula"))

    assert landscape.object
    assert (landscape.agreement, landscape.agreement_message) == ("undecided", None)
    assert nebulae.agreement == "agrees"
    assert landscape.combined is nebulae.combined is None


@pytest.mark.parametrize(
    ("centre", "label", "name"),
    [(M_31, "galaxy", "M 31"), (M_42, "nebula", "M 42"), (M_13, "star_cluster", "M 13")],
)
def test_object_is_found_by_its_position(
    centre: tuple[float, float], label: Label, name: str
) -> None:
    found = identify(predict(label), describe(centre=centre, width=1.5))

    assert found.object
    assert (found.object.name, found.found_by, found.agreement) == (name, "position", "agrees")
    assert found.sky
    assert found.sky.wcs.wcs.crval.tolist() == pytest.approx(centre)
    [place] = [one for one in found.objects if one.object.name == name]
    assert (place.x, place.y) == pytest.approx((299.5, 199.5), abs=15)


def test_name_far_outside_the_field_is_contradicted() -> None:
    found = identify(predict("nebula"), describe("M 31", centre=M_42, width=1.5))

    assert found.object
    assert (found.object.name, found.found_by, found.agreement) == ("M 42", "position", "differs")
    assert found.difference
    assert (found.difference.kind, found.difference.found_by) == ("position", "header")
    assert found.difference.object.name == "M 31"
    assert found.difference.other == found.object
    assert found.agreement_message == "The header says M 31, but the field is around M 42."
    assert found.combined is None


def test_wrong_name_in_the_header_is_reported_although_the_file_name_is_right() -> None:
    found = identify(predict("nebula"), describe("M 31", centre=M_42, width=1.5), "M42.fits")

    assert found.object
    assert (found.object.name, found.found_by, found.agreement) == ("M 42", "file name", "differs")


def test_header_and_file_name_contradict_each_other() -> None:
    found = identify(predict("galaxy"), describe("M 31"), "NGC7000_Ha.fits")

    assert found.agreement == "differs"
    assert found.agreement_message == "The header says M 31, but the file name says NGC 7000."
    assert identification_fields(found, describe())["difference"] == {
        "kind": "names",
        "object": {
            "name": "M 31",
            "common_name": "Andromeda Galaxy",
            "common_name_de": "Andromedagalaxie",
            "kind": "spiral galaxy",
        },
        "found_by": "header",
        "other": {
            "name": "NGC 7000",
            "common_name": "North America Nebula",
            "common_name_de": "Nordamerikanebel",
            "kind": "emission nebula",
        },
    }


def test_name_is_contradicted_by_a_field_without_objects() -> None:
    found = identify(predict("nebula"), describe("M 31", centre=(200.0, -1.01), width=0.01))

    assert found.difference
    assert (found.difference.kind, found.difference.other) == ("position", None)
    assert found.agreement_message == (
        "The header says M 31, but the field is around 200.00°, -1.01°."
    )


def test_network_contradicts_the_name() -> None:
    found = identify(predict("star_cluster", 0.999), describe(), "M31.jpg")

    assert found.agreement == "differs"
    assert found.agreement_message == (
        "The file name says M 31, Andromeda Galaxy (spiral galaxy), but the network sees "
        "a star cluster (100%)."
    )
    assert found.difference
    assert (found.difference.kind, found.difference.other) == ("network", None)
    assert found.label == "star_cluster"
    assert found.probabilities == predict("star_cluster", 0.999).probabilities


def test_unsure_network_does_not_contradict_the_name() -> None:
    found = identify(predict("star_cluster", 0.6), describe(), "M31.jpg")

    assert (found.agreement, found.agreement_message) == ("undecided", None)
    assert found.combined
    assert found.combined.label == "galaxy"


def test_second_label_of_an_object_agrees() -> None:
    assert identify(predict("star_cluster"), describe("M 42")).agreement == "agrees"


def test_image_without_name_and_position_is_not_placed() -> None:
    found = identify(predict("galaxy"), describe(), "IMG_0042.jpg")

    assert (found.object, found.sky, found.combined) == (None, None, None)
    assert found.agreement == "not placed"


def test_field_without_a_fitting_object_is_not_in_the_catalogue() -> None:
    found = identify(predict("galaxy"), describe(centre=(100, 80), width=0.01))

    assert (found.object, found.agreement) == (None, "not in the catalogue")


def test_fields_are_plain_values_and_bounded() -> None:
    image = describe(centre=M_42, width=40)
    fields: Any = identification_fields(identify(predict("nebula"), image), image)

    assert len(fields["objects"]) == 100
    assert fields["sky"]["width"] == pytest.approx(40, abs=2)
    assert fields["sky"]["source"] == "header"
    assert fields["object"]["found_by"] == "position"


def test_combined_probabilities_follow_bayes_theorem() -> None:
    network: dict[Label, float] = {
        "galaxy": 0.1, "nebula": 0.6, "star_cluster": 0.2, "other": 0.1,
    }  # fmt: skip
    labels: tuple[Label, ...] = ("galaxy",)
    combined = combine(network, labels)

    assert combined
    assert combined.label == "galaxy"
    assert combined.probability == pytest.approx(0.1 * 0.97 / (0.1 * 0.97 + 0.9 * 0.01))
    assert combine(network, ()) is None


SEEN = Subtype("globular cluster", 0.9, "network")


def test_kind_in_the_catalogue_precedes_that_of_the_network() -> None:
    seen = replace(predict("galaxy"), subtype=SEEN)
    found = identify(seen, describe("M 31"))

    assert found.subtype == Subtype("spiral galaxy", None, "catalogue")
    assert identify(seen, describe()).subtype == SEEN
    assert identification_fields(found, describe())["subtype"] == {
        "name": "spiral galaxy", "probability": None, "source": "catalogue",
    }  # fmt: skip


def test_kind_of_a_contradicted_object_is_not_taken_from_the_catalogue() -> None:
    seen = replace(predict("star_cluster", 0.999), subtype=SEEN)

    assert identify(seen, describe("M 31")).subtype == SEEN


def test_kind_of_a_landscape_is_not_that_of_an_object_in_the_field() -> None:
    kind = Subtype("Milky Way", 0.9, "network")
    landscape = replace(predict("other"), subtype=kind)

    assert identify(landscape, describe(centre=(305, 42), width=50)).subtype == kind


def test_catalogue_without_a_subtype_leaves_it_to_the_network() -> None:
    named = next(
        entry
        for entry in load_catalogue()
        if entry.kind == "galaxy" and entry.name.startswith("NGC ")
    )
    found = identify(replace(predict("galaxy"), subtype=SEEN), describe(named.name))

    assert found.object == named
    assert found.subtype == SEEN


def test_orientation_is_rounded_to_less_than_360_degrees() -> None:
    found = identify(predict("galaxy"), describe(centre=M_31))
    assert found.sky is not None
    turned = replace(found, sky=replace(found.sky, orientation=359.9999999))

    sky = identification_fields(turned, describe())["sky"]

    assert sky is not None
    assert sky["orientation"] == 0
