"""``deepsky dataset``: the images that models learn from."""

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.errors import DatasetError

if TYPE_CHECKING:
    from deepsky.dataset.image_files import ImageProblem
    from deepsky.dataset.manifest import Row

__all__ = ["dataset"]

dataset = typer.Typer(help="Fetch, check and count the images of a manifest.", no_args_is_help=True)

Manifest = Annotated[
    Path, typer.Argument(help="Manifest of the images, CSV.", exists=True, dir_okay=False)
]
Images = Annotated[Path | None, typer.Option(help="Folder of the images, if not the manifest's.")]


@dataset.command()
def build(
    manifest: Manifest,
    images: Images = None,
    packages: Annotated[
        Path | None,
        typer.Option(help="Folder with the unpacked Debian packages that are sources."),
    ] = None,
) -> None:
    """Fetch the images that are missing, from where the manifest says they were published."""
    image_files = _image_files()
    rows = _rows(manifest, ("path", "source", "source_path"))
    _tell(image_files.fetch_images(rows, images or manifest.parent, packages), len(rows))


@dataset.command()
def check(manifest: Manifest, images: Images = None) -> None:
    """See that every image is there and is the one that the manifest means."""
    image_files = _image_files()
    rows = _rows(manifest, ("path", "phash"))
    _tell(image_files.check_images(rows, images or manifest.parent), len(rows))


@dataset.command()
def stats(manifest: Manifest) -> None:
    """Count images and fields of sky by split and label."""
    from collections import Counter

    from rich import box
    from rich.console import Console
    from rich.table import Table

    from deepsky.dataset.manifest import SPLITS
    from deepsky.taxonomy import LABELS

    rows = _rows(manifest, ("label", "group"))
    table = Table("Split", "Images", *LABELS, "Groups", "Alone", box=box.SIMPLE)
    splits = {row.get("split", "") for row in rows}
    for split in sorted(splits, key=lambda split: (*SPLITS, split).index(split)):
        own = [row for row in rows if row.get("split", "") == split]
        counts = Counter(row["label"] for row in own)
        groups = {row["group"] for row in own if row["group"]}
        alone = sum(not row["group"] for row in own)
        figures = (len(own), *(counts[label] for label in LABELS), len(groups), alone)
        table.add_row(split or "not stated", *map(str, figures))
    Console().print(table)


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
        stop(f"this needs {error.name}. Install it: pip install 'deepsky[evaluate]'.", FAILED)
    return image_files


def _tell(problems: "Iterable[ImageProblem]", images: int) -> None:
    """Say what is wrong, line by line, and exit with 1 if anything is."""
    count = 0
    for problem in problems:
        count += 1
        typer.echo(f"{problem.path}: {problem.message}", err=True)
    typer.echo(f"{images - count} of {images} images are as the manifest says.")
    if count:
        raise typer.Exit(FAILED)
