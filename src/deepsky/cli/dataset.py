"""``deepsky dataset``: download, check and count the images of a manifest."""

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.batch.control_characters import escape_control_characters
from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.tables import print_table
from deepsky.errors import DatasetError

if TYPE_CHECKING:
    from deepsky.dataset.image_files import ImageProblem
    from deepsky.dataset.manifest import Row

__all__ = ["dataset"]

dataset = typer.Typer(
    help="Download, check and count the images of a manifest.", no_args_is_help=True
)

Manifest = Annotated[Path, typer.Argument(help="Manifest (CSV).", exists=True, dir_okay=False)]
Images = Annotated[
    Path | None, typer.Option(help="Folder with the images. Default: the folder of the manifest.")
]


@dataset.command()
def build(
    manifest: Manifest,
    images: Images = None,
    packages: Annotated[
        Path | None,
        typer.Option(help="Folder with unpacked Debian packages that contain some of the images."),
    ] = None,
) -> None:
    """Download the missing images of a manifest from their sources."""
    image_files = _image_files()
    rows = _rows(manifest, ("path", "source", "source_path"))
    _report(image_files.fetch_images(rows, images or manifest.parent, packages), len(rows))


@dataset.command()
def check(manifest: Manifest, images: Images = None) -> None:
    """Check that every image exists and matches its perceptual hash in the manifest."""
    image_files = _image_files()
    rows = _rows(manifest, ("path", "phash"))
    _report(image_files.check_images(rows, images or manifest.parent), len(rows))


@dataset.command()
def stats(manifest: Manifest) -> None:
    """Count the images by split and label, and the groups (fields of sky) by split."""
    from collections import Counter

    from rich import box
    from rich.table import Column, Table

    from deepsky.dataset.manifest import SPLITS
    from deepsky.taxonomy import order_labels

    rows = _rows(manifest, ("label", "group"))
    labels = order_labels(row["label"] for row in rows)
    columns: tuple[Column | str, ...] = (
        Column("Split", overflow="fold"),
        "Images",
        *labels,
        "Groups",
        "Ungrouped",
    )
    table = Table(*columns, box=box.SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
    splits = {row.get("split", "") for row in rows}
    for split in sorted(splits, key=lambda split: (*SPLITS, split).index(split)):
        selected = [row for row in rows if row.get("split", "") == split]
        counts = Counter(row["label"] for row in selected)
        groups = {row["group"] for row in selected if row["group"]}
        ungrouped = sum(not row["group"] for row in selected)
        figures = (len(selected), *(counts[label] for label in labels), len(groups), ungrouped)
        table.add_row(split or "not assigned", *map(str, figures))
    print_table(table)


def _rows(manifest: Path, columns: Iterable[str]) -> "list[Row]":
    from deepsky.dataset.manifest import read_rows

    try:
        return read_rows(manifest, tuple(columns))
    except DatasetError as error:
        stop(str(error), USAGE)


def _image_files() -> ModuleType:
    try:
        from deepsky.dataset import image_files
    except ModuleNotFoundError as error:
        stop(
            f"this command needs {error.name}. Install it: pip install 'deepsky[evaluate]'.", FAILED
        )
    return image_files


def _report(problems: "Iterable[ImageProblem]", images: int) -> None:
    """Print the problems, one per line, and exit with status 1 if there are any."""
    count = 0
    for problem in problems:
        count += 1
        message = escape_control_characters(f"{problem.path}: {problem.message}")
        typer.echo(message, err=True)
    typer.echo(f"{images - count} of {images} images match the manifest.")
    if count:
        raise typer.Exit(FAILED)
