"""``deepsky object``: show what the catalogue knows about an object."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deepsky.batch.control_characters import escape_control_characters
from deepsky.cli.failure import FAILED, USAGE, stop

if TYPE_CHECKING:
    from deepsky.catalogue import CatalogueObject, VizierEntry

__all__ = ["show_object"]

_RADII: Final = (5.0, 60.0)
"""Smallest and largest radius of a look-up in VizieR in arcminutes."""


def show_object(
    name: Annotated[
        str, typer.Argument(help="Designation or common name, such as M31 or 'Andromeda Galaxy'.")
    ],
    online: Annotated[
        bool,
        typer.Option(help="Ask SIMBAD if the catalogue does not know the name. The name is sent."),
    ] = False,
    vizier: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CATALOGUE",
            help="List what a catalogue in VizieR, such as VII/20, contains at the object's "
            "coordinates, which are sent. Can be given several times.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Show what is known about an object, without an image."""
    from deepsky.catalogue import find_in_simbad, load_catalogue
    from deepsky.errors import CatalogueUnavailableError

    found = load_catalogue().find(name)
    source = "the catalogue of deepsky"
    if found is None and online:
        source = "SIMBAD"
        try:
            found = find_in_simbad(name)
        except CatalogueUnavailableError as error:
            stop(str(error), FAILED)
    if found is None:
        hint = "" if online else " To ask SIMBAD, add --online."
        stop(f"{name}: No object with this name is in {source}.{hint}", FAILED)
    if as_json:
        record = asdict(found) | {"found_in": source}
        if vizier:
            record["vizier"] = [asdict(entry) for entry in _find_entries(found, vizier)]
        typer.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        _print(found, source)
        if vizier:
            _print_entries(_find_entries(found, vizier), _radius(found))


def _find_entries(found: "CatalogueObject", catalogues: list[str]) -> "list[VizierEntry]":
    from deepsky.catalogue import find_in_vizier
    from deepsky.errors import CatalogueUnavailableError

    try:
        return [
            entry
            for catalogue in catalogues
            for entry in find_in_vizier(catalogue, found.ra, found.dec, _radius(found))
        ]
    except CatalogueUnavailableError as error:
        stop(str(error), FAILED)
    except ValueError as error:
        stop(str(error), USAGE)


def _radius(found: "CatalogueObject") -> float:
    """Return the radius of a circle around the object, within limits, in arcminutes."""
    low, high = _RADII
    return min(max((found.major_axis or 0) / 2, low), high)


def _print_entries(entries: "list[VizierEntry]", radius: float) -> None:
    if not entries:
        typer.echo(f"\nVizieR has no entry within {radius:g} arcminutes, or no such catalogue.")
    table = ""
    for entry in entries:
        if entry.table != table:
            table = entry.table
            typer.echo("\n" + escape_control_characters(f"{table}: {entry.title}"))
        values = (f"{name} {value}" for name, value in entry.values.items() if value is not None)
        typer.echo(f"  {entry.separation:.1f}'  {escape_control_characters(', '.join(values))}")


def _print(found: "CatalogueObject", source: str) -> None:
    facts = {
        "name": found.name,
        "also": ", ".join((*found.common_names, *found.designations[1:])),
        "kind": found.kind,
        "constellation": found.constellation,
        "coordinates": f"{found.ra:.4f} {found.dec:+.4f} (ICRS, degrees)",
        "size": _size(found),
        "magnitude": found.magnitude,
        "distance": found.distance and f"{found.distance:,.0f} light-years",
        "discovered": found.discovered and _discovery(found),
        "found in": source,
    }
    for title, value in facts.items():
        if value not in (None, ""):
            typer.echo(f"{title:<14}{escape_control_characters(str(value))}")


def _size(found: "CatalogueObject") -> str | None:
    if found.major_axis is None:
        return None
    minor = found.minor_axis or found.major_axis
    return f"{found.major_axis:g} x {minor:g} arcminutes"


def _discovery(found: "CatalogueObject") -> str | None:
    discovered = found.discovered
    if discovered is None:
        return None
    if discovered.year is None:
        return "known since antiquity"
    when = f"{'before ' if discovered.before else ''}{discovered.year}"
    return f"{when} by {discovered.by}" if discovered.by else when
