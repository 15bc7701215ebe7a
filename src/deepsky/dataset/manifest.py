"""The manifest: which images there are to learn from, and what each shows."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from deepsky.errors import DatasetError
from deepsky.taxonomy import LABELS, Label

__all__ = ["SPLITS", "Example", "Row", "Split", "read_manifest", "read_rows"]

Split = Literal["train", "validation", "test", "out_of_distribution"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test", "out_of_distribution")
"""To learn from, to choose and calibrate with, and to measure with, once. The
``out_of_distribution`` images are of kinds that no other split holds."""

NEEDED = ("path", "label", "group", "phash")
CORRECTIONS = "corrections.csv"
ORIGINAL_SIZE = ("original_width", "original_height")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled image.

    Attributes
    ----------
    path : Path
        The image's file.
    label, second_label : str, str or None
        What the image shows; the other class that is plainly in it, if any.
    group : str
        The field of sky, such as ``"M42"``; empty where unknown.
    phash : int
        64-bit perceptual hash of the image.
    ambiguous : bool
        Whether the image holds two classes or is doubtful.
    source, licence, subtype, kind : str
        Where the image comes from, under which terms, what its source calls it, and its kind
        in words that all sources share, such as ``"spiral"``, ``"open"`` or ``"chart"``.
    longest_side : int or None
        Of the original image, in pixels, where known.
    split : str or None
        Which split it belongs to, where the manifest says so.
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
    kind: str
    longest_side: int | None
    split: Split | None


def read_manifest(path: Path, images: Path | None = None) -> list[Example]:
    """Read a manifest, with the corrections that stand beside it.

    Parameters
    ----------
    path : Path
        CSV file with at least the columns ``path``, ``label``, ``group`` and ``phash``;
        ``second_label``, ``ambiguous``, ``source``, ``licence``, ``subtype``, ``kind``,
        ``original_width``, ``original_height`` and ``split`` are used where present. A file
        ``corrections.csv`` in the same folder changes single cells: its columns are ``path``,
        ``column``, ``old``, ``new`` and ``reason``.
    images : Path, optional
        Folder that the paths are relative to; the manifest's own by default.

    Returns
    -------
    list of Example
        In the file's order.

    Raises
    ------
    DatasetError
        If the manifest or an image is missing, a column is missing, a label or split is
        unknown, a hash is not hexadecimal, or a correction does not fit.
    """
    return [
        _example(row, folder=images or path.parent, where=f"{path}, row {number}")
        for number, row in enumerate(read_rows(path, NEEDED), start=2)
    ]


def read_rows(path: Path, columns: Collection[str]) -> list[Row]:
    """Read a manifest as text, with the corrections that stand beside it.

    Parameters
    ----------
    path : Path
    columns : collection of str
        Columns that it must have.

    Raises
    ------
    DatasetError
        If the manifest cannot be read, is empty or lacks a column, or a correction does not fit.
    """
    rows = _read_csv(path)
    if not rows:
        msg = f"The manifest {path} lists no images."
        raise DatasetError(msg)
    missing = set(columns) - rows[0].keys()
    if missing:
        msg = f"The manifest {path} lacks the columns {', '.join(sorted(missing))}."
        raise DatasetError(msg)
    corrections = path.with_name(CORRECTIONS)
    if corrections.exists():
        _correct(rows, _read_csv(corrections), str(corrections))
    return rows


def _read_csv(path: Path) -> list[Row]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        msg = f"The manifest {path} cannot be read: {error.strerror}."
        raise DatasetError(msg) from error


def _correct(rows: list[Row], corrections: list[Row], where: str) -> None:
    by_path = {row["path"]: row for row in rows}
    for number, correction in enumerate(corrections, start=2):
        row = by_path.get(correction["path"], {})
        if row.get(correction["column"]) != correction["old"]:
            msg = (
                f"{where}, row {number}: the manifest has no image {correction['path']} "
                f"whose {correction['column']} is {correction['old']!r}."
            )
            raise DatasetError(msg)
        row[correction["column"]] = correction["new"]


def _example(row: Row, folder: Path, where: str) -> Example:
    image = folder / row["path"]
    if not image.is_file():
        msg = f"{where}: there is no image {image}."
        raise DatasetError(msg)
    try:
        phash = int(row["phash"], 16)
    except ValueError as error:
        msg = f"{where}: the phash {row['phash']!r} is not a hexadecimal number."
        raise DatasetError(msg) from error
    second = row.get("second_label", "")
    split = row.get("split", "")
    sides = [int(row[k]) for k in ORIGINAL_SIZE if row.get(k, "").isdigit()]
    return Example(
        path=image,
        label=_label(row["label"], where),
        second_label=_label(second, where) if second else None,
        group=row["group"],
        phash=phash,
        ambiguous=row.get("ambiguous") == "1",
        source=row.get("source", ""),
        licence=row.get("licence", ""),
        subtype=row.get("subtype", ""),
        kind=row.get("kind", ""),
        longest_side=max(sides) if sides else None,
        split=_split(split, where) if split else None,
    )


def _label(text: str, where: str) -> Label:
    if text not in LABELS:
        msg = f"{where}: the label {text!r} is none of {', '.join(LABELS)}."
        raise DatasetError(msg)
    return text


def _split(text: str, where: str) -> Split:
    if text not in SPLITS:
        msg = f"{where}: the split {text!r} is none of {', '.join(SPLITS)}."
        raise DatasetError(msg)
    return text
