"""Look-ups in SIMBAD, which are made only if the user requests one."""

import json
from collections.abc import Mapping
from typing import Any, Final

from deepsky.catalogue.objects import CatalogueObject, Kind, labels_of_kind
from deepsky.catalogue.online import SECONDS, UNREACHABLE, post
from deepsky.errors import CatalogueUnavailableError

__all__ = ["find_in_simbad"]

_URL: Final = "https://simbad.cds.unistra.fr/simbad/sim-tap/sync"

_QUERY: Final = """
SELECT TOP 1 b.main_id, b.ra, b.dec, b.otype, b.morph_type,
       b.galdim_majaxis, b.galdim_minaxis, b.galdim_angle, s.ids, f.V, f.B
FROM basic AS b
JOIN ident AS i ON i.oidref = b.oid
LEFT JOIN ids AS s ON s.oidref = b.oid
LEFT JOIN allfluxes AS f ON f.oidref = b.oid
WHERE i.id = '{name}'
"""

_KINDS: Final[Mapping[str, Kind]] = {
    "GlC": "globular cluster",
    "OpC": "open cluster",
    "Cl*": "star cluster",
    "As*": "star cluster",
    "HII": "emission nebula",
    "PN": "planetary nebula",
    "SNR": "supernova remnant",
    "DNe": "dark nebula",
    "RNe": "reflection nebula",
    "GNe": "nebula",
    "MoC": "dark nebula",
    "Cld": "nebula",
    "ISM": "nebula",
    "bub": "emission nebula",
    "ClG": "galaxy group",
    "GrG": "galaxy group",
    "CGG": "galaxy group",
    "PaG": "galaxy group",
    "IG": "galaxy group",
    "**": "double star",
}
"""Kinds by SIMBAD's short object types. Types of galaxies and of stars are in other constants."""

_GALAXIES: Final = frozenset(
    [
        "G",
        "LSB",
        "bCG",
        "SBG",
        "H2G",
        "EmG",
        "AGN",
        "SyG",
        "Sy1",
        "Sy2",
        "rG",
        "LIN",
        "QSO",
        "Bla",
        "BLL",
        "GiP",
        "GiG",
        "GiC",
        "BiC",
    ]
)


def find_in_simbad(name: str, seconds: float = SECONDS) -> CatalogueObject | None:
    """Look an object up in SIMBAD. Only the name is sent.

    Parameters
    ----------
    name : str
        A designation in any catalogue that SIMBAD knows, such as ``"UGC 10822"``.
    seconds : float
        Time limit of the request in seconds.

    Returns
    -------
    CatalogueObject or None
        None if SIMBAD does not know the name.

    Raises
    ------
    CatalogueUnavailableError
        If SIMBAD cannot be reached, or if its reply is not as documented.

    References
    ----------
    M. Wenger et al., "The SIMBAD astronomical database", A&AS 143, 9 (2000).
    """
    try:
        rows = _query(_QUERY.format(name=" ".join(name.split()).replace("'", "''")), seconds)
        return _object(rows[0]) if rows else None
    except UNREACHABLE as error:
        msg = f"SIMBAD cannot be reached, or its reply is not as documented: {error}. Try later."
        raise CatalogueUnavailableError(msg) from error


def _query(adql: str, seconds: float) -> list[dict[str, Any]]:
    """Return the rows of a synchronous TAP query as dictionaries by name of the column."""
    parameters = {"request": "doQuery", "lang": "adql", "format": "json", "query": adql}
    table = json.loads(post(_URL, parameters, seconds))
    names = [column["name"].lower() for column in table["metadata"]]
    return [dict(zip(names, row, strict=True)) for row in table["data"]]


def _object(row: Mapping[str, Any]) -> CatalogueObject:
    kind = _kind(row["otype"].strip(), row["morph_type"] or "")
    others = (" ".join(each.split()) for each in (row["ids"] or "").split("|"))
    name = _plain(row["main_id"])
    magnitude = row["v"] if row["v"] is not None else row["b"]
    return CatalogueObject(
        name=name,
        designations=tuple(dict.fromkeys([name, *(_plain(each) for each in others if each)])),
        kind=kind,
        labels=labels_of_kind(kind),
        ra=float(row["ra"]),
        dec=float(row["dec"]),
        major_axis=_number(row["galdim_majaxis"]),
        minor_axis=_number(row["galdim_minaxis"]),
        position_angle=_number(row["galdim_angle"]),
        magnitude=_number(magnitude),
    )


def _plain(identifier: str) -> str:
    return " ".join(identifier.split()).removeprefix("NAME ")


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _kind(otype: str, morphology: str) -> Kind:
    """Return the kind for an object type and, for galaxies, a morphological type."""
    if otype in _GALAXIES:
        types: dict[str, Kind] = {"E": "elliptical galaxy", "I": "irregular galaxy"}
        if morphology.startswith(("S0", "SA0", "SB0", "SAB0", "L")):
            return "lenticular galaxy"
        if morphology.startswith("S"):
            return "spiral galaxy"
        return types.get(morphology[:1], "galaxy")
    if otype in _KINDS:
        return _KINDS[otype]
    return "star" if otype.endswith("*") else "unknown"
