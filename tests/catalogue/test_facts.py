"""Tests for the distances of objects and their discoverers."""

import csv
from importlib.resources import files

import pytest

from deepsky.catalogue import load_catalogue
from deepsky.catalogue.facts import Discovery, distance_from_parallax, distance_from_redshift


@pytest.mark.parametrize(
    ("name", "distance"),
    [
        ("M 31", 2_500_000),
        ("M 13", 24_000),
        ("M 45", 440),  # from its parallax
        ("NGC 1275", 250_000_000),  # from its redshift
        ("M 40", None),
        ("NGC 7320", None),  # moves too slowly for Hubble's law
    ],
)
def test_distance_in_light_years(name: str, distance: float | None) -> None:
    entry = load_catalogue().find(name)

    assert entry
    assert entry.distance == distance


@pytest.mark.parametrize(
    ("name", "discovered"),
    [
        ("M 103", Discovery("Pierre Méchain", 1781)),
        ("NGC 1976", Discovery("Nicolas-Claude Fabri de Peiresc", 1610)),
        ("M 36", Discovery("Giovanni Battista Hodierna", 1654, before=True)),
        ("Pleiades", Discovery(None, None)),
        ("M 33", None),
    ],
)
def test_discovery(name: str, discovered: Discovery | None) -> None:
    entry = load_catalogue().find(name)

    assert entry
    assert entry.discovered == discovered


def test_every_row_describes_another_object() -> None:
    text = (files("deepsky.catalogue") / "data" / "facts.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    entries = [load_catalogue().find(row["designation"]) for row in rows]

    assert all(entry and entry.kind not in ("star", "unknown") for entry in entries)
    assert len({entry.name for entry in entries if entry}) == len(rows)
    assert all(row["discoverer"] or row["year"] in ("", "antiquity") for row in rows)


def test_distances_of_the_table_agree_with_parallaxes() -> None:
    """The parallaxes of globular clusters in OpenNGC are less precise, but independent."""
    assert distance_from_parallax(0.4995) == pytest.approx(6_000, rel=0.1)  # M 4
    assert distance_from_parallax(0.2) is None
    assert distance_from_parallax(None) is None


def test_hubble_law() -> None:
    assert distance_from_redshift(0.0233) == pytest.approx(325e6, rel=0.02)
    assert distance_from_redshift(0.0033) is None
    assert distance_from_redshift(0.2) is None
    assert distance_from_redshift(-0.001) is None
