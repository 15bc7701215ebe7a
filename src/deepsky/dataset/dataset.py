"""Datasets: images with labels and groups, from a manifest or from a folder per class."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deepsky.dataset.folders import find_images
from deepsky.dataset.manifest import Example, Row, make_example, read_rows, write_rows
from deepsky.dataset.splits import sky_fields, with_splits
from deepsky.errors import DatasetError, ImageError

__all__ = ["Dataset", "read_dataset"]

SIMILAR = "similar"
"""First word of the names of groups of images that resemble each other."""

COLUMNS = ("path", "label", "group", "phash", "split", "original_width", "original_height")


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled images.

    Attributes
    ----------
    images : Path
        Folder to which the paths in the manifest are relative.
    rows : tuple of dict
        Rows of the manifest.
    examples : tuple of Example
        The images of the rows, in the same order.
    skipped : dict of str to str
        Files in the folder that cannot be read, and why.
    """

    images: Path
    rows: tuple[Row, ...]
    examples: tuple[Example, ...]
    skipped: dict[str, str]

    def with_splits(self, seed: int) -> "Dataset":
        """Return the dataset, divided into splits; see `deepsky.dataset.splits.with_splits`.

        Parameters
        ----------
        seed : int

        Returns
        -------
        Dataset

        Raises
        ------
        DatasetError
            If there are too few images to divide, or if the given splits are invalid.
        """
        examples = tuple(with_splits(self.examples, seed))
        pairs = zip(self.rows, examples, strict=True)
        rows = tuple({**row, "split": str(example.split)} for row, example in pairs)
        return replace(self, rows=rows, examples=examples)

    def write_manifest(self, path: Path) -> None:
        """Write the manifest. It can be edited, and used in place of the folder.

        Parameters
        ----------
        path : Path
            CSV file that does not exist yet.

        Raises
        ------
        DatasetError
            If the file exists or cannot be written.
        """
        names = dict.fromkeys([*COLUMNS, *(name for row in self.rows for name in row)])
        write_rows(path, list(names), self.rows)


def read_dataset(data: Path, images: Path | None = None) -> Dataset:
    """Read a manifest, or a folder that has one subfolder of images per class.

    Hashes that are missing are computed. Images without a group whose file or header names an
    object of the catalogue form a group with that name, and images that resemble each other form
    groups, too, so that they will be in the same split.

    Parameters
    ----------
    data : Path
        Manifest or folder. A manifest needs the columns ``path`` and ``label``.
    images : Path, optional
        Folder to which the paths in the manifest are relative. By default, the manifest's folder.

    Returns
    -------
    Dataset

    Raises
    ------
    DatasetError
        If the manifest is invalid, an image in a manifest cannot be read, or the folder has fewer
        than two classes or a class without images.

    See Also
    --------
    deepsky.dataset.manifest.read_manifest : Read a manifest that has all columns.
    """
    if data.is_dir():
        folder = data
        classes = {label: [_name(f, data) for f in files] for label, files in _find(data).items()}
        rows = [
            {"path": name, "label": label} for label, names in classes.items() for name in names
        ]
    else:
        folder, classes, rows = images or data.parent, {}, read_rows(data, ("path", "label"))
    complete = all(row.get("phash") for row in rows)
    skipped: dict[str, str] = {}
    if not complete:
        rows, skipped = _describe(rows, folder, strict=not classes)
    for label in classes:
        _require_readable(label, rows, skipped)
    examples = [make_example(row, folder, f"{data}, row {n}") for n, row in enumerate(rows, 2)]
    if complete:
        return Dataset(folder, tuple(rows), tuple(examples), skipped)
    groups = _name_groups(examples)
    for row, group in zip(rows, groups, strict=True):
        row["group"] = group
    grouped = (replace(e, group=group) for e, group in zip(examples, groups, strict=True))
    return Dataset(folder, tuple(rows), tuple(grouped), skipped)


def _find(folder: Path) -> dict[str, list[Path]]:
    try:
        return find_images(folder)
    except OSError as error:
        msg = f"The folder {folder} cannot be read: {error.strerror}."
        raise DatasetError(msg) from error


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _describe(rows: list[Row], folder: Path, *, strict: bool) -> tuple[list[Row], dict[str, str]]:
    """Add the missing hashes, groups and sizes to rows; omit rows whose images cannot be read."""
    incomplete = {row["path"]: row for row in rows if not row.get("phash")}
    from deepsky.dataset.description import describe_images  # slow to import

    skipped: dict[str, str] = {}
    for name, found in describe_images(list(incomplete), folder):
        if isinstance(found, ImageError):
            skipped[name] = str(found)
            continue
        size = {"original_width": str(found.width), "original_height": str(found.height)}
        row = incomplete[name]
        given = {column: cell for column, cell in row.items() if cell or column == "group"}
        row.update({"group": found.object, **size, **given, "phash": found.phash})
    if skipped and strict:
        name, reason = next(iter(skipped.items()))
        msg = (
            f"The image {folder / name} cannot be read: {reason} ({len(skipped)} images of the "
            "manifest cannot be read.) Replace them, or remove their rows from the manifest."
        )
        raise DatasetError(msg)
    return [row for row in rows if row["path"] not in skipped], skipped


def _require_readable(label: str, rows: Sequence[Row], skipped: dict[str, str]) -> None:
    if any(row["label"] == label for row in rows):
        return
    name, reason = next(iter(skipped.items()))
    msg = (
        f"The folder of the class {label} contains no image that can be read ({name}: {reason}) "
        "Add images, or remove the folder."
    )
    raise DatasetError(msg)


def _name_groups(examples: Sequence[Example]) -> list[str]:
    """Return the group of each image; images without a group that resemble others get one."""
    fields = sky_fields(examples)
    sizes = Counter(fields)
    names = {field: e.group for field, e in zip(fields, examples, strict=True) if e.group}
    similar = [field for field, size in sizes.items() if size > 1 and field not in names]
    names |= {field: f"{SIMILAR} {number}" for number, field in enumerate(similar, start=1)}
    pairs = zip(fields, examples, strict=True)
    return [example.group or names.get(field, "") for field, example in pairs]
