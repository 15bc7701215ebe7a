"""The manifest: which pictures there are to learn from, and what each shows."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deepsky.errors import DatasetError
from deepsky.taxonomy import LABELS, Label

__all__ = ["Example", "read_manifest"]


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled picture.

    Attributes
    ----------
    path : Path
        The picture's file.
    label, second_label : str, str or None
        What the picture shows; the other class that is plainly in it, if any.
    group : str
        The field of sky, such as ``"M42"``; empty where unknown.
    phash : int
        64-bit perceptual hash of the picture.
    ambiguous : bool
        Whether the picture holds two classes or is doubtful.
    source, licence, subtype : str
        Where the picture comes from, under which terms, and its catalogue type.
    """

    path: Path
    label: Label
    second_label: Label | None
    group: str
    phash: int
    ambiguous: bool
    source: str
    licence: str
    subtype: str


def read_manifest(path: Path) -> list[Example]:
    """Read a manifest.

    Parameters
    ----------
    path : Path
        CSV file with at least the columns ``path`` (relative to the file's folder), ``label``,
        ``group`` and ``phash``; ``second_label``, ``ambiguous``, ``source``, ``licence`` and
        ``subtype`` are used where present.

    Returns
    -------
    list of Example
        In the file's order.

    Raises
    ------
    DatasetError
        If the manifest or a picture is missing, a column is missing, a label is not one of
        the four, or a hash is not hexadecimal.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        msg = f"The manifest {path} cannot be read: {error.strerror}."
        raise DatasetError(msg) from error
    if not rows:
        msg = f"The manifest {path} lists no pictures."
        raise DatasetError(msg)
    missing = {"path", "label", "group", "phash"} - rows[0].keys()
    if missing:
        msg = f"The manifest {path} lacks the columns {', '.join(sorted(missing))}."
        raise DatasetError(msg)
    return [
        _example(row, folder=path.parent, where=f"{path}, row {number}")
        for number, row in enumerate(rows, start=2)
    ]


def _example(row: Mapping[str, str], folder: Path, where: str) -> Example:
    picture = folder / row["path"]
    if not picture.is_file():
        msg = f"{where}: there is no picture {picture}."
        raise DatasetError(msg)
    try:
        phash = int(row["phash"], 16)
    except ValueError as error:
        msg = f"{where}: the phash {row['phash']!r} is not a hexadecimal number."
        raise DatasetError(msg) from error
    second = row.get("second_label", "")
    return Example(
        path=picture,
        label=_label(row["label"], where),
        second_label=_label(second, where) if second else None,
        group=row["group"],
        phash=phash,
        ambiguous=row.get("ambiguous") == "1",
        source=row.get("source", ""),
        licence=row.get("licence", ""),
        subtype=row.get("subtype", ""),
    )


def _label(text: str, where: str) -> Label:
    if text not in LABELS:
        msg = f"{where}: the label {text!r} is none of {', '.join(LABELS)}."
        raise DatasetError(msg)
    return text
