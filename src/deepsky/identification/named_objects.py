"""Objects that the header or the name of an image file names."""

from collections.abc import Sequence
from math import asin, cos, degrees, hypot, radians, sin, sqrt
from os import PathLike, fspath
from typing import TYPE_CHECKING, Final, NamedTuple

from deepsky.identification.agreement import FoundBy
from deepsky.identification.file_names import object_names
from deepsky.identification.names import find_names
from deepsky.imaging.image_data import ImageInfo

if TYPE_CHECKING:
    from deepsky.catalogue.objects import CatalogueObject
    from deepsky.sky.position import SkyPosition

__all__ = ["NamedObject", "are_near", "find_named_objects", "is_near_field", "is_wide"]

NEAR: Final = 5.0
"""Maximum distance in degrees, between their edges, of objects that one image may show."""

_WIDE: Final = 10.0
"""Side in degrees above which a field contains many objects, often above a landscape."""


class NamedObject(NamedTuple):
    """An object, and where its name was found."""

    object: "CatalogueObject"
    found_by: FoundBy


def find_named_objects(
    image: ImageInfo, path: str | PathLike[str] | None = None
) -> list[NamedObject]:
    """Find the objects that the header and the file name of an image name.

    Parameters
    ----------
    image : ImageInfo
    path : path-like, optional
        Path or name of the file.

    Returns
    -------
    list of NamedObject
        The objects of the catalogue: those in the header, followed by those in the file name.
    """
    names: list[tuple[str, FoundBy]] = [
        (name, "header") for text in image.metadata.object_names for name in find_names(text)
    ]
    if path is not None:
        names += [(name, "file name") for name in object_names(fspath(path))]
    if not names:
        return []
    from deepsky.catalogue.catalogue import load_catalogue  # loaded only if there is a name

    catalogue = load_catalogue()
    found = ((catalogue.find(name), found_by) for name, found_by in names)
    return [NamedObject(entry, found_by) for entry, found_by in found if entry]


def is_near_field(entry: "CatalogueObject", sky: "SkyPosition") -> bool:
    """Return whether an object is in the field of an image or next to it.

    Parameters
    ----------
    entry : CatalogueObject
    sky : SkyPosition

    Returns
    -------
    bool
        False if the object's edge is farther from the centre than the diagonal of the field.
    """
    distance = _separation(entry.ra, entry.dec, sky.ra, sky.dec)
    return distance - _radius(entry) <= hypot(sky.width, sky.height)


def is_wide(sky: "SkyPosition") -> bool:
    """Return whether a field is so wide that its image shows more than one object.

    Parameters
    ----------
    sky : SkyPosition

    Returns
    -------
    bool
        True if the shorter side is longer than 10 degrees.
    """
    return min(sky.width, sky.height) > _WIDE


def are_near(first: Sequence["CatalogueObject"], second: Sequence["CatalogueObject"]) -> bool:
    """Return whether any object of one sequence is near any object of another.

    Parameters
    ----------
    first, second : sequence of CatalogueObject

    Returns
    -------
    bool
    """
    return any(
        _separation(one.ra, one.dec, two.ra, two.dec) - _radius(one) - _radius(two) <= NEAR
        for one in first
        for two in second
    )


def _radius(entry: "CatalogueObject") -> float:
    return (entry.major_axis or 0) / 120


def _separation(ra: float, dec: float, other_ra: float, other_dec: float) -> float:
    """Return the angle between two positions in degrees (haversine formula)."""
    a, b = radians(dec), radians(other_dec)
    square = sin((a - b) / 2) ** 2 + cos(a) * cos(b) * sin(radians(ra - other_ra) / 2) ** 2
    return degrees(2 * asin(min(1, sqrt(square))))
