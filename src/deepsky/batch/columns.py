"""The record, flattened: the columns that all tables have."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deepsky.taxonomy import LABELS

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["COLUMNS", "Column", "Row", "Value", "flatten", "is_below_min_confidence", "join_lists"]

Value = str | float | int | bool | list[str] | None
Row = list[Value]
"""The values of a record, in the order of `COLUMNS`; None where there is none."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
    kind : type
        Of its values: str, float, int, bool or list (of str).
    description : str
    unit : str or None
        Empty for numbers without a dimension; None for what is no number.
    """

    name: str
    kind: type
    description: str
    unit: str | None = None


COLUMNS: Final = (
    Column("path", str, "File, member of an archive, or address of the image"),
    Column("label", str, "Most probable class: " + ", ".join(LABELS)),
    Column("verdict", str, "How far to rely on it: confident, unsure or unfamiliar"),
    *(
        Column(f"probability_{label}", float, f"Calibrated probability of {label}, 0 to 1", "")
        for label in LABELS
    ),
    Column("prediction_set", list, "Classes that cannot be ruled out, the most probable first"),
    Column("novelty", float, "How unlike all images that the model was trained on, 0 to 1", ""),
    Column("below_min_confidence", bool, "Whether the label's probability is below min_confidence"),
    Column("model", str, "Name of the model"),
    Column("model_version", str, "Version of the model"),
    Column("model_sha256", str, "SHA-256 of the model's network, hexadecimal"),
    Column("image_sha256", str, "SHA-256 of the file's bytes, hexadecimal"),
    Column("width", int, "Width of the upright image", "pixel"),
    Column("height", int, "Height of the upright image", "pixel"),
    Column("format", str, "Format of the file, by its content"),
    Column("stretch", str, "Stretch that brought high-dynamic-range data to 8 bits"),
    Column("error_code", str, "Why there is no answer: a stable code"),
    Column("error_message", str, "Why there is no answer, in words"),
)


def flatten(record: "Record", min_confidence: float) -> Row:
    """Give the values of a record.

    Parameters
    ----------
    record : Record
    min_confidence : float
        Answers whose probability is smaller are flagged, 0 to 1.
    """
    probabilities, kept, error = (
        record["probabilities"],
        record["prediction_set"],
        record["error"],
    )
    return [
        record["path"],
        record["label"],
        record["verdict"],
        *(probabilities[label] if probabilities else None for label in LABELS),
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
        error and error["code"],
        error and error["message"],
    ]


def is_below_min_confidence(record: "Record", min_confidence: float) -> bool | None:
    """Tell whether an answer's probability is too small; None where there is no answer."""
    probabilities, label = record["probabilities"], record["label"]
    return probabilities[label] < min_confidence if probabilities and label else None


def join_lists(row: Row) -> list[str | float | int | bool | None]:
    """Give a row for a format without lists: separated by spaces."""
    return [" ".join(value) if isinstance(value, list) else value for value in row]
