"""Tests for the choice of the subject among the objects in a field."""

import numpy as np
import pytest
from astropy.wcs import WCS

from deepsky.catalogue import CatalogueObject, load_catalogue
from deepsky.identification.subject import find_subject
from deepsky.taxonomy import LABELS, Label

WIDTH, HEIGHT = 600, 400


def probabilities(label: Label) -> dict[Label, float]:
    return {each: 0.97 if each == label else 0.01 for each in LABELS}


def subject(wcs: WCS, label: Label) -> str | None:
    objects = load_catalogue().in_field(wcs, WIDTH, HEIGHT)
    found = find_subject(objects, WIDTH, HEIGHT, probabilities(label))
    return found.object.name if found else None


def field(ra: float, dec: float, width: float, x: float = 0, y: float = 0) -> WCS:
    """Return a field of a width in degrees, with a place at fractions of its size off-centre."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [ra, dec]
    wcs.wcs.crpix = [(WIDTH + 1) / 2 + x * WIDTH, (HEIGHT + 1) / 2 + y * HEIGHT]
    wcs.wcs.cdelt = [-width / WIDTH, -width / WIDTH]
    return wcs


def famous_objects() -> list[CatalogueObject]:
    """Return the Messier and Caldwell objects that have labels and a size."""
    numbers = [f"M {n}" for n in range(1, 111)] + [f"C {n}" for n in range(1, 110)]
    found = {entry.name: entry for n in numbers if (entry := load_catalogue().find(n))}
    return [entry for entry in found.values() if entry.labels and entry.major_axis]


def test_subject_is_the_object_that_the_field_was_chosen_for() -> None:
    generator = np.random.default_rng(5)
    objects = famous_objects()
    missed = []
    for entry in objects:
        relative = float(np.exp(generator.uniform(np.log(1.1), np.log(5))))
        x, y = (float(each) for each in generator.uniform(-0.15, 0.15, 2))
        height = min((entry.major_axis or 0) / 60 * relative, 40)
        wcs = field(entry.ra, entry.dec, height * WIDTH / HEIGHT, x, y)
        if subject(wcs, entry.labels[0]) != entry.name:
            missed.append(entry.name)
    assert len(missed) <= 0.04 * len(objects), missed


@pytest.mark.parametrize(
    ("centre", "width", "label", "name"),
    [
        ((83.85, -5.33), 1.2, "nebula", "M 42"),
        ((83.88, -5.27), 0.35, "nebula", "M 43"),
        ((10.67, 40.87), 0.4, "galaxy", "M 32"),
        ((85.2, -2.4), 1.2, "nebula", "B 33"),
        ((88.5, 1.9), 1.5, "nebula", "LDN 1622"),
        ((186.9, 13.05), 1.6, "galaxy", "M 86"),
        ((339.0, 33.96), 0.3, "galaxy", "HCG 92"),
        ((12.1, 85.25), 1.2, "star_cluster", "NGC 188"),
        ((0.49, -15.46), 0.5, "galaxy", "PGC 143"),
        ((359.8, 67.2), 3, "nebula", "NGC 7822"),
        ((251.3, 36.46), 1.5, "star_cluster", "M 13"),
        ((37.9, 89.3), 4, "star_cluster", None),
    ],
)
def test_subject_of_crowded_and_unusual_fields(
    centre: tuple[float, float], width: float, label: Label, name: str | None
) -> None:
    assert subject(field(*centre, width), label) == name
