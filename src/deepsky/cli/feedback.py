"""``deepsky feedback``: export images with users' labels as training data."""

import csv
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deepsky.cli.export_folder import ExportFolder, FolderBusyError, ForeignFolderError
from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.settings import read_settings
from deepsky.cli.storage import open_storage
from deepsky.errors import ImageError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from PIL import Image

    from deepsky.storage import Storage
    from deepsky.storage.feedback import Vote

__all__ = ["feedback"]

feedback = typer.Typer(help="Export feedback as training data.", no_args_is_help=True)

COLUMNS: Final = (
    "path",
    "label",
    "second_label",
    "group",
    "phash",
    "source",
    "width",
    "height",
    "notes",
)
IMAGES: Final = "images"
MANIFEST: Final = "manifest.csv"

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

    Each image gets the label, or the two labels, chosen by the largest number of clients. Images
    with a tie are omitted. An earlier export in the folder is replaced, except for files that have
    been edited. Other files in the folder are not changed.
    """
    with open_storage() as storage:
        from deepsky.storage.feedback import label_votes

        with storage.database.read() as session:
            votes = label_votes(session)
        agreed = {sha256: vote for sha256 in votes if (vote := _majority(votes[sha256]))}
        if agreed:
            rows, skipped = _export(agreed, storage, folder)
    if not agreed:
        typer.echo(
            "Nothing to export: no image has a label that more clients chose than any other.",
            err=True,
        )
        return
    _warn(len(votes) - len(agreed), "Several labels were chosen by equally many clients")
    _warn(
        len(agreed) - len(rows) - skipped,
        "Files are missing or damaged; run: deepsky db check --contents",
    )
    _warn(skipped, f"Other or edited files are in their place in {folder / IMAGES}")
    typer.echo(f"Images exported to {folder / MANIFEST}: {len(rows)}.")


def _majority(votes: "Counter[Vote]") -> tuple["Vote", int] | None:
    """Return the most frequent vote and its count, or None if there is a tie."""
    first, *others = votes.most_common(2)
    return None if others and others[0][1] == first[1] else first


def _export(
    agreed: "dict[str, tuple[Vote, int]]", storage: "Storage", folder: Path
) -> tuple[list[Row], int]:
    """Write the images and the manifest.

    Returns
    -------
    rows : list of dict
        Rows of the manifest, which lists only images that were written.
    skipped : int
        Number of images whose path is taken by another file or an edited file.
    """
    rows, skipped = [], 0
    try:
        from imagehash import phash

        with ExportFolder(folder) as export:
            for sha256, (vote, count) in sorted(agreed.items()):
                content = _render(sha256, storage)
                name = f"{IMAGES}/{sha256}.jpg"
                if content is not None and export.write(name, content):
                    rows.append(_row(name, content, vote, count, phash))
                elif content is not None:
                    skipped += 1
            kept = export.finish(MANIFEST, _format_manifest(rows))
    except ForeignFolderError:
        stop(
            f"{folder} contains files, but no earlier export. Choose an empty or new folder.", USAGE
        )
    except FolderBusyError:
        stop(
            f"another export is writing to {folder}, or the folder is write-protected. Wait until "
            "it has finished, or choose another folder.",
            FAILED,
        )
    except ModuleNotFoundError as error:
        stop(f"exporting needs {error.name}. Install it: pip install 'deepsky[evaluate]'.", FAILED)
    except OSError as error:
        reason = f"cannot write {error.filename or folder}: {error.strerror}"
        stop(f"{reason}. Free disk space, or choose another folder.", FAILED)
    if kept is None:
        path = folder / MANIFEST
        stop(f"{path} has been edited. Move it away, or choose another folder.", FAILED)
    if kept:
        names = f"{kept[0]}, …" if len(kept) > 1 else kept[0]
        typer.echo(f"Edited files of the earlier export kept: {len(kept)} ({names}).", err=True)
    return rows, skipped


def _render(sha256: str, storage: "Storage") -> bytes | None:
    """Return the preview of an image, or None if the image cannot be read."""
    from deepsky.imaging import read_image
    from deepsky.imaging.preview import preview_size
    from deepsky.preprocessing import make_preview
    from deepsky.storage.tables import StoredImage

    with storage.database.read() as session:
        image = session.get(StoredImage, sha256)
    if image is None:
        return None
    size, limits = preview_size(image.width, image.height), read_settings().limits
    try:
        preview = storage.preview(
            image, lambda kept: make_preview(partial(read_image, kept, limits=limits), size)
        )
        return preview.read_bytes()
    except (FileNotFoundError, ImageError):
        return None


def _row(
    name: str,
    content: bytes,
    vote: "Vote",
    count: int,
    phash: "Callable[[Image.Image], object]",
) -> Row:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return {
            "path": name,
            "label": vote[0],
            "second_label": vote[1] or "",
            "group": "",
            "phash": str(phash(image)),
            "source": "feedback",
            "width": image.width,
            "height": image.height,
            "notes": f"votes: {count}",
        }


def _format_manifest(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _warn(omitted: int, reason: str) -> None:
    if omitted:
        typer.echo(f"Images omitted: {omitted}. {reason}.", err=True)
