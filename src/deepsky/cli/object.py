"""``deepsky object``: show what the catalogue knows about an object."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.cli.failure import FAILED, stop

if TYPE_CHECKING:
    from deepsky.catalogue import CatalogueObject

__all__ = ["show_object"]


def show_object(
    name: Annotated[
        str, typer.Argument(help="Designation or common name, such as M31 or 'Andromeda Galaxy'.")
    ],
    online: Annotated[
        bool,
        typer.Option(help="Ask SIMBAD if the catalogue does not know the name. The name is sent."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Show what is known about an object, without an image."""
    from deepsky.catalogue import load_catalogue
    from deepsky.catalogue.simbad import find_in_simbad
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
        typer.echo(json.dumps({**asdict(found), "found_in": source}, indent=2, ensure_ascii=False))
    else:
        _print(found, source)


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
            typer.echo(f"{title:<14}{value}")


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
