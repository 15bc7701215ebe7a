"""Read manifests: CSV files that list images with their labels, groups and sources."""

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from deepsky.errors import DatasetError
from deepsky.taxonomy import Label, is_label

__all__ = [
    "HELD_OUT_SOURCES",
    "SPLITS",
    "VALIDATION",
    "Example",
    "Row",
    "Split",
    "make_example",
    "read_manifest",
    "read_rows",
    "write_rows",
]

Split = Literal[
    "train", "validation", "source_validation", "test", "source_test", "out_of_distribution"
]
SPLITS: Final[tuple[Split, ...]] = (
    "train",
    "validation",
    "source_validation",
    "test",
    "source_test",
    "out_of_distribution",
)
"""Names of the splits. Validation splits are used to choose settings and to calibrate models, test
splits only for the final evaluation. The splits ``validation`` and ``test`` contain new fields of
sky from sources that occur in training; ``source_validation`` and ``source_test`` contain all
images of sources that do not occur in training. The split ``out_of_distribution`` contains images
that do not show the sky, such as photographs of people, and is used only to evaluate novelty."""

VALIDATION: Final[tuple[Split, ...]] = ("validation", "source_validation")
"""Splits whose images are used to choose settings and to calibrate models."""

HELD_OUT_SOURCES: Final[tuple[Split, ...]] = ("source_validation", "source_test")
"""Splits of whole sources. They may show fields of sky that other splits show, too."""

REQUIRED: Final = ("path", "label", "group", "phash")
CORRECTIONS: Final = "corrections.csv"
CORRECTION_COLUMNS: Final = ("path", "column", "old", "new")
ORIGINAL_SIZE: Final = ("original_width", "original_height")

Row = dict[str, str]
"""Cells of a manifest row by column name."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled image.

    Attributes
    ----------
    path : Path
        The image file.
    label : str
        Class of the image.
    second_label : str or None
        A second class of object that the image clearly shows, or None.
    group : str
        Field of sky that the image shows, such as ``"M42"``. Empty if unknown.
    phash : int
        64-bit perceptual hash of the image.
    ambiguous : bool
        Whether the image shows objects of two classes, or its label is uncertain.
    source : str
        Website, repository or package that the image was obtained from. Empty if unknown.
    licence : str
        Terms of use according to the source.
    subtype : str
        Kind of object according to the source.
    kind : str
        Kind of object, using the same vocabulary for all sources, such as ``"spiral"``, ``"open"``
        or ``"chart"``.
    longest_side : int or None
        Longest side of the original image in pixels, or None if unknown.
    split : str or None
        One of `SPLITS`, or None if the manifest has no splits.
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
    """Read a manifest, and apply the corrections stored in its folder.

    Parameters
    ----------
    path : Path
        CSV file with the columns ``path``, ``label``, ``group`` and ``phash``, and optionally
        ``second_label``, ``ambiguous``, ``source``, ``licence``, ``subtype``, ``kind``,
        ``original_width``, ``original_height`` and ``split``. If the folder contains a file
        ``corrections.csv``, each row of that file corrects one cell of the manifest. The columns
        of the file are ``path``, ``column``, ``old``, ``new`` and ``reason``.
    images : Path, optional
        Folder to which the paths in the manifest are relative. By default, the manifest's folder.

    Returns
    -------
    list of Example
        The images in the order of the manifest.

    Raises
    ------
    DatasetError
        If the manifest, a column or an image is missing, a label or split is invalid, a hash is
        not hexadecimal, or a correction does not match the manifest.

    See Also
    --------
    deepsky.dataset.splits.with_splits : Divide the images if no splits are given.
    """
    return [
        make_example(row, images or path.parent, f"{path}, row {number}")
        for number, row in enumerate(read_rows(path, REQUIRED), start=2)
    ]


def read_rows(path: Path, columns: Collection[str]) -> list[Row]:
    """Read the rows of a manifest as text, and apply the corrections stored in its folder.

    Parameters
    ----------
    path : Path
        CSV file.
    columns : collection of str
        Columns that the manifest must have.

    Returns
    -------
    list of dict
        The cells of each row by column name. Missing cells are empty strings.

    Raises
    ------
    DatasetError
        If the manifest cannot be read, contains no rows, or lacks a required column, or if a
        correction does not match the manifest.
    """
    rows = _read_csv(path, columns)
    if not rows:
        msg = f"The manifest {path} lists no images."
        raise DatasetError(msg)
    corrections = path.with_name(CORRECTIONS)
    if corrections.exists():
        _correct(rows, _read_csv(corrections, CORRECTION_COLUMNS), str(corrections))
    return rows


def _read_csv(path: Path, columns: Collection[str]) -> list[Row]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, restkey="", restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = (
            error.strerror
            if isinstance(error, OSError)
            else f"it is not a CSV file in UTF-8 encoding: {error}"
        )
        msg = f"The file {path} cannot be read: {reason}."
        raise DatasetError(msg) from error
    if rows and (missing := set(columns) - rows[0].keys()):
        msg = f"The file {path} lacks the columns {', '.join(sorted(missing))}."
        raise DatasetError(msg)
    return rows


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


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write the rows of a manifest to a new file.

    Parameters
    ----------
    path : Path
        CSV file that does not exist yet.
    columns : sequence of str
    rows : iterable of dict
        The cells of each row by column name. Missing cells are left empty.

    Raises
    ------
    DatasetError
        If the file exists or cannot be written.
    """
    try:
        with path.open("x", newline="", encoding="utf-8", errors="surrogateescape") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        msg = f"The manifest {path} cannot be written: {error.strerror}. Choose another file."
        raise DatasetError(msg) from error


def make_example(row: Row, folder: Path, where: str) -> Example:
    """Convert a row of a manifest.

    Parameters
    ----------
    row : dict
        The cells by column name.
    folder : Path
        Folder to which the path in the row is relative.
    where : str
        The manifest and the row, which error messages name.

    Returns
    -------
    Example

    Raises
    ------
    DatasetError
        If the image does not exist, or if a cell is invalid.
    """
    image = folder / row["path"]
    if not image.is_file():
        msg = f"{where}: the image {image} does not exist."
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
    if not is_label(text):
        msg = (
            f"{where}: the label is {text!r}, but labels consist of up to 64 letters, digits, _ "
            "and -, and begin with a letter or a digit."
        )
        raise DatasetError(msg)
    return text


def _split(text: str, where: str) -> Split:
    if text not in SPLITS:
        msg = f"{where}: the split is {text!r}, but must be one of {', '.join(SPLITS)}."
        raise DatasetError(msg)
    return text
