"""Write records into the metadata of images."""

import filecmp
import io
import os
import shutil
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import BinaryIO, Final
from xml.parsers.expat import ExpatError

from deepsky import __version__
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
"""Number of locks; each lock is shared by many output paths."""

_EMBED: Final = {
    "JPEG": jpeg.embed,
    "PNG": png.embed,
    "TIFF": tiff.embed,
    "WEBP": webp.embed,
    "GIF": gif.embed,
}
"""Functions that embed XMP metadata, by image format."""

_TAGS: Final = {
    "label",
    "verdict",
    *(f"probability_{label}" for label in LABELS),
    "prediction_set",
    "novelty",
    "model",
    "model_version",
    "model_sha256",
}
"""Columns to write as tags.

The path is omitted, and so are values that tagging changes, such as the SHA-256 of the image.
"""

_COMMENTS: Final = {
    "LABEL": "most probable class",
    "VERDICT": "reliability of the label",
    "PROBABILITY": "calibrated",
    "PREDICTION": "classes not ruled out",
    "MODEL": "used to classify",
    "VERSION": "of deepsky",
    "NOVELTY": "0 familiar, 1 unfamiliar",
}
"""Comments for FITS cards, by the first word of the keyword."""

_MAX_TEXT: Final = 40
"""Maximum length of a text value in a FITS card, in characters."""

_Embed = Callable[[BinaryIO, BinaryIO], None]
"""Function that copies a file and adds tags to the copy."""

_MALFORMED: Final = (
    ValueError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
    ExpatError,
    ImageError,
    RecursionError,  # raised if XMP elements are nested too deeply
)
"""Exceptions raised for malformed files."""


class Tagger:
    """Action that tags JPEG, PNG, TIFF, WebP, GIF, FITS and XISF files with their records.

    In JPEG, PNG, TIFF, WebP and GIF files, tags are XMP metadata: the label and verdict are
    keywords (``dc:subject``), and the values of the record are properties in deepsky's own
    namespace. In FITS files, tags are ``HIERARCH DEEPSKY …`` cards in the first header; in XISF
    files, they are ``Deepsky:…`` properties of the first image. Pixels and other metadata are
    unchanged, and earlier tags are replaced. Files are replaced atomically and keep their
    permissions and times. A copy may overwrite an earlier copy of the same image, but no other
    file. Images that could not be read are skipped.

    Parameters
    ----------
    folder : Path or None
        Folder for tagged copies, in which the subfolders of the images are preserved; None to tag
        the images themselves.
    base : tuple of str
        Leading components to omit from the images' paths, as returned by
        `deepsky.batch.output_paths.common_folder`.
    """

    def __init__(self, folder: Path | None, base: Base) -> None:
        self._folder = folder
        self._base = base
        self._locks = [Lock() for _ in range(LOCKS)]

    def __call__(self, outcome: Outcome) -> None:
        """Tag an image.

        Parameters
        ----------
        outcome : Outcome

        Raises
        ------
        OutputError
            If the file cannot be tagged, or if the path of the copy is taken by a file that is not
            an earlier copy of the same image.
        OSError
            If the file cannot be written.
        """
        if outcome.record["label"] is None or outcome.content is None:
            return
        embed = _find_embed(outcome.record)
        path = self._find_path(outcome)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Members of an archive may have the same name: a lock serialises writes to the same path.
        with self._locks[hash(path) % LOCKS], atomic_write(path) as target:
            tagged = Path(target.name)
            with _open(outcome.content) as source:
                try:
                    embed(source, target)
                except _MALFORMED as error:
                    msg = "The file is malformed; save it again with an image editor, then tag it."
                    raise OutputError(msg) from error
            target.flush()  # write all data before comparing the file and setting its times
            if self._folder and path.exists() and not _is_copy(path, tagged, embed):
                msg = (
                    f"{path} already exists and is not a copy of the image. "
                    "Choose an empty output folder."
                )
                raise OutputError(msg)
            if isinstance(outcome.content, Path):
                shutil.copystat(outcome.content, tagged)
            if not self._folder:
                _keep_owner(path, tagged)

    def _find_path(self, outcome: Outcome) -> Path:
        """Return the path of the tagged file."""
        content = outcome.content
        if self._folder:
            path = self._folder / output_path(outcome.source.name, self._base)
            if isinstance(content, Path) and path.exists() and path.samefile(content):
                msg = "The copy would overwrite the image; choose another folder for the copies."
                raise OutputError(msg)
            return path
        if isinstance(content, Path):
            return content.resolve()  # tag the target of a symbolic link
        msg = "Only local files can be tagged in place; write tagged copies to a folder instead."
        raise OutputError(msg)


def _keep_owner(original: Path, tagged: Path) -> None:
    """Copy the owner and group of a file, if permitted (usually only for root)."""
    status = original.stat()
    with suppress(OSError):
        os.chown(tagged, status.st_uid, status.st_gid)


def _is_copy(path: Path, tagged: Path, embed: _Embed) -> bool:
    """Return whether a file is an earlier tagged copy of the same image.

    This is the case if tagging the file again makes it equal to the new tagged copy.
    """
    with TemporaryDirectory() as folder:
        again = Path(folder) / "again"
        try:
            with path.open("rb") as source, again.open("w+b") as target:
                embed(source, target)
        except (*_MALFORMED, OutputError):
            return False
        return filecmp.cmp(again, tagged, shallow=False)


def _find_embed(record: Record) -> _Embed:
    """Return a function that copies a file and adds the tags for a record to the copy."""
    image_format = record["format"] or ""
    if image_format == "FITS":
        return partial(fits.embed, cards=_cards(record))
    tags = _tags(record)
    if image_format == "XISF":
        typed = {
            name: v if isinstance(v, float) else escape_control_characters(str(v))
            for name, v in tags.items()
        }
        return partial(xisf.embed, properties=typed)
    if image_format not in _EMBED:
        formats = ", ".join(_EMBED)
        msg = f"{image_format} files cannot be tagged; save the image as {formats}, FITS or XISF."
        raise OutputError(msg)
    keywords = [f"deepsky:{record['label']}", f"deepsky:{record['verdict']}"]
    properties = {name: escape_control_characters(str(value)) for name, value in tags.items()}
    update = partial(update_packet, keywords=keywords, properties=properties)
    return partial(_EMBED[image_format], update=update)


def _cards(record: Record) -> list[bytes]:
    """Convert a record to FITS cards."""
    return [
        _card(name.removeprefix("deepsky_").replace("_", " ", 1).upper(), value)
        for name, value in _tags(record).items()
        if name != "model_sha256"  # the value is too long for a FITS card
    ]


def _card(keyword: str, value: Value) -> bytes:
    """Format a FITS card, with its comment if the comment fits into the card."""
    from astropy.io.fits import Card  # this module is slow to import

    if isinstance(value, str):  # model names may contain any character
        value = escape_control_characters(value).encode("ascii", "replace").decode()[:_MAX_TEXT]
    card = str(Card(f"HIERARCH DEEPSKY {keyword}", value)).rstrip()
    comment = f" / {_COMMENTS.get(keyword.partition(' ')[0], '')}"
    return (card if len(card + comment) > fits.CARD else card + comment).ljust(fits.CARD).encode()


def _tags(record: Record) -> dict[str, Value]:
    """Return the names and values of the tags for a record."""
    columns = zip(COLUMNS, join_lists(flatten(record, 0.0)), strict=True)
    tags = {column.name: value for column, value in columns if column.name in _TAGS}
    return {**tags, "deepsky_version": __version__}


def _open(content: Path | bytes) -> BinaryIO:
    return content.open("rb") if isinstance(content, Path) else io.BytesIO(content)
