"""Fields of a record that say which object an image shows."""

from typing import TYPE_CHECKING, Final, Literal, TypedDict

from deepsky.identification.agreement import Agreement, FoundBy
from deepsky.identification.difference import Difference, DifferenceKind
from deepsky.identification.subject import fit
from deepsky.imaging.image_data import ImageInfo
from deepsky.prediction import Prediction, Subtype
from deepsky.sky.solving import Reason
from deepsky.taxonomy import Label

if TYPE_CHECKING:
    from deepsky.catalogue.facts import Discovery
    from deepsky.catalogue.objects import CatalogueObject, FieldObject, Kind
    from deepsky.sky.position import SkyPosition

__all__ = [
    "CatalogueFields",
    "CombinedFields",
    "DifferenceFields",
    "DiscoveryFields",
    "FieldObjectFields",
    "IdentificationFields",
    "NameFields",
    "ObjectFields",
    "SkyFields",
    "SubtypeFields",
    "catalogue_fields",
    "identification_fields",
    "sky_fields",
]

MAX_OBJECTS: Final = 100
"""Maximum number of objects in the field of a record."""

DEGREE_DIGITS: Final = 6
PIXEL_DIGITS: Final = 2
PROBABILITY_DIGITS: Final = 6


class NameFields(TypedDict):
    """Name and kind of an object of the catalogue.

    Attributes
    ----------
    name : str
        The preferred designation, such as ``"M 31"``.
    common_name, common_name_de : str or None
        The most common English and German name.
    kind : str
        Kind of object, such as ``"spiral galaxy"``.
    """

    name: str
    common_name: str | None
    common_name_de: str | None
    kind: "Kind"


class DiscoveryFields(TypedDict):
    """Who recorded an object first, and when.

    Attributes
    ----------
    by : str or None
        Name of the discoverer. None if the object has been known since antiquity.
    year : int or None
        Year of the first record. None if the object has been known since antiquity.
    before : bool
        Whether the object was recorded in that year or at some time before.
    """

    by: str | None
    year: int | None
    before: bool


class CatalogueFields(NameFields):
    """Entry of the catalogue.

    Attributes
    ----------
    labels : list of label
        Labels that are right for an image of the object, the main one first.
    ra, dec : float
        ICRS right ascension and declination in degrees.
    major_axis, minor_axis : float or None
        Apparent size in arcminutes.
    magnitude : float or None
        Apparent magnitude in V, or in B if V is not known.
    constellation : str or None
        IAU abbreviation of the constellation.
    distance : float or None
        Distance in light-years, rounded.
    discovered : DiscoveryFields or None
        Who recorded the object first, and when.
    """

    labels: list[Label]
    ra: float
    dec: float
    major_axis: float | None
    minor_axis: float | None
    magnitude: float | None
    constellation: str | None
    distance: float | None
    discovered: DiscoveryFields | None


class ObjectFields(CatalogueFields):
    """The object that an image shows.

    Attributes
    ----------
    found_by : {"header", "file name", "position"}
        How the object was found.
    """

    found_by: FoundBy


class FieldObjectFields(CatalogueFields):
    """An object of the catalogue in the field of an image.

    Attributes
    ----------
    x, y : float
        Position of the centre in pixels of the image at full size. The centre of the top-left
        pixel is (0, 0).
    semi_major, semi_minor : float or None
        Half lengths of the axes of the ellipse in pixels.
    angle : float
        Angle of the major axis in degrees from the +x axis towards the +y axis.
    inside : bool
        Whether the centre is inside the image.
    """

    x: float
    y: float
    semi_major: float | None
    semi_minor: float | None
    angle: float
    inside: bool


class SkyFields(TypedDict):
    """Place of an image on the sky.

    Attributes
    ----------
    ra, dec : float
        ICRS right ascension (0 to 360) and declination (-90 to 90) of the image's centre in
        degrees.
    width, height : float
        Size of the field of sky along the middle row and column in degrees.
    pixel_scale : float
        Side of a square with the area of the pixel in the centre, in arcseconds.
    orientation : float
        Position angle of the image's up direction in the centre, from north through east, in
        degrees (0 to 360).
    mirrored : bool
        Whether east is to the right of north, unlike on the sky seen from Earth.
    source : str
        How the place was found: ``"header"``, ``"avm"``, or the name of a plate solver.
    wcs : str
        The WCS of the image as displayed, at full size: cards of 80 characters of a FITS header.
        FITS pixel (1, 1) is the top left pixel.
    """

    ra: float
    dec: float
    width: float
    height: float
    pixel_scale: float
    orientation: float
    mirrored: bool
    source: str
    wcs: str


class CombinedFields(TypedDict):
    """Label according to the network and the object together.

    Attributes
    ----------
    label : str
        The most probable class.
    probability : float
        Its probability.
    """

    label: Label
    probability: float


class DifferenceFields(TypedDict):
    """What contradicts an object.

    Attributes
    ----------
    kind : {"network", "position", "names"}
        What contradicts the object: the network sees something else; the field is elsewhere on the
        sky; or the file name names another object than the header.
    object : NameFields
        The object that is contradicted.
    found_by : {"header", "file name", "position"}
        How this object was found.
    other : NameFields or None
        The object around which the field is, or the one that the file name names. None if the
        network contradicts, or if no object of the catalogue fits the field.
    """

    kind: DifferenceKind
    object: NameFields
    found_by: FoundBy
    other: NameFields | None


class SubtypeFields(TypedDict):
    """Kind of the object.

    Attributes
    ----------
    name : str
        The kind, such as ``"spiral galaxy"``.
    probability : float or None
        Calibrated probability. None if the kind is from the catalogue.
    source : {"catalogue", "network"}
        Whether the kind is that of the object in the catalogue, or predicted from the pixels.
    """

    name: str
    probability: float | None
    source: Literal["catalogue", "network"]


class IdentificationFields(TypedDict):
    """Fields that a record has in addition to those of the network; see `deepsky.Record`."""

    subtype: SubtypeFields | None
    object: ObjectFields | None
    objects: list[FieldObjectFields]
    sky: SkyFields | None
    sky_error: Reason | None
    agreement: Agreement | None
    difference: DifferenceFields | None
    agreement_message: str | None
    combined: CombinedFields | None


def identification_fields(prediction: Prediction, image: ImageInfo) -> IdentificationFields:
    """Return the fields of a record that say which object an image shows.

    Parameters
    ----------
    prediction : Prediction
    image : ImageInfo

    Returns
    -------
    IdentificationFields
    """
    found, found_by, combined = prediction.object, prediction.found_by, prediction.combined
    objects = sorted(
        prediction.objects,
        key=lambda one: fit(one, image.width, image.height, prediction.probabilities),
        reverse=True,
    )
    return IdentificationFields(
        subtype=_subtype_fields(prediction.subtype) if prediction.subtype else None,
        object=ObjectFields(**catalogue_fields(found), found_by=found_by)
        if found and found_by
        else None,
        objects=[_field_object_fields(one) for one in objects[:MAX_OBJECTS]],
        sky=sky_fields(prediction.sky) if prediction.sky else None,
        sky_error=prediction.sky_error,
        agreement=prediction.agreement,
        difference=_difference_fields(prediction.difference) if prediction.difference else None,
        agreement_message=prediction.agreement_message,
        combined=CombinedFields(
            label=combined.label, probability=round(combined.probability, PROBABILITY_DIGITS)
        )
        if combined
        else None,
    )


def catalogue_fields(entry: "CatalogueObject") -> CatalogueFields:
    """Return the fields of an entry of the catalogue.

    Parameters
    ----------
    entry : CatalogueObject

    Returns
    -------
    CatalogueFields
    """
    return CatalogueFields(
        **_name_fields(entry),
        labels=list(entry.labels),
        ra=round(entry.ra, DEGREE_DIGITS),
        dec=round(entry.dec, DEGREE_DIGITS),
        major_axis=entry.major_axis,
        minor_axis=entry.minor_axis,
        magnitude=entry.magnitude,
        constellation=entry.constellation,
        distance=entry.distance,
        discovered=_discovery_fields(entry.discovered) if entry.discovered else None,
    )


def _discovery_fields(discovery: "Discovery") -> DiscoveryFields:
    return DiscoveryFields(by=discovery.by, year=discovery.year, before=discovery.before)


def _subtype_fields(subtype: Subtype) -> SubtypeFields:
    probability = subtype.probability
    return SubtypeFields(
        name=subtype.name,
        probability=None if probability is None else round(probability, PROBABILITY_DIGITS),
        source=subtype.source,
    )


def _name_fields(entry: "CatalogueObject") -> NameFields:
    return NameFields(
        name=entry.name,
        common_name=next(iter(entry.common_names), None),
        common_name_de=next(iter(entry.common_names_de), None),
        kind=entry.kind,
    )


def _difference_fields(difference: Difference) -> DifferenceFields:
    other = difference.other
    return DifferenceFields(
        kind=difference.kind,
        object=_name_fields(difference.object),
        found_by=difference.found_by,
        other=_name_fields(other) if other else None,
    )


def _field_object_fields(found: "FieldObject") -> FieldObjectFields:
    return FieldObjectFields(
        **catalogue_fields(found.object),
        x=round(found.x, PIXEL_DIGITS),
        y=round(found.y, PIXEL_DIGITS),
        semi_major=_round_pixels(found.semi_major),
        semi_minor=_round_pixels(found.semi_minor),
        angle=round(found.angle, PIXEL_DIGITS),
        inside=found.inside,
    )


def sky_fields(sky: "SkyPosition") -> SkyFields:
    """Return the fields of a place on the sky.

    Parameters
    ----------
    sky : SkyPosition

    Returns
    -------
    SkyFields
    """
    return SkyFields(
        ra=round(sky.ra, DEGREE_DIGITS),
        dec=round(sky.dec, DEGREE_DIGITS),
        width=round(sky.width, DEGREE_DIGITS),
        height=round(sky.height, DEGREE_DIGITS),
        pixel_scale=round(sky.pixel_scale, DEGREE_DIGITS),
        orientation=round(sky.orientation, DEGREE_DIGITS) % 360,
        mirrored=sky.mirrored,
        source=sky.source,
        wcs=sky.header,
    )


def _round_pixels(value: float | None) -> float | None:
    return None if value is None else round(value, PIXEL_DIGITS)
