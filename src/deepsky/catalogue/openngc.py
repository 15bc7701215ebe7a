"""Read OpenNGC, the database of NGC and IC objects in the package PyOngc.

References
----------
.. [1] M. Verga, OpenNGC, https://github.com/mattiaverga/OpenNGC (CC BY-SA 4.0).
"""

import math
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from pyongc import DBPATH

from .facts import distance_from_parallax, distance_from_redshift
from .objects import CatalogueObject, Kind, labels_of_kind

__all__ = ["read_openngc"]

_KINDS: Final[dict[str, Kind]] = {
    "*": "star",
    "**": "double star",
    "*Ass": "star cluster",
    "Cl+N": "cluster with nebula",
    "DrkN": "dark nebula",
    "EmN": "emission nebula",
    "G": "galaxy",
    "GCl": "globular cluster",
    "GGroup": "galaxy group",
    "GPair": "galaxy group",
    "GTrpl": "galaxy group",
    "HII": "emission nebula",
    "Neb": "nebula",
    "Nova": "star",
    "OCl": "open cluster",
    "Other": "unknown",
    "PN": "planetary nebula",
    "RfN": "reflection nebula",
    "SNR": "supernova remnant",
}

# OpenNGC's prefixes of identifiers, and those that `normalise` reads. Survey designations, such as
# those of 2MASS and SDSS, are left out: nobody names an image after them.
_PREFIXES: Final[dict[str, str]] = {
    "C": "C",
    "Cl": "Cr",
    "ESO": "ESO",
    "H": "Harvard",
    "LBN": "LBN",
    "Mel": "Mel",
    "PGC": "PGC",
    "PK": "PK",
    "PN G": "PN G",
    "SH 2-": "Sh2-",
    "UGC": "UGC",
    "UGCA": "UGCA",
}

_KNOWN: Final = tuple(_PREFIXES)

_DESIGNATION: Final = re.compile(r"([A-Z][A-Za-z]*)(\d.*)")
_IDENTIFIER: Final = re.compile(r"(PN G|SH 2-|[A-Za-z]+) ?(\d.*)")
_LEADING_ZEROS: Final = re.compile(r"(?<![^+-])0+(?=\d)")

_CONSTELLATIONS: Final[dict[str, str]] = {"Se1": "Ser", "Se2": "Ser"}

# OpenNGC gives IC 434 the name of its neighbour NGC 2024, and parts of the Rosette Nebula names
# that are not in use.
_WRONG_NAMES: Final[dict[str, frozenset[str]]] = {
    "IC0434": frozenset({"Flame Nebula", "Orion B"}),
    "NGC2237": frozenset({"Rosette A"}),
    "NGC2246": frozenset({"Rosette B"}),
}

_QUERY: Final = """
    SELECT name, type, ra, dec, const, majax, minax, pa, bmag, vmag, hubble, parallax, redshift,
           messier, ngc, ic, identifiers, commonnames
    FROM objects WHERE type != 'NonEx' AND ra IS NOT NULL AND dec IS NOT NULL ORDER BY id
"""


class _Row(NamedTuple):
    name: str
    type: str
    ra: float
    dec: float
    const: str
    majax: float | None
    minax: float | None
    pa: float | None
    bmag: float | None
    vmag: float | None
    hubble: str
    parallax: float | None
    redshift: float | None
    messier: str
    ngc: str
    ic: str
    identifiers: str
    commonnames: str


def read_openngc() -> list[CatalogueObject]:
    """Read the objects of OpenNGC.

    Duplicate entries, such as NGC 2244 for NGC 2239, are designations of one object. Entries that
    OpenNGC lists as nonexistent are left out.

    Returns
    -------
    list of CatalogueObject
        The objects. Their designations start with the Messier number, if any, followed by the
        number under which OpenNGC lists the object.
    """
    rows = _read_rows()
    duplicates = {row.name: _target(row) for row in rows if row.type == "Dup"}
    others: dict[str, list[str]] = {}
    for name, target in duplicates.items():
        while target in duplicates:
            target = duplicates[target]
        others.setdefault(target, []).append(_designation(name))
    listed = {_designation(row.name) for row in rows if row.type != "Dup"}
    return [_object(row, others.get(row.name, []), listed) for row in rows if row.type != "Dup"]


def _read_rows() -> list[_Row]:
    # PyOngc's classes read one object at a time. immutable=1: SQLite takes no locks and writes no
    # files beside the database.
    uri = f"{Path(DBPATH).absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        return [_Row(*values) for values in database.execute(_QUERY)]


def _target(row: _Row) -> str:
    """Return OpenNGC's name of the object that a duplicate entry refers to."""
    if row.ngc:
        return f"NGC{row.ngc}"
    if row.ic:
        return f"IC{row.ic}"
    return f"M{row.messier}"


def _object(row: _Row, duplicates: list[str], listed: set[str]) -> CatalogueObject:
    kind = _kind(row)
    designations = _designations(row, duplicates, listed)
    wrong = _WRONG_NAMES.get(row.name, frozenset())
    names = (name.strip().removeprefix("the ") for name in row.commonnames.split(","))
    return CatalogueObject(
        name=designations[0],
        designations=designations,
        common_names=tuple(name for name in names if name and name not in wrong),
        kind=kind,
        labels=labels_of_kind(kind),
        ra=math.degrees(row.ra),
        dec=math.degrees(row.dec),
        major_axis=row.majax or None,
        minor_axis=row.minax or None,
        position_angle=None if row.pa is None else float(row.pa) % 180,
        magnitude=row.bmag if row.vmag is None else row.vmag,
        constellation=_CONSTELLATIONS.get(row.const, row.const) or None,
        distance=_distance(row, kind),
    )


def _distance(row: _Row, kind: Kind) -> float | None:
    if kind == "open cluster":
        return distance_from_parallax(row.parallax)
    return distance_from_redshift(row.redshift) if labels_of_kind(kind) == ("galaxy",) else None


def _kind(row: _Row) -> Kind:
    """Return the kind; that of a galaxy from its Hubble type, as listed by HyperLEDA."""
    if row.type != "G":
        return _KINDS[row.type]
    if row.hubble.startswith(("S0", "E-S0")):
        return "lenticular galaxy"
    if row.hubble.startswith("E"):
        return "elliptical galaxy"
    if row.hubble.startswith("S"):
        return "spiral galaxy"
    return "irregular galaxy" if row.hubble.startswith("I") else "galaxy"


def _designations(row: _Row, duplicates: list[str], listed: set[str]) -> tuple[str, ...]:
    found = [f"M {number.lstrip('0')}" for number in row.messier.split(",") if number]
    own = _designation(row.name)
    found += [own, *duplicates]
    found += [_designation(f"NGC{number}") for number in row.ngc.split(",") if number]
    found += [_designation(f"IC{number}") for number in row.ic.split(",") if number]
    found += [name for text in row.identifiers.split(",") if (name := _identifier(text.strip()))]
    # Some designations are disputed, and listed both as an object and as another name of another.
    return tuple(name for name in dict.fromkeys(found) if name == own or name not in listed)


def _designation(name: str) -> str:
    """Return OpenNGC's name of an object, such as ``IC0002``, in the usual form."""
    match = _DESIGNATION.fullmatch(name)
    if match is None:
        return name
    prefix, number = match.groups()
    return _join(_PREFIXES.get(prefix, prefix), number)


def _identifier(text: str) -> str | None:
    """Return an identifier in the usual form, or None if its catalogue is left out."""
    if not text.startswith(_KNOWN):
        return None
    match = _IDENTIFIER.fullmatch(text)
    if match is None or match[1] not in _PREFIXES or "NOTES" in match[2]:
        return None
    return _join(_PREFIXES[match[1]], match[2])


def _join(prefix: str, number: str) -> str:
    """Return a designation without leading zeros, such as ``ESO 56-115`` or ``PN G9.4-5.5``."""
    if prefix == "PK":  # 138+02 1
        coordinates, _, number = number.partition(" ")
        longitude, sign, latitude = re.split(r"([+-])", coordinates)
        return f"PK {int(longitude)}{sign}{latitude}.{number}"
    if "0" in number:
        number = _LEADING_ZEROS.sub("", number)
    return f"{prefix}{number}" if prefix in {"Sh2-", "PN G"} else f"{prefix} {number}"
