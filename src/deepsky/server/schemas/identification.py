"""Schemas of the object that an image shows, and of its place on the sky."""

from typing import Literal

from pydantic import BaseModel, Field

from deepsky.catalogue.objects import Kind
from deepsky.identification.agreement import Agreement, FoundBy
from deepsky.identification.difference import DifferenceKind
from deepsky.sky.solving import Reason
from deepsky.taxonomy import Label, OtherKind

__all__ = ["CatalogueEntry", "Identification"]


class ObjectName(BaseModel):
    """Name and kind of an object of the catalogue."""

    name: str = Field(description="Preferred designation, such as M 31.")
    common_name: str | None = Field(description="Most common English name.")
    common_name_de: str | None = Field(description="Most common German name.")
    kind: Kind


class Discovery(BaseModel):
    """Who recorded an object first, and when."""

    by: str | None = Field(description="Null if the object has been known since antiquity.")
    year: int | None = Field(description="Null if the object has been known since antiquity.")
    before: bool = Field(description="Whether it was recorded in that year or some time before.")


class CatalogueEntry(ObjectName):
    """Object of the catalogue."""

    labels: list[Label] = Field(
        description="Labels that are right for an image of the object, the main one first."
    )
    ra: float = Field(description="ICRS right ascension in degrees.")
    dec: float = Field(description="ICRS declination in degrees.")
    major_axis: float | None = Field(description="Apparent length in arcminutes.")
    minor_axis: float | None = Field(description="Apparent width in arcminutes.")
    magnitude: float | None = Field(description="Apparent magnitude in V or B.")
    constellation: str | None = Field(description="IAU abbreviation of the constellation.")
    distance: float | None = Field(
        None, description="Distance in light-years, with at most two significant digits."
    )
    discovered: Discovery | None = Field(
        None, description="Who recorded the object first, and when; null if it is not known."
    )


class IdentifiedObject(CatalogueEntry):
    """The object that an image shows."""

    found_by: FoundBy = Field(description="How the object was found.")


class FieldObject(CatalogueEntry):
    """Object of the catalogue in the field of an image, in pixels of the image at full size."""

    x: float = Field(description="Position of the centre; 0 is the centre of the first column.")
    y: float = Field(description="Position of the centre; 0 is the centre of the first row.")
    semi_major: float | None = Field(description="Half length of the ellipse in pixels.")
    semi_minor: float | None = Field(description="Half width of the ellipse in pixels.")
    angle: float = Field(
        description="Angle of the major axis in degrees from the x axis towards the y axis."
    )
    inside: bool = Field(description="Whether the centre is inside the image.")


class Sky(BaseModel):
    """Place of an image on the sky."""

    ra: float = Field(description="ICRS right ascension of the centre in degrees.")
    dec: float = Field(description="ICRS declination of the centre in degrees.")
    width: float = Field(description="Width of the field in degrees.")
    height: float = Field(description="Height of the field in degrees.")
    pixel_scale: float = Field(description="Size of a pixel in arcseconds.")
    orientation: float = Field(
        description="Position angle of the image's up direction in degrees, north through east."
    )
    mirrored: bool
    source: str = Field(
        description="How the place was found: `header`, `avm` or the name of a plate solver."
    )
    wcs: str | None = Field(
        None,
        description="The WCS of the image as displayed, at full size, as cards of 80 characters of "
        "a FITS header. FITS pixel (1, 1) is the top left pixel. Null for classifications of "
        "earlier versions.",
    )


class CombinedLabel(BaseModel):
    """Label according to the network and the object together."""

    label: Label
    probability: float


class Difference(BaseModel):
    """What contradicts an object."""

    kind: DifferenceKind = Field(
        description="`network`: the network sees something else. `position`: the field is "
        "elsewhere on the sky. `names`: the file name names another object than the header."
    )
    object: ObjectName = Field(description="The object that is contradicted.")
    found_by: FoundBy = Field(description="How this object was found.")
    other: ObjectName | None = Field(
        description="The object around which the field is, or the one that the file name names; "
        "null if the network contradicts, or if no object of the catalogue fits the field."
    )


class Subtype(BaseModel):
    """Kind of the object or scene that an image shows."""

    name: Kind | OtherKind = Field(
        description="Kind of the object or, for the label `other`, of the image."
    )
    probability: float | None = Field(
        description="Probability of this kind; null if it is that of the catalogue."
    )
    source: Literal["catalogue", "network"] = Field(
        description="Whether the kind is that of the object in the catalogue, or predicted from "
        "the pixels alone."
    )


class Identification(BaseModel):
    """Which object an image shows, and whether name, place on the sky and label agree."""

    subtype: Subtype | None = Field(
        description="Kind of the object, such as spiral galaxy, or of an image without a deep-sky "
        "object, such as planet; null if it is unsure."
    )
    object: IdentifiedObject | None = Field(
        description="The object that the image shows; null if it is not known."
    )
    objects: list[FieldObject] = Field(
        description="Objects in the field, the best fitting ones first; at most 100. Empty if the "
        "place on the sky is not known."
    )
    sky: Sky | None = Field(description="Place on the sky; null if it is not known.")
    sky_error: Reason | None = Field(
        description="Why plate solving has not placed the image; null if it has, or if plate "
        "solving was not requested.",
    )
    agreement: Agreement | None = Field(
        description="Whether the name of the object, the place on the sky and the label agree; "
        "null for classifications of earlier versions."
    )
    difference: Difference | None = Field(
        description="What contradicts the object, if `agreement` is `differs`; null for "
        "classifications of earlier versions."
    )
    agreement_message: str | None = Field(
        description="What differs, as an English sentence, if `agreement` is `differs`."
    )
    combined: CombinedLabel | None = Field(
        description="Label according to the network and the object together; null if the object "
        "is not known or contradicted, or if the field is wider than 10 degrees."
    )
