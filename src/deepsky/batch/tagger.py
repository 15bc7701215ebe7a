"""Write records into XMP sidecars, which photo software reads together with the images."""

import errno
import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple

from deepsky import __version__
from deepsky.annotation.avm import Avm
from deepsky.annotation.names import object_names
from deepsky.atomic_file import (
    FileChangedError,
    FileState,
    atomic_write,
    remove_abandoned_files,
)
from deepsky.batch.columns import flatten, join_lists, probability_column, table_columns
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import Base, make_folders, output_path, with_suffix
from deepsky.batch.sources import SIDECAR
from deepsky.batch.xmp import merge
from deepsky.batch.xmp_scan import MAX_BYTES
from deepsky.errors import OutputError
from deepsky.record import Record

__all__ = ["Tagger"]

ATTEMPTS: Final = 20
"""Maximum number of attempts to update a sidecar that other programs change at the same time."""

PAUSE: Final = 0.05
"""Time in seconds after which a malformed sidecar is read again if it has changed."""

_PROPERTIES: Final = {
    "label",
    "verdict",
    "prediction_set",
    "novelty",
    "model",
    "model_version",
    "model_sha256",
    "image_sha256",
    "object",
    "object_common_name",
    "object_kind",
    "agreement",
}
"""Columns to write as properties, together with the probabilities."""

_OBJECT: Final = {"object", "object_common_name", "object_kind"}
"""Columns to write as properties if nothing contradicts the object."""


class Tagger:
    """Action that writes the record of each image into an XMP sidecar.

    The sidecar of ``M51.fits`` is ``M51.fits.xmp``. The label, the verdict and the names of the
    object are keywords, the values of the record are properties in deepsky's own namespace, and
    the place on the sky is written as AVM. The image is not changed. If the sidecar exists, what
    deepsky wrote into it is replaced, and everything else remains unchanged. Images that could not
    be read are skipped.

    Parameters
    ----------
    folder : Path or None
        Folder for the sidecars, in which the subfolders of the images are preserved; None to write
        them next to the images.
    base : tuple of str
        Leading components to omit from the images' paths, as returned by
        `deepsky.batch.output_paths.common_folder`.
    """

    def __init__(self, folder: Path | None, base: Base) -> None:
        self._folder = folder
        self._base = base

    def __call__(self, outcome: Outcome) -> None:
        """Write the sidecar of an image.

        Parameters
        ----------
        outcome : Outcome

        Raises
        ------
        OutputError
            If the existing sidecar is malformed, write-protected or a link, or if the image is not
            a local file and the sidecars are to be written next to the images.
        OSError
            If the sidecar cannot be written.
        """
        if outcome.record["label"] is None or outcome.content is None:
            return
        path = self._find_path(outcome)
        make_folders(path.parent)
        remove_abandoned_files(path.parent)
        _update(path, _make_tags(outcome))

    def _find_path(self, outcome: Outcome) -> Path:
        """Return the path of the sidecar."""
        if self._folder:
            path = self._folder / output_path(outcome.source.name, self._base)
            return with_suffix(path, SIDECAR)
        if isinstance(outcome.content, Path):
            return outcome.content.with_name(outcome.content.name + SIDECAR)
        msg = (
            "Sidecars can be written only next to local files; write them to a folder instead "
            "(--tag)."
        )
        raise OutputError(msg)


class _Tags(NamedTuple):
    """What is written into a sidecar; see `merge`."""

    keywords: list[str]
    properties: dict[str, str]
    names: tuple[str, ...]
    avm: Avm


def _make_tags(outcome: Outcome) -> _Tags:
    record = outcome.record
    return _Tags(
        keywords=[str(record["label"]), str(record["verdict"])],
        properties=_properties(record),
        names=object_names(record),
        avm=_describe(outcome),
    )


def _describe(outcome: Outcome) -> Avm:
    if outcome.record["sky"] is None or outcome.info is None:
        return {}
    # This module imports astropy.wcs, which is slow to import.
    from deepsky.annotation.avm_description import describe_image

    return describe_image(outcome.record, outcome.info)


def _properties(record: Record) -> dict[str, str]:
    labels = tuple(record["probabilities"] or ())
    written = _PROPERTIES.union(map(probability_column, labels))
    written = written if object_names(record) else written - _OBJECT
    columns = zip(table_columns(labels), join_lists(flatten(record, 0.0, labels)), strict=True)
    values = {column.name: value for column, value in columns if column.name in written}
    values["deepsky_version"] = __version__
    return {
        name: escape_control_characters(str(value))
        for name, value in values.items()
        if value is not None
    }


def _update(path: Path, tags: _Tags) -> None:
    """Update a sidecar.

    If another program or another run changes the sidecar at the same time, its changes are read and
    merged, so that they are not lost.
    """
    for _ in range(ATTEMPTS):
        status = _find(path)
        try:
            old = _read(path, status) if status else None
            new = _merge(path, old, tags)
        except (FileNotFoundError, OutputError):
            time.sleep(PAUSE)  # the sidecar may be incomplete because it is just being written
            if status is None or _state(_find(path)) == _state(status):
                raise
            continue
        if new == old:
            return
        with suppress(FileExistsError, FileChangedError):
            with atomic_write(path, expected=_state(status)) as file:
                file.write(new)
            return
    msg = f"{path} is being changed by another program. Close that program, then run again."
    raise OutputError(msg)


def _merge(path: Path, old: bytes | None, tags: _Tags) -> bytes:
    """Return the new content of a sidecar; errors name the sidecar."""
    try:
        return merge(old, *tags)
    except OutputError as error:
        msg = f"{path}: {error}"
        raise OutputError(msg) from error


def _state(status: os.stat_result | None) -> FileState | Literal["nothing"]:
    return FileState.from_status(status) if status else "nothing"


def _find(path: Path) -> os.stat_result | None:
    """Return the status of a sidecar, or None if it does not exist."""
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        msg = f"The name of the image leaves no room for the suffix {SIDECAR}. Shorten the name."
        raise OutputError(msg) from error


def _read(path: Path, status: os.stat_result) -> bytes:
    """Return the content of a sidecar that may be replaced."""
    if not stat.S_ISREG(status.st_mode):
        problem = "is a link or not a regular file. Remove it, or tag into a folder (--tag)."
    elif status.st_nlink > 1:
        problem = "has several hard links. Replace it with a copy, or tag into a folder (--tag)."
    elif not status.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        problem = "is write-protected. Change its permissions, then tag the image again."
    else:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    msg = f"{path} {problem}"
    raise OutputError(msg)
