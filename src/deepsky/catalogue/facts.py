"""Distances of objects, and who discovered them when.

References
----------
.. [1] H. Baumgardt and E. Vasiliev, "Accurate distances to Galactic globular clusters", MNRAS 505,
   5957, 2021.
.. [2] L. Lindegren et al., "Gaia Data Release 2: the astrometric solution", A&A 616, A2, 2018.
"""

import csv
from dataclasses import dataclass, replace
from importlib.resources import files
from math import floor, log10
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .objects import CatalogueObject

__all__ = ["Discovery", "add_facts", "distance_from_parallax", "distance_from_redshift"]

_LIGHT_YEARS_PER_PARSEC: Final = 3.26156
_LIGHT_SPEED: Final = 299_792.458  # km/s
_HUBBLE: Final = 70.0  # km/s per megaparsec

_GAIA_OFFSET: Final = 0.03  # milliarcseconds by which parallaxes of Gaia DR2 are too small [2]
_MIN_PARALLAX: Final = 0.3  # below, the uncertainty exceeds some 10 %

# In km/s. Galaxies also move by some 300 km/s relative to the expansion of the universe.
_MIN_VELOCITY: Final = 3_000.0
_MAX_VELOCITY: Final = 30_000.0


@dataclass(frozen=True, slots=True)
class Discovery:
    """Who recorded an object first, and when.

    Attributes
    ----------
    by : str or None
        Name of the discoverer. None if the object has been known since antiquity.
    year : int or None
        Year of the first record. None if the object has been known since antiquity.
    before : bool
        Whether the object was recorded in that year or at some time before.
    """

    by: str | None
    year: int | None
    before: bool = False


def add_facts(objects: "Iterable[CatalogueObject]") -> "list[CatalogueObject]":
    """Return objects with the distances and discoveries in ``facts.csv``.

    Parameters
    ----------
    objects : iterable of CatalogueObject

    Returns
    -------
    list of CatalogueObject
        A distance that is already set is kept if the file states none.
    """
    text = (files(__package__) / "data" / "facts.csv").read_text("utf-8")
    rows = {row["designation"]: row for row in csv.DictReader(text.splitlines())}
    return [
        _with_facts(entry, next((rows[d] for d in entry.designations if d in rows), None))
        for entry in objects
    ]


def distance_from_parallax(parallax: float | None) -> float | None:
    """Return the distance of a star cluster with a parallax in Gaia DR2.

    Parameters
    ----------
    parallax : float or None
        Parallax in milliarcseconds.

    Returns
    -------
    float or None
        Distance in light-years, with two significant digits. None if the parallax is not known or
        below 0.3 milliarcseconds.
    """
    if parallax is None or parallax < _MIN_PARALLAX:
        return None
    return _round(1000 / (parallax + _GAIA_OFFSET) * _LIGHT_YEARS_PER_PARSEC)


def distance_from_redshift(redshift: float | None) -> float | None:
    """Return the distance of a galaxy according to Hubble's law, with 70 km/s per megaparsec.

    Parameters
    ----------
    redshift : float or None
        Heliocentric redshift.

    Returns
    -------
    float or None
        Distance in light-years, with two significant digits. None if the redshift is not known, or
        if the velocity is not between 3,000 and 30,000 km/s.
    """
    velocity = (redshift or 0) * _LIGHT_SPEED
    if not _MIN_VELOCITY <= velocity <= _MAX_VELOCITY:
        return None
    return _round(velocity / _HUBBLE * 1e6 * _LIGHT_YEARS_PER_PARSEC)


def _with_facts(entry: "CatalogueObject", row: dict[str, str] | None) -> "CatalogueObject":
    if row is None:
        return entry
    distance = float(row["distance"]) if row["distance"] else entry.distance
    return replace(entry, distance=distance, discovered=_discovery(row["discoverer"], row["year"]))


def _discovery(by: str, year: str) -> Discovery | None:
    """Return the discovery of a row, whose year is such as ``1764``, ``<1654`` or ``antiquity``."""
    if not year:
        return None
    if year == "antiquity":
        return Discovery(None, None)
    return Discovery(by, int(year.removeprefix("<")), before=year.startswith("<"))


def _round(value: float) -> float:
    return float(round(value, 1 - floor(log10(value))))
