"""Write the summary of a run: an HTML page, and a contact sheet for each class."""

import base64
import io
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from deepsky.atomic_file import atomic_write
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.output_paths import Base, output_path
from deepsky.batch.provenance import Provenance
from deepsky.batch.sources import Source
from deepsky.batch.summary import Summary, format_skipped
from deepsky.contact_sheet import Tile, draw_sheet
from deepsky.errors import ImageError
from deepsky.imaging import ReaderPool
from deepsky.imaging.image_data import to_pillow
from deepsky.imaging.processes.tasks import ReadImage
from deepsky.taxonomy import VERDICTS, Label

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["find_other_files", "make_thumbnail", "read_thumbnails", "write_summary"]

SIDE: Final = 320
"""Maximum width and height of a thumbnail in pixels."""

PAGE: Final = "summary.html"
MARK: Final = "deepsky summary"
"""Text near the start of each file of a summary, which identifies it as such."""

HEAD_BYTES: Final = 1024
QUALITY: Final = 82
COLUMNS: Final = 6
PAPER: Final = "#0d111d"
INK: Final = "#d5daea"


def read_thumbnails(
    names: Collection[str], sources: Iterable[Source], pool: ReaderPool
) -> dict[str, bytes]:
    """Create thumbnails of the images in a summary, by reading the images again.

    Parameters
    ----------
    names : collection of str
        Paths of the images, from `Summary.shown`.
    sources : iterable of Source
        All sources of the run; used only to find images that are not local files.
    pool : ReaderPool

    Returns
    -------
    dict of str to bytes
        JPEG thumbnails by path. Images that can no longer be read are omitted.
    """
    thumbnails: dict[str, bytes] = {}
    missing = set(names)
    files = (Source(n, partial(Path, n)) for n in sorted(names) if os.path.isfile(n))  # noqa: PTH113
    for source in chain(files, sources) if missing else ():
        if source.name in missing:
            missing.discard(source.name)
            with suppress(ImageError):
                thumbnails[source.name] = pool.read(source.load(), make_thumbnail)
        if not missing:
            break
    return thumbnails


def make_thumbnail(read: ReadImage) -> bytes:
    """Create a thumbnail of an image. Called in a reader process.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.

    Returns
    -------
    bytes
        Thumbnail as a JPEG file.
    """
    image = to_pillow(read(at_least=SIDE).pixels)
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def write_summary(
    folder: Path,
    summary: Summary,
    thumbnails: Mapping[str, bytes],
    provenance: Provenance,
    base: Base,
) -> None:
    """Write the summary page ``summary.html`` and a contact sheet per class (``galaxy.png`` …).

    The page is self-contained: the thumbnails are embedded. Only the files of an earlier summary
    are replaced.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    summary : Summary
    thumbnails : mapping of str to bytes
        JPEG thumbnails by path, from `read_thumbnails`.
    provenance : Provenance
    base : tuple of str
        Leading components to omit from the images' paths, as returned by
        `deepsky.batch.output_paths.common_folder`.

    Raises
    ------
    OSError
        If a file cannot be written, or exists and does not belong to an earlier summary.
    """
    environment = Environment(
        loader=PackageLoader("deepsky.batch"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["class_name"] = summary.class_name
    encoded = {name: base64.b64encode(jpeg).decode() for name, jpeg in thumbnails.items()}
    page = environment.get_template("summary.html").render(
        summary=summary,
        labels=summary.labels,
        verdicts=VERDICTS,
        thumbnails=encoded,
        provenance=provenance,
        escape=escape_control_characters,
        skipped=format_skipped,
        relative=lambda path: escape_control_characters(output_path(path, base).as_posix()),
    )
    folder.mkdir(parents=True, exist_ok=True)
    with _replace(folder / PAGE) as file:
        file.write(page.encode())
    mark = PngInfo()
    mark.add_text("Software", MARK)
    for label in summary.labels:
        if summary.doubtful(label) or summary.surest(label):
            with _replace(folder / f"{label}.png") as file:
                _draw(summary, label, thumbnails).save(file, "PNG", pnginfo=mark)


def find_other_files(folder: Path, labels: Iterable[Label]) -> list[Path]:
    """Return the files in a folder that `write_summary` would replace, but that it did not write.

    Parameters
    ----------
    folder : Path
    labels : iterable of str
        Labels of the model.

    Returns
    -------
    list of Path
    """
    paths = [folder / name for name in (PAGE, *(f"{label}.png" for label in labels))]
    return [path for path in paths if os.path.lexists(path) and not _is_summary(path)]


def _is_summary(path: Path) -> bool:
    """Return whether a file was written by `write_summary`."""
    with suppress(OSError), path.open("rb") as file:
        return not path.is_symlink() and MARK.encode() in file.read(HEAD_BYTES)
    return False


def _replace(path: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file of the summary, unless the path is taken by another file."""
    return atomic_write(path, expected="any" if _is_summary(path) else "nothing")


def _draw(summary: Summary, label: Label, thumbnails: Mapping[str, bytes]) -> Image.Image:
    shown = {"Most certain": summary.surest(label), "Least certain": summary.doubtful(label)}
    sections = {
        f"{summary.class_name(label).capitalize()}: {heading.lower()}": [
            _tile(record, label, thumbnails) for record in records
        ]
        for heading, records in shown.items()
        if records
    }
    return draw_sheet(sections, columns=COLUMNS, paper=PAPER, ink=INK)


def _tile(record: "Record", label: Label, thumbnails: Mapping[str, bytes]) -> Tile:
    jpeg = thumbnails.get(record["path"])
    probabilities = record["probabilities"] or {}
    name = escape_control_characters(record["path"].rpartition("/")[2])
    caption = f"{name}\n{probabilities[label]:.1%}, {record['verdict']}"
    return Tile(Image.open(io.BytesIO(jpeg)) if jpeg else None, caption)
