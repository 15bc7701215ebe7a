"""Sort images into folders by label and verdict."""

import filecmp
import hashlib
import os
import shutil
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from deepsky.atomic_file import atomic_write
from deepsky.batch.output_paths import Base, output_path
from deepsky.errors import OutputError

if TYPE_CHECKING:
    from deepsky.batch.outcome import Outcome

__all__ = ["Placing", "Sorter"]

LOCKS: Final = 64
"""Number of locks; each lock is shared by many output paths."""


class Placing(StrEnum):
    """How an image is put into the output folder: as a copy, a hard link or a symbolic link."""

    COPY = "copy"
    HARDLINK = "hardlink"
    SYMLINK = "symlink"


class Sorter:
    """Action that puts each image into ``folder/label/verdict`` and preserves its subfolders.

    Images that could not be read are skipped. Existing files are never overwritten: if the output
    path is taken by another file, a suffix derived from the image's path is added to the file name.
    If a file with the same content already exists at the output path, nothing is written.

    Parameters
    ----------
    folder : Path
        Output folder; created when the first image is sorted.
    placing : Placing
        Links require local files; archive members and remote files can only be copied.
    base : tuple of str
        Leading components to omit from the images' paths, as returned by
        `deepsky.batch.output_paths.common_folder`.
    """

    def __init__(self, folder: Path, placing: Placing, base: Base) -> None:
        self._folder = folder
        self._placing = placing
        self._base = base
        self._locks = [Lock() for _ in range(LOCKS)]

    def __call__(self, outcome: "Outcome") -> None:
        """Put an image into the folder for its label and verdict.

        Parameters
        ----------
        outcome : Outcome

        Raises
        ------
        OutputError
            If the image cannot be linked, or if both possible output paths are already taken by
            other files.
        OSError
            If the image cannot be copied.
        """
        label, verdict = outcome.record["label"], outcome.record["verdict"]
        if label is None or verdict is None or outcome.content is None:
            return
        name = outcome.source.name
        path = self._folder / label / verdict / output_path(name, self._base)
        # Members of an archive may have the same name: a lock serialises writes to the same path.
        with self._locks[hash(path) % LOCKS]:
            for candidate in (path, _with_digest(path, name)):
                if not os.path.lexists(candidate):
                    self._put(outcome.content, candidate)
                    return
                if _has_content(candidate, outcome.content):
                    return
        msg = f"{path} already exists and is a different file. Choose an empty output folder."
        raise OutputError(msg)

    def _put(self, content: Path | bytes, path: Path) -> None:
        if self._placing is Placing.COPY:
            _copy(content, path)
            return
        if isinstance(content, bytes):
            msg = (
                f"Cannot create the link {path}, because the image is not a local file. "
                "Use --placing copy."
            )
            raise OutputError(msg)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if self._placing is Placing.HARDLINK:
                path.hardlink_to(os.path.realpath(content))
            else:
                path.symlink_to(content.absolute())
        except OSError as error:
            msg = (
                f"Cannot create a {self._placing} from {path} to {content} ({error.strerror}). "
                "Use --placing copy."
            )
            raise OutputError(msg) from error


def _copy(content: Path | bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            with content.open("rb") as original:
                shutil.copyfileobj(original, file)
            file.flush()  # or closing the file would change its modification time
            shutil.copystat(content, file.name)


def _with_digest(path: Path, name: str) -> Path:
    """Add a digest of the source's name to a file name."""
    digest = hashlib.sha256(os.fsencode(name)).hexdigest()
    return path.with_name(f"{path.stem}~{digest[:8]}{path.suffix}")


def _has_content(path: Path, content: Path | bytes) -> bool:
    """Return whether a file, or the target of a link, has the same content as an image."""
    if not path.is_file():
        return False
    if isinstance(content, bytes):
        return path.stat().st_size == len(content) and path.read_bytes() == content
    return path.samefile(content) or filecmp.cmp(path, content, shallow=False)
