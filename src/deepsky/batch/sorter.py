"""Sort images into folders by label and verdict."""

import filecmp
import os
import shutil
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from deepsky.atomic_file import atomic_write
from deepsky.batch.output_paths import Base, alternatives, make_folders, output_path
from deepsky.errors import OutputError

if TYPE_CHECKING:
    from deepsky.batch.outcome import Outcome

__all__ = ["Placing", "Sorter"]


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

    def __call__(self, outcome: "Outcome") -> None:
        """Put an image into the folder for its label and verdict.

        Parameters
        ----------
        outcome : Outcome

        Raises
        ------
        OutputError
            If the image cannot be linked, or if all possible output paths are taken by other files.
        OSError
            If the image cannot be copied.
        """
        label, verdict = outcome.record["label"], outcome.record["verdict"]
        if label is None or verdict is None or outcome.content is None:
            return
        source = outcome.source
        path = self._folder / label / verdict / output_path(source.name, self._base)
        for candidate in alternatives(path, source):
            # Another thread or another run may create the file at any time.
            with suppress(FileExistsError):
                self._put(outcome.content, candidate)
                return
            if _has_content(candidate, outcome.content):
                return
        msg = f"{path} already exists and is a different file. Choose an empty output folder."
        raise OutputError(msg)

    def _put(self, content: Path | bytes, path: Path) -> None:
        """Create a file; raise FileExistsError if the path exists."""
        make_folders(path.parent)
        if os.path.lexists(path):  # do not copy the image in vain
            raise FileExistsError
        if self._placing is Placing.COPY:
            _copy(content, path)
            return
        if isinstance(content, bytes):
            msg = (
                f"Cannot create the link {path}, because the image is not a local file. "
                "Use --placing copy."
            )
            raise OutputError(msg)
        try:
            if self._placing is Placing.HARDLINK:
                path.hardlink_to(os.path.realpath(content))
            else:
                path.symlink_to(content.absolute())
        except FileExistsError:
            raise
        except OSError as error:
            msg = (
                f"Cannot create a {self._placing} from {path} to {content} ({error.strerror}). "
                "Use --placing copy."
            )
            raise OutputError(msg) from error


def _copy(content: Path | bytes, path: Path) -> None:
    with atomic_write(path, expected="nothing") as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            with content.open("rb") as original:
                shutil.copyfileobj(original, file)
            file.flush()  # or closing the file would change its modification time
            shutil.copystat(content, file.name)


def _has_content(path: Path, content: Path | bytes) -> bool:
    """Return whether a file, or the target of a link, has the same content as an image."""
    if not path.is_file():
        return False
    if isinstance(content, bytes):
        return path.stat().st_size == len(content) and path.read_bytes() == content
    return path.samefile(content) or filecmp.cmp(path, content, shallow=False)
