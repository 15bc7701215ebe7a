"""Writes what was found into the images' own metadata."""

import filecmp
import io
import os
import shutil
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import BinaryIO, Final
from xml.parsers.expat import ExpatError

from deepsky.atomic_file import atomic_write
from deepsky.batch.columns import COLUMNS, Value, flatten, join_lists
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import Base, output_path
from deepsky.batch.tags import fits, gif, jpeg, png, tiff, webp, xisf
from deepsky.batch.tags.xmp import update_packet
from deepsky.errors import ImageError, OutputError
from deepsky.record import Record
from deepsky.taxonomy import LABELS

__all__ = ["Tagger"]

LOCKS: Final = 64
"""How many files at most are tagged at once."""

_EMBED: Final = {
    "JPEG": jpeg.embed,
    "PNG": png.embed,
    "TIFF": tiff.embed,
    "WEBP": webp.embed,
    "GIF": gif.embed,
}
"""Formats whose metadata are XMP."""

_TOLD: Final = {
    "label",
    "verdict",
    *(f"probability_{label}" for label in LABELS),
    "prediction_set",
    "novelty",
    "model",
    "model_version",
    "model_sha256",
}
"""What of a record: neither the file's name nor what may change by tagging."""

_COMMENTS: Final = {
    "LABEL": "most probable class",
    "VERDICT": "how far to rely on it",
    "PROBABILITY": "calibrated",
    "PREDICTION": "not ruled out",
    "MODEL": "what answered",
    "VERSION": "of deepsky",
    "NOVELTY": "0 familiar, 1 unlike any known",
}
"""By the first word of a card's keyword."""

_MOST_TEXT: Final = 40
"""Characters of a text in a card."""

_Embed = Callable[[BinaryIO, BinaryIO], None]
"""From a file to its copy with tags."""

_DAMAGE: Final = (
    ValueError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
    ExpatError,
    ImageError,
    RecursionError,  # XMP whose elements lie too deep
)
"""What is raised where a file is not built as its format says."""


class Tagger:
    """Writes what was found into JPEG, PNG, TIFF, WebP, GIF, FITS and XISF files.

    The image stays as it is. Label and verdict become keywords (``dc:subject`` in XMP), and all
    there is to tell properties of a namespace of deepsky's own; in FITS, cards ``HIERARCH DEEPSKY
    …`` of the first header; in XISF, properties ``Deepsky:…`` of the first image. Tags written
    earlier are replaced, and all other metadata stay. A file is there when it is complete, with the
    permissions and times of the original. A copy takes the place of an earlier one of the same
    image, and of no other file. What could not be read is left out.

    Parameters
    ----------
    folder : Path or None
        For tagged copies, in the same folders as the images; None to tag the images themselves.
    base : tuple of str
        What to leave out of the images' own paths, from `deepsky.batch.output_paths.common_folder`.
    """

    def __init__(self, folder: Path | None, base: Base) -> None:
        self._folder = folder
        self._base = base
        self._locks = [Lock() for _ in range(LOCKS)]

    def __call__(self, outcome: Outcome) -> None:
        """Tag an image.

        Raises
        ------
        OutputError
            If it takes no tags, or another file is where its copy is to be.
        OSError
            If it cannot be written.
        """
        if outcome.record["label"] is None or outcome.content is None:
            return
        embed = _find_embed(outcome.record)
        place = self._place(outcome)
        place.parent.mkdir(parents=True, exist_ok=True)
        # An archive may hold a name twice: only one thread compares and replaces a file at a time.
        with self._locks[hash(place) % LOCKS], atomic_write(place) as target:
            part = Path(target.name)
            with _open(outcome.content) as source:
                try:
                    embed(source, target)
                except _DAMAGE as error:
                    msg = "It is not built as its format says; save it anew, then tag it."
                    raise OutputError(msg) from error
            target.flush()  # it is compared, and writing later would change its time
            if self._folder and place.exists() and not _is_copy(place, part, embed):
                msg = f"{place} is another file already; name an empty folder for the copies."
                raise OutputError(msg)
            if isinstance(outcome.content, Path):
                shutil.copystat(outcome.content, part)
            if not self._folder:
                _keep_owner(place, part)

    def _place(self, outcome: Outcome) -> Path:
        content = outcome.content
        if self._folder:
            place = self._folder / output_path(outcome.source.name, self._base)
            if isinstance(content, Path) and place.exists() and place.samefile(content):
                msg = "Its copy would take its own place; name another folder for the copies."
                raise OutputError(msg)
            return place
        if isinstance(content, Path):
            return content.resolve()  # of a link, what it leads to
        msg = "It is no file of its own; tag copies instead, by naming a folder for them."
        raise OutputError(msg)


def _keep_owner(original: Path, tagged: Path) -> None:
    """Give a file the owner and the group of another; mostly root alone may, and needs to."""
    status = original.stat()
    with suppress(OSError):
        os.chown(tagged, status.st_uid, status.st_gid)


def _is_copy(place: Path, tagged: Path, embed: _Embed) -> bool:
    """Tell whether a file is an earlier copy: tagged as another is, it becomes the same."""
    with TemporaryDirectory() as folder:
        again = Path(folder) / "again"
        try:
            with place.open("rb") as source, again.open("w+b") as target:
                embed(source, target)
        except (*_DAMAGE, OutputError):
            return False
        return filecmp.cmp(again, tagged, shallow=False)


def _find_embed(record: Record) -> _Embed:
    """Find what copies a file of a record's format with tags."""
    image_format = record["format"] or ""
    if image_format == "FITS":
        return partial(fits.embed, cards=_cards(record))
    told = _told(record)
    if image_format == "XISF":
        typed = {
            name: v if isinstance(v, float) else escape_control_characters(str(v))
            for name, v in told.items()
        }
        return partial(xisf.embed, properties=typed)
    if image_format not in _EMBED:
        msg = f"{image_format} files take no tags; save it as {', '.join(_EMBED)}, FITS or XISF."
        raise OutputError(msg)
    keywords = [f"deepsky:{record['label']}", f"deepsky:{record['verdict']}"]
    properties = {name: escape_control_characters(str(value)) for name, value in told.items()}
    update = partial(update_packet, keywords=keywords, properties=properties)
    return partial(_EMBED[image_format], update=update)


def _cards(record: Record) -> list[bytes]:
    return [
        _card(name.removeprefix("deepsky_").replace("_", " ", 1).upper(), value)
        for name, value in _told(record).items()
        if name != "model_sha256"  # it is longer than a card
    ]


def _card(keyword: str, value: Value) -> bytes:
    """Write a card, with its comment where there is room."""
    from astropy.io.fits import Card  # it takes longer to import than most images to read

    if isinstance(value, str):  # a model may have any name
        value = escape_control_characters(value).encode("ascii", "replace").decode()[:_MOST_TEXT]
    card = str(Card(f"HIERARCH DEEPSKY {keyword}", value)).rstrip()
    comment = f" / {_COMMENTS.get(keyword.partition(' ')[0], '')}"
    return (card if len(card + comment) > fits.CARD else card + comment).ljust(fits.CARD).encode()


def _told(record: Record) -> dict[str, Value]:
    """Name what is told of an image."""
    columns = zip(COLUMNS, join_lists(flatten(record, 0.0)), strict=True)
    told = {column.name: value for column, value in columns if column.name in _TOLD}
    return {**told, "deepsky_version": version("deepsky")}


def _open(content: Path | bytes) -> BinaryIO:
    return content.open("rb") if isinstance(content, Path) else io.BytesIO(content)
