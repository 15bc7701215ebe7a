"""What differs if names, position and network contradict each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from deepsky.identification.agreement import FoundBy
from deepsky.taxonomy import Label

if TYPE_CHECKING:
    from deepsky.catalogue.objects import CatalogueObject
    from deepsky.sky.position import SkyPosition

__all__ = ["Difference", "DifferenceKind", "describe_difference", "describe_object"]

DifferenceKind = Literal["network", "position", "names"]
"""What contradicts an object: the network, the position, or another name."""

_SOURCES: Final[dict[FoundBy, str]] = {
    "header": "The header says",
    "file name": "The file name says",
    "position": "The field is around",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A contradiction between an object and what else is known about an image.

    Attributes
    ----------
    kind : {"network", "position", "names"}
        What contradicts the object: the network sees something else; the field is elsewhere on the
        sky; or the file name names another object than the header.
    object : CatalogueObject
        The object that is contradicted.
    found_by : {"header", "file name", "position"}
        How this object was found.
    other : CatalogueObject or None
        The object around which the field is, or the one that the file name names. None if the
        network contradicts, or if no object of the catalogue fits the field.
    """

    kind: DifferenceKind
    object: "CatalogueObject"
    found_by: FoundBy
    other: "CatalogueObject | None" = None


def describe_difference(
    difference: Difference, probabilities: Mapping[Label, float], sky: "SkyPosition | None" = None
) -> str:
    """Describe a difference.

    Parameters
    ----------
    difference : Difference
    probabilities : mapping of label to float
        Probabilities of the network.
    sky : SkyPosition, optional
        Place of the image on the sky.

    Returns
    -------
    str
        A sentence, such as ``"The header says M 31, but the field is around M 42."``.
    """
    says, named = _SOURCES[difference.found_by], difference.object
    if difference.kind == "network":
        label = max(probabilities, key=lambda each: probabilities[each])
        seen = "no deep-sky object" if label == "other" else f"a {label.replace('_', ' ')}"
        return (
            f"{says} {describe_object(named)} ({named.kind}), "
            f"but the network sees {seen} ({probabilities[label]:.0%})."
        )
    other = difference.other.name if difference.other else None
    if difference.kind == "names":
        return f"{says} {named.name}, but the file name says {other}."
    place = other or (f"{sky.ra:.2f}°, {sky.dec:+.2f}°" if sky else "another object")
    return f"{says} {named.name}, but the field is around {place}."


def describe_object(found: "CatalogueObject") -> str:
    """Return the name and the common name of an object, such as ``"M 31, Andromeda Galaxy"``.

    Parameters
    ----------
    found : CatalogueObject
    """
    return ", ".join([found.name, *found.common_names[:1]])
