"""``deepsky feedback``: what people said of answers, to learn from."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deepsky.atomic_file import atomic_write
from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.settings import read_settings
from deepsky.cli.storage import open_storage
from deepsky.errors import ImageError

if TYPE_CHECKING:
    from collections import Counter

    from PIL import Image

    from deepsky.storage import Storage
    from deepsky.taxonomy import Label

__all__ = ["feedback"]

feedback = typer.Typer(help="What people said of answers.", no_args_is_help=True)

COLUMNS: Final = ("path", "label", "group", "phash", "source", "width", "height", "notes")
IMAGES: Final = "images"

Row = dict[str, str | int]


@feedback.callback()
def _commands() -> None:
    """Have `export` be named, though it is the only one."""


@feedback.command()
def export(
    folder: Annotated[
        Path, typer.Argument(help="Folder for the manifest and the images.", file_okay=False)
    ],
) -> None:
    """Make a manifest for deepsky train of the images that people named the label of.

    An image has the label that most clients named; where as many named another, it is left out.
    An earlier export in the folder is replaced.
    """
    with open_storage() as storage:
        from deepsky.storage.feedback import label_votes

        with storage.database.read() as session:
            said = label_votes(session)
        agreed = {sha256: label for sha256 in said if (label := _most_said(said[sha256]))}
        if agreed:
            _refuse_other_contents(folder)
            rows = _export(agreed, storage, folder)
    if not agreed:
        typer.echo("Nothing to export: people named no label yet, or disagree.", err=True)
        return
    _warn(len(said) - len(agreed), "People disagree about them")
    _warn(len(agreed) - len(rows), "They are missing or damaged, see: deepsky db check --contents")
    typer.echo(f"Images listed in {folder / 'manifest.csv'}: {len(rows)}.")


def _most_said(labels: "Counter[Label]") -> tuple["Label", int] | None:
    """Give the label that most clients named, and how many; None where as many named another."""
    first, *others = labels.most_common(2)
    return None if others and others[0][1] == first[1] else first


def _refuse_other_contents(folder: Path) -> None:
    """Exit if there is anything in the folder that is not an earlier export."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    try:
        with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            ours = next(csv.reader(file), None) == list(COLUMNS)
    except (OSError, UnicodeDecodeError):
        ours = False
    if not ours:
        stop(f"{folder} holds something else. Name a folder that is empty or missing.", USAGE)


def _export(agreed: "dict[str, tuple[Label, int]]", storage: "Storage", folder: Path) -> list[Row]:
    """Write the export; the manifest that lists an image is there only while the image is."""
    try:
        from imagehash import phash

        (folder / IMAGES).mkdir(parents=True, exist_ok=True)
        if not (folder / "manifest.csv").exists():
            _write_manifest([], folder)  # interrupted, it is still known as an export
        rows = [
            _row(path, label, count, phash)
            for sha256, (label, count) in sorted(agreed.items())
            for path in _copy(sha256, storage, folder / IMAGES / f"{sha256}.jpg")
        ]
        _write_manifest(rows, folder)
        listed = {row["path"] for row in rows}
        for path in (folder / IMAGES).iterdir():
            if f"{IMAGES}/{path.name}" not in listed:
                path.unlink()
    except ModuleNotFoundError as error:
        stop(f"exporting needs {error.name}. Install it: pip install 'deepsky[evaluate]'.", FAILED)
    except OSError as error:
        stop(f"{error.filename or folder} cannot be written: {error.strerror}.", FAILED)
    return rows


def _copy(sha256: str, storage: "Storage", path: Path) -> Iterator[Path]:
    """Copy an image as it is shown, and give where it is; give nothing if it is gone."""
    from deepsky.imaging import read_image
    from deepsky.imaging.preview import preview_size
    from deepsky.preprocessing import make_preview
    from deepsky.storage.tables import StoredImage

    with storage.database.read() as session:
        image = session.get(StoredImage, sha256)
    if image is None:
        return
    size, limits = preview_size(image.width, image.height), read_settings().limits
    try:
        preview = storage.preview(
            image, lambda kept: make_preview(partial(read_image, kept, limits=limits), size)
        )
        content = preview.read_bytes()
    except (FileNotFoundError, ImageError):
        return
    with atomic_write(path) as file:
        file.write(content)
    yield path


def _row(path: Path, label: "Label", count: int, phash: "Callable[[Image.Image], object]") -> Row:
    from PIL import Image

    with Image.open(path) as image:
        return {
            "path": f"{IMAGES}/{path.name}",
            "label": label,
            "group": "",
            "phash": str(phash(image)),
            "source": "feedback",
            "width": image.width,
            "height": image.height,
            "notes": f"said by {count}",
        }


def _write_manifest(rows: list[Row], folder: Path) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with atomic_write(folder / "manifest.csv") as file:
        file.write(text.getvalue().encode())


def _warn(left_out: int, why: str) -> None:
    if left_out:
        typer.echo(f"Images left out: {left_out}. {why}.", err=True)
