"""Look-ups in the catalogues of VizieR, which are made only if the user requests one.

astroquery is not used: it would add 20 packages, and the reply to the one request that is needed
here is a VOTable, which astropy reads.
"""

import io
import re
from dataclasses import dataclass
from typing import Final

import astropy.units as u
from astropy.io import votable
from astropy.io.votable.tree import TableElement

from deepsky.catalogue.online import SECONDS, UNREACHABLE, post
from deepsky.errors import CatalogueUnavailableError

__all__ = ["VizierEntry", "find_in_vizier"]

_URL: Final = "https://vizier.cds.unistra.fr/viz-bin/votable"
_MAX_ENTRIES: Final = 10
_SEPARATION: Final = "_r"  # column with the distance from the requested position


@dataclass(frozen=True, kw_only=True, slots=True)
class VizierEntry:
    """An entry of a catalogue in VizieR.

    Attributes
    ----------
    table : str
        Designation of the table in VizieR, such as ``"VII/20/catalog"``.
    title : str
        Title of the catalogue.
    separation : float
        Distance from the requested position in arcminutes.
    values : dict of str to str, int, float or None
        Values by name of the column, in the units that VizieR states. None if there is none.
    """

    table: str
    title: str
    separation: float
    values: dict[str, str | int | float | None]


def find_in_vizier(
    catalogue: str, ra: float, dec: float, radius: float = 5.0, seconds: float = SECONDS
) -> tuple[VizierEntry, ...]:
    """Find the entries of a catalogue near a position. Only the arguments are sent.

    Parameters
    ----------
    catalogue : str
        Designation in VizieR of a catalogue or of one of its tables, such as ``"VII/20"``
        (Sharpless) or ``"VII/118/ngc2000"``.
    ra, dec : float
        Position in degrees (ICRS).
    radius : float
        Maximum distance from the position in arcminutes.
    seconds : float
        Time limit of the request in seconds.

    Returns
    -------
    tuple of VizierEntry
        The nearest entries first, at most ten of each table. Empty if VizieR has none, or if it
        does not know the catalogue.

    Raises
    ------
    ValueError
        If the designation is empty, or contains other characters than designations in VizieR do.
    CatalogueUnavailableError
        If VizieR cannot be reached, or if its reply is not as documented.

    References
    ----------
    Summary of ASU qualifications for VizieR. https://vizier.cds.unistra.fr/doc/asu-summary.htx

    F. Ochsenbein et al., "The VizieR database of astronomical catalogues", A&AS 143, 23 (2000).
    """
    if not re.fullmatch(r"[\w/+.&-]{1,60}", catalogue, re.ASCII):
        msg = f"{catalogue!r} is no designation of a catalogue in VizieR, such as 'VII/20'."
        raise ValueError(msg)
    parameters = {
        "-source": catalogue,
        "-c": f"{ra:.6f}{dec:+.6f}",
        "-c.eq": "J2000",
        "-c.rm": f"{radius:g}",
        "-out.add": _SEPARATION,
        "-sort": _SEPARATION,
        "-out.max": str(_MAX_ENTRIES),
    }
    try:
        reply = votable.parse(io.BytesIO(post(_URL, parameters, seconds)), verify="ignore")
        entries = [
            entry
            for resource in reply.resources
            for table in resource.tables
            for entry in _entries(table, resource.description or table.description or "")
        ]
    except UNREACHABLE as error:
        msg = f"VizieR cannot be reached, or its reply is not as documented: {error}. Try later."
        raise CatalogueUnavailableError(msg) from error
    return tuple(sorted(entries, key=lambda entry: entry.separation))


def _entries(table: TableElement, title: str) -> list[VizierEntry]:
    columns = {field.name: table.array[field.ID].tolist() for field in table.fields}
    units = {field.name: field.unit for field in table.fields}
    separations = columns.pop(_SEPARATION, [])
    factor = float((units.get(_SEPARATION) or u.arcmin).to(u.arcmin))
    return [
        VizierEntry(
            table=table.name,
            title=" ".join(title.split()),
            separation=separation * factor,
            values={name: _plain(values[number]) for name, values in columns.items()},
        )
        for number, separation in enumerate(separations)
    ]


def _plain(value: object) -> str | int | float | None:
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float):
        return None if value != value else value  # NaN
    return None if value is None else str(value)
