"""``deepsky feedback``: export images with users' labels as training data."""

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

feedback = typer.Typer(help="Export feedback as training data.", no_args_is_help=True)

COLUMNS: Final = ("path", "label", "group", "phash", "source", "width", "height", "notes")
IMAGES: Final = "images"

Row = dict[str, str | int]


@feedback.callback()
def _commands() -> None:
    """Make Typer treat `export` as a subcommand, although it is the only command."""


@feedback.command()
def export(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder to write the manifest and the images to.", file_okay=False),
    ],
) -> None:
    """Export the images that users labelled, with a manifest for deepsky train.

    Each image gets the label chosen by the largest number of clients. Images with a tie are
    omitted. An earlier export in the folder is replaced.
    """
    with open_storage() as storage:
        from deepsky.storage.feedback import label_votes

        with storage.database.read() as session:
            votes = label_votes(session)
        agreed = {sha256: label for sha256 in votes if (label := _majority(votes[sha256]))}
        if agreed:
            _refuse_other_contents(folder)
            rows = _export(agreed, storage, folder)
    if not agreed:
        typer.echo(
            "Nothing to export: no image has a label that more clients chose than any other.",
            err=True,
        )
        return
    _warn(len(votes) - len(agreed), "Several labels were chosen by equally many clients")
    _warn(len(agreed) - len(rows), "Files are missing or damaged; run: deepsky db check --contents")
    typer.echo(f"Images exported to {folder / 'manifest.csv'}: {len(rows)}.")


def _majority(labels: "Counter[Label]") -> tuple["Label", int] | None:
    """Return the most frequent label and its count, or None if there is a tie."""
    first, *others = labels.most_common(2)
    return None if others and others[0][1] == first[1] else first


def _refuse_other_contents(folder: Path) -> None:
    """Exit if the folder contains anything other than an earlier export."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    try:
        with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            is_export = next(csv.reader(file), None) == list(COLUMNS)
    except (OSError, UnicodeDecodeError):
        is_export = False
    if not is_export:
        stop(
            f"{folder} contains files, but no earlier export. Choose an empty or new folder.", USAGE
        )


def _export(agreed: "dict[str, tuple[Label, int]]", storage: "Storage", folder: Path) -> list[Row]:
    """Write the images and the manifest. The manifest lists only images that were written."""
    try:
        from imagehash import phash

        (folder / IMAGES).mkdir(parents=True, exist_ok=True)
        if not (folder / "manifest.csv").exists():
            # An empty manifest marks the folder as an export, even if this export is interrupted.
            _write_manifest([], folder)
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
        reason = f"cannot write {error.filename or folder}: {error.strerror}"
        stop(f"{reason}. Free disk space, or choose another folder.", FAILED)
    return rows


def _copy(sha256: str, storage: "Storage", path: Path) -> Iterator[Path]:
    """Write the preview of an image and yield its path; skip an image that cannot be read."""
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
            "notes": f"votes: {count}",
        }


def _write_manifest(rows: list[Row], folder: Path) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with atomic_write(folder / "manifest.csv") as file:
        file.write(text.getvalue().encode())


def _warn(omitted: int, reason: str) -> None:
    if omitted:
        typer.echo(f"Images omitted: {omitted}. {reason}.", err=True)
