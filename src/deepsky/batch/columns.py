"""Columns of the output tables. Each row of a table is a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deepsky.taxonomy import LABELS, Label

if TYPE_CHECKING:
    from deepsky.identification.fields import ObjectFields, SkyFields, SubtypeFields
    from deepsky.record import Record

__all__ = [
    "Column",
    "Row",
    "Value",
    "flatten",
    "is_below_min_confidence",
    "join_lists",
    "probability_column",
    "table_columns",
]

Value = str | float | int | bool | list[str] | None
Row = list[Value]
"""Values of a record in the order of `table_columns`; missing values are None."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
    kind : type
        Type of the values: str, float, int, bool or list (of str).
    description : str
    unit : str or None
        Unit of a numeric column, or an empty string if its values are dimensionless. None if the
        column is not numeric.
    ucd : str or None
        Unified Content Descriptor: the physical quantity, in the vocabulary of the IVOA.
    """

    name: str
    kind: type
    description: str
    unit: str | None = None
    ucd: str | None = None


_AFTER_PROBABILITIES: Final = (
    Column(
        "prediction_set",
        list,
        "Classes not ruled out at 95 % coverage, most probable first",
    ),
    Column("novelty", float, "Difference from the training images, 0 (familiar) to 1", ""),
    Column(
        "below_min_confidence", bool, "Whether the probability of the label is below min_confidence"
    ),
    Column("model", str, "Name of the model"),
    Column("model_version", str, "Version of the model"),
    Column("model_sha256", str, "SHA-256 of the model's network, hexadecimal"),
    Column("image_sha256", str, "SHA-256 of the image file, hexadecimal"),
    Column("width", int, "Width of the image, after its orientation is applied", "pixel"),
    Column("height", int, "Height of the image, after its orientation is applied", "pixel"),
    Column("format", str, "Image format, detected from the content"),
    Column("stretch", str, "Stretch applied to the image, if its pixel values are linear"),
    Column("subtype", str, "Kind, such as spiral galaxy or planet, if it is sure"),
    Column("subtype_probability", float, "Probability of a kind predicted from the pixels", ""),
    Column("subtype_source", str, "Where the kind is from: catalogue or network"),
    Column("object", str, "Object that the image shows", ucd="meta.id;src"),
    Column("object_common_name", str, "Common name of the object"),
    Column("object_kind", str, "Kind of the object, such as spiral galaxy", ucd="src.class"),
    Column("object_ra", float, "Right ascension of the object (ICRS)", "deg", "pos.eq.ra"),
    Column("object_dec", float, "Declination of the object (ICRS)", "deg", "pos.eq.dec"),
    Column("object_distance", float, "Distance of the object, rounded", "lyr", "pos.distance"),
    Column("object_found_by", str, "How the object was found: header, file name or position"),
    Column(
        "agreement",
        str,
        "Whether name, position and label agree",
    ),
    Column("agreement_message", str, "What differs, if the agreement is differs"),
    Column("combined_label", str, "Label according to the network and the object together"),
    Column("combined_probability", float, "Probability of combined_label, 0 to 1", ""),
    Column(
        "ra", float, "Right ascension of the image's centre (ICRS)", "deg", "pos.eq.ra;meta.main"
    ),
    Column("dec", float, "Declination of the image's centre (ICRS)", "deg", "pos.eq.dec;meta.main"),
    Column("field_width", float, "Width of the field of sky", "deg", "phys.angSize;instr.fov"),
    Column("field_height", float, "Height of the field of sky", "deg", "phys.angSize;instr.fov"),
    Column("pixel_scale", float, "Size of a pixel", "arcsec", "instr.scale"),
    Column("orientation", float, "Position angle of the image's up direction", "deg", "pos.posAng"),
    Column("mirrored", bool, "Whether the image is mirrored"),
    Column("sky_source", str, "How the place on the sky was found: header, avm or a solver"),
    Column("sky_error", str, "Why plate solving has not placed the image"),
    Column("error_code", str, "Error code, if the image could not be classified"),
    Column("error_message", str, "Error message, if the image could not be classified"),
)


def table_columns(labels: Sequence[Label] = LABELS) -> tuple[Column, ...]:
    """Return the columns of the tables of a model's records.

    Parameters
    ----------
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    tuple of Column

    Examples
    --------
    >>> [column.name for column in table_columns(("comet", "other"))][:5]
    ['path', 'label', 'verdict', 'probability_comet', 'probability_other']
    """
    return (
        Column("path", str, "Path or URL of the image; ARCHIVE/MEMBER if it is in an archive"),
        Column("label", str, "Most probable class: " + ", ".join(labels)),
        Column("verdict", str, "Verdict on the label: confident, unsure or unfamiliar"),
        *(
            Column(
                probability_column(label), float, f"Calibrated probability of {label}, 0 to 1", ""
            )
            for label in labels
        ),
        *_AFTER_PROBABILITIES,
    )


def probability_column(label: Label) -> str:
    """Return the name of the column with the probability of a label.

    Parameters
    ----------
    label : str
    """
    return f"probability_{label}"


def flatten(record: "Record", min_confidence: float, labels: Sequence[Label] = LABELS) -> Row:
    """Return the values of a record in the order of `table_columns`.

    Parameters
    ----------
    record : Record
    min_confidence : float
        Confidence below which ``below_min_confidence`` is true, 0 to 1.
    labels : sequence of str
        Labels of the model or of several models. By default, those of the shipped models.

    Returns
    -------
    list
        One value per column; missing values are None.
    """
    probabilities, kept = record["probabilities"], record["prediction_set"]
    combined, error = record["combined"], record["error"]
    return [
        record["path"],
        record["label"],
        record["verdict"],
        *(probabilities.get(label) if probabilities else None for label in labels),
        None if kept is None else [*kept],
        record["novelty"],
        is_below_min_confidence(record, min_confidence),
        record["model"],
        record["model_version"],
        record["model_sha256"],
        record["image_sha256"],
        record["width"],
        record["height"],
        record["format"],
        record["stretch"],
        *_flatten_subtype(record["subtype"]),
        *_flatten_object(record["object"]),
        record["agreement"],
        record["agreement_message"],
        combined and combined["label"],
        combined and combined["probability"],
        *_flatten_sky(record["sky"]),
        record["sky_error"],
        error and error["code"],
        error and error["message"],
    ]


def _flatten_subtype(subtype: "SubtypeFields | None") -> Row:
    if subtype is None:
        return [None] * 3
    return [subtype["name"], subtype["probability"], subtype["source"]]


def _flatten_object(found: "ObjectFields | None") -> Row:
    if found is None:
        return [None] * 7
    return [
        found["name"],
        found["common_name"],
        found["kind"],
        found["ra"],
        found["dec"],
        found["distance"],
        found["found_by"],
    ]


def _flatten_sky(sky: "SkyFields | None") -> Row:
    if sky is None:
        return [None] * 8
    return [
        sky["ra"],
        sky["dec"],
        sky["width"],
        sky["height"],
        sky["pixel_scale"],
        sky["orientation"],
        sky["mirrored"],
        sky["source"],
    ]


def is_below_min_confidence(record: "Record", min_confidence: float) -> bool | None:
    """Return whether the confidence of a record is below a minimum.

    Parameters
    ----------
    record : Record
    min_confidence : float
        Minimum confidence, 0 to 1.

    Returns
    -------
    bool or None
        None if the image could not be classified.
    """
    probabilities, label = record["probabilities"], record["label"]
    return probabilities[label] < min_confidence if probabilities and label else None


def join_lists(row: Row) -> list[str | float | int | bool | None]:
    """Replace each list in a row with a string of its items, separated by spaces.

    Parameters
    ----------
    row : list

    Returns
    -------
    list
        A copy of the row, for formats that do not support lists.
    """
    return [" ".join(value) if isinstance(value, list) else value for value in row]
