"""Boxes of objects of the catalogue that are large and bright enough to be visible."""

from collections.abc import Iterable
from math import cos, hypot, radians, sin
from typing import Final

from deepsky.catalogue.objects import CatalogueObject, FieldObject
from deepsky.detection.boxes import Box

__all__ = ["ellipse_box", "is_bright", "visible_objects"]

MIN_FRACTION: Final = 1 / 32
"""Minimum length of the longer side of a visible object's box, as a fraction of the image's
shorter side."""

MIN_PIXELS: Final = 16
"""Minimum length of the longer side of a visible object's box, in pixels."""

MAX_GALAXY_MAGNITUDE: Final = 12.0
MAX_CLUSTER_MAGNITUDE: Final = 9.0
"""Magnitude of the faintest galaxies and star clusters without a common name that are visible."""

_GLOWING: Final = {
    "emission nebula",
    "planetary nebula",
    "supernova remnant",
    "cluster with nebula",
}


def visible_objects(
    objects: Iterable[FieldObject], width: int, height: int, min_fraction: float = MIN_FRACTION
) -> list[tuple[FieldObject, Box]]:
    """Return the objects that are probably visible in an image, with their boxes.

    An object is visible if its centre is inside the image, its box is large enough
    (`MIN_FRACTION`, `MIN_PIXELS`), and it is bright (`is_bright`).

    Parameters
    ----------
    objects : iterable of FieldObject
        Objects in the field, as returned by `deepsky.catalogue.Catalogue.in_field`.
    width, height : int
        Size of the image in pixels.
    min_fraction : float
        Minimum length of the longer side of the box, as a fraction of the image's shorter side.

    Returns
    -------
    list of (FieldObject, Box)
        The boxes are clipped to the image.
    """
    shortest = max(MIN_PIXELS, min_fraction * min(width, height))
    found = []
    for one in objects:
        box = ellipse_box(one)
        if box is None or not one.inside or max(box.width, box.height) < shortest:
            continue
        if is_bright(one.object):
            found.append((one, box.clipped(width, height)))
    return found


def ellipse_box(found: FieldObject) -> Box | None:
    """Return the box of an object's ellipse.

    Parameters
    ----------
    found : FieldObject

    Returns
    -------
    Box or None
        None if the size of the object is not known.
    """
    if not found.semi_major or not found.semi_minor:
        return None
    angle = radians(found.angle)
    half_width = hypot(found.semi_major * cos(angle), found.semi_minor * sin(angle))
    half_height = hypot(found.semi_major * sin(angle), found.semi_minor * cos(angle))
    # The centre of the first pixel is 0 in the catalogue, and 0.5 in a box.
    return Box.around(found.x + 0.5, found.y + 0.5, 2 * half_width, 2 * half_height)


def is_bright(entry: CatalogueObject) -> bool:
    """Return whether photographs usually show an object.

    Parameters
    ----------
    entry : CatalogueObject

    Returns
    -------
    bool
        True for objects with a common name or a Messier number; for emission nebulae, planetary
        nebulae and supernova remnants; for galaxies up to magnitude 12 and star clusters up to
        magnitude 9. False for other objects, such as most reflection and dark nebulae, and for
        objects without labels, such as double stars.
    """
    if not entry.labels:
        return False
    if entry.common_names or entry.name.startswith("M ") or entry.kind in _GLOWING:
        return True
    limits = {"galaxy": MAX_GALAXY_MAGNITUDE, "star_cluster": MAX_CLUSTER_MAGNITUDE}
    faintest = limits.get(entry.labels[0])
    return faintest is not None and entry.magnitude is not None and entry.magnitude <= faintest
