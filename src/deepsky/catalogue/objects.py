"""Objects of the catalogue, and their places in an image."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from deepsky.taxonomy import Label

from .facts import Discovery

__all__ = ["KINDS", "SUBTYPES", "CatalogueObject", "FieldObject", "Kind", "labels_of_kind"]

Kind = Literal[
    "spiral galaxy",
    "elliptical galaxy",
    "lenticular galaxy",
    "irregular galaxy",
    "galaxy",
    "galaxy group",
    "emission nebula",
    "reflection nebula",
    "planetary nebula",
    "dark nebula",
    "supernova remnant",
    "nebula",
    "open cluster",
    "globular cluster",
    "star cluster",
    "cluster with nebula",
    "star",
    "double star",
    "asterism",
    "unknown",
]
"""Kind of an object.

``galaxy``, ``nebula`` and ``star cluster`` are used if the catalogue does not state a more
specific kind. ``unknown`` is an entry whose nature the catalogue does not state, or where nothing
can be seen.
"""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""All kinds."""

SUBTYPES: Final = frozenset(KINDS) - {"galaxy", "nebula", "star cluster", "unknown"}
"""Kinds that say more than a label."""

_OTHER_LABELS: Final[dict[Kind, tuple[Label, ...]]] = {
    "star cluster": ("star_cluster",),
    "open cluster": ("star_cluster",),
    "globular cluster": ("star_cluster",),
    "cluster with nebula": ("star_cluster", "nebula"),
    "supernova remnant": ("nebula",),
    "star": (),
    "double star": (),
    "asterism": (),
    "unknown": (),
}


def labels_of_kind(kind: Kind) -> tuple[Label, ...]:
    """Return the labels of objects of a kind.

    Parameters
    ----------
    kind : Kind
        The kind.

    Returns
    -------
    tuple of Label
        The labels, the main one first. Empty for stars, asterisms and unknown objects.

    Examples
    --------
    >>> labels_of_kind("spiral galaxy")
    ('galaxy',)
    >>> labels_of_kind("cluster with nebula")
    ('star_cluster', 'nebula')
    """
    if kind in _OTHER_LABELS:
        return _OTHER_LABELS[kind]
    return ("galaxy",) if "galaxy" in kind else ("nebula",)


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueObject:
    """An object of the catalogue.

    Attributes
    ----------
    name : str
        The preferred designation, such as ``"M 31"``: the first of Messier, NGC, IC, Sharpless
        (Sh2), Barnard (B), LDN, LBN, vdB, Abell, Melotte (Mel), Collinder (Cr) and any other
        catalogue that the object is in.
    designations : tuple of str
        All designations, the preferred one first.
    common_names : tuple of str
        English names, such as ``"Andromeda Galaxy"``, the most common one first.
    common_names_de : tuple of str
        German names, the most common one first.
    kind : Kind
        The kind of object.
    labels : tuple of label
        The labels that are right for an image of the object, the main one first: ``("nebula",
        "star_cluster")`` for M 42. Empty for stars, asterisms and unknown objects.
    ra, dec : float
        Right ascension and declination of the centre in degrees (ICRS).
    major_axis, minor_axis : float or None
        Full lengths of the axes of the apparent ellipse in arcminutes. None if not known; objects
        with only a major axis are drawn as circles.
    position_angle : float or None
        Position angle of the major axis in degrees from north through east, from 0 to 180. None if
        not known.
    magnitude : float or None
        Apparent magnitude in V, or in B if V is not known. None if neither is known.
    constellation : str or None
        IAU abbreviation of the constellation, such as ``"And"``. None if not known.
    distance : float or None
        Distance in light-years, with at most two significant digits. None if not known.
    discovered : Discovery or None
        Who recorded the object first, and when. None if not known.
    """

    name: str
    designations: tuple[str, ...]
    kind: Kind
    labels: tuple[Label, ...]
    ra: float
    dec: float
    common_names: tuple[str, ...] = ()
    common_names_de: tuple[str, ...] = ()
    major_axis: float | None = None
    minor_axis: float | None = None
    position_angle: float | None = None
    magnitude: float | None = None
    constellation: str | None = None
    distance: float | None = None
    discovered: Discovery | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldObject:
    """An object of the catalogue with its place in an image.

    Attributes
    ----------
    object : CatalogueObject
        The object.
    x, y : float
        Position of the centre in pixels. The centre of the top-left pixel is (0, 0).
    semi_major, semi_minor : float or None
        Half lengths of the axes of the ellipse in pixels. None if the size is not known.
    angle : float
        Angle of the major axis in degrees from the +x axis towards the +y axis, from 0 to 180.
        0 if the position angle is not known.
    inside : bool
        True if the centre is inside the image. If False, only a part of the ellipse is.
    """

    object: CatalogueObject
    x: float
    y: float
    semi_major: float | None
    semi_minor: float | None
    angle: float
    inside: bool
