"""Add objects of further catalogues to those of OpenNGC: Sharpless, Barnard, Lynds and others."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from itertools import count
from typing import Final, NamedTuple, cast

from .objects import CatalogueObject, Kind, labels_of_kind

__all__ = ["add_further_objects"]

_ORDER: Final = ("M", "NGC", "IC", "Sh2", "B", "LDN", "LBN", "vdB", "Abell", "Mel", "Cr")


class _Row(NamedTuple):
    """A row of ``further_objects.csv``. Empty cells are empty strings."""

    designations: str
    kind: str
    labels: str
    ra: str
    dec: str
    major_axis: str
    minor_axis: str
    position_angle: str
    constellation: str


def add_further_objects(objects: Iterable[CatalogueObject]) -> list[CatalogueObject]:
    """Return the objects together with those of further catalogues.

    A row of ``further_objects.csv`` whose designations occur among `objects` describes the same
    object: it adds designations, and replaces the values that it states. If several of the objects
    have a designation of the row, they become one.

    Parameters
    ----------
    objects : iterable of CatalogueObject
        The objects of OpenNGC.

    Returns
    -------
    list of CatalogueObject
        All objects. In each, the designations are ordered by catalogue.
    """
    catalogue = dict(enumerate(objects))
    new_keys = count(len(catalogue))
    keys = {name: key for key, entry in catalogue.items() for name in entry.designations}
    text = (files(__package__) / "data" / "further_objects.csv").read_text("utf-8")
    for row in map(_Row._make, list(csv.reader(text.splitlines()))[1:]):
        listed = row.designations.split(";")
        same = list(dict.fromkeys(keys[name] for name in listed if name in keys))
        merged = _merge(row, [catalogue.pop(key) for key in same])
        key = same[0] if same else next(new_keys)
        catalogue[key] = merged
        keys.update(dict.fromkeys(merged.designations, key))
    return [catalogue[key] for key in sorted(catalogue)]


def _merge(row: _Row, same: list[CatalogueObject]) -> CatalogueObject:
    """Return the object of a row, which describes the same object as those in `same`."""
    designations = [*row.designations.split(";"), *(n for o in same for n in o.designations)]
    ordered = tuple(sorted(dict.fromkeys(designations), key=_rank))
    kind = cast("Kind", row.kind) if row.kind else same[0].kind
    labels = tuple(label for label in row.labels.split(";") if label)
    ra, dec = (float(row.ra), float(row.dec)) if row.ra else (same[0].ra, same[0].dec)
    merged = CatalogueObject(
        name=ordered[0],
        designations=ordered,
        kind=kind,
        labels=labels or labels_of_kind(kind),
        ra=ra,
        dec=dec,
        major_axis=_number(row.major_axis),
        minor_axis=_number(row.minor_axis),
        position_angle=_number(row.position_angle),
        constellation=row.constellation or None,
    )
    if not same:
        return merged
    first = same[0]
    if not row.major_axis:
        merged = replace(
            merged,
            major_axis=first.major_axis,
            minor_axis=first.minor_axis,
            position_angle=first.position_angle,
        )
    return replace(
        merged,
        common_names=tuple(dict.fromkeys(name for o in same for name in o.common_names)),
        magnitude=first.magnitude,
        constellation=row.constellation or first.constellation,
        distance=first.distance,
    )


def _rank(designation: str) -> int:
    catalogue = designation.split("-" if designation.startswith("Sh2") else " ")[0]
    if designation.startswith("M ") and "-" in designation:  # Minkowski's catalogue, not Messier's
        return len(_ORDER)
    return _ORDER.index(catalogue) if catalogue in _ORDER else len(_ORDER)


def _number(text: str) -> float | None:
    return float(text) if text else None
