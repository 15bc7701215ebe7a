"""Sorts images into folders by label and verdict."""

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
"""How many places at most are seen to at once."""


class Placing(StrEnum):
    """How an image gets into its folder."""

    COPY = "copy"
    HARDLINK = "hardlink"
    SYMLINK = "symlink"


class Sorter:
    """Puts each image into ``folder/label/verdict``, in the same folders as it lies in.

    What could not be read is left out: the table tells of it. No other file is ever written over:
    where one is in the way, the image's name gets an ending that its source decides. An image
    that is there already is left as it is.

    Parameters
    ----------
    folder : Path
        Made when the first image comes.
    placing : Placing
        A link needs a file; a member of an archive can only be copied.
    base : tuple of str
        What to leave out of the images' own paths, from `deepsky.batch.output_paths.common_folder`.
    """

    def __init__(self, folder: Path, placing: Placing, base: Base) -> None:
        self._folder = folder
        self._placing = placing
        self._base = base
        self._locks = [Lock() for _ in range(LOCKS)]

    def __call__(self, outcome: "Outcome") -> None:
        """Put an image into its folder.

        Raises
        ------
        OutputError
            If it cannot be linked there, or its place is taken.
        OSError
            If it cannot be copied there.
        """
        label, verdict = outcome.record["label"], outcome.record["verdict"]
        if label is None or verdict is None or outcome.content is None:
            return
        name = outcome.source.name
        place = self._folder / label / verdict / output_path(name, self._base)
        # An archive may hold a name twice: nobody takes a place between another's look and move.
        with self._locks[hash(place) % LOCKS]:
            for free in (place, _told_apart(place, name)):
                if not os.path.lexists(free):
                    self._put(outcome.content, free)
                    return
                if _holds(free, outcome.content):
                    return
        msg = f"{place} is another image already; name an empty folder to sort into."
        raise OutputError(msg)

    def _put(self, content: Path | bytes, place: Path) -> None:
        if self._placing is Placing.COPY:
            _copy(content, place)
            return
        if isinstance(content, bytes):
            msg = f"{place} cannot be a link, since the image is no file of its own: copy it."
            raise OutputError(msg)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            if self._placing is Placing.HARDLINK:
                place.hardlink_to(os.path.realpath(content))
            else:
                place.symlink_to(content.absolute())
        except OSError as error:
            msg = f"{place} cannot be a {self._placing} to {content} ({error.strerror}): copy it."
            raise OutputError(msg) from error


def _copy(content: Path | bytes, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(place) as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            with content.open("rb") as original:
                shutil.copyfileobj(original, file)
            file.flush()  # writing later would change the time
            shutil.copystat(content, file.name)


def _told_apart(place: Path, name: str) -> Path:
    digest = hashlib.sha256(os.fsencode(name)).hexdigest()
    return place.with_name(f"{place.stem}~{digest[:8]}{place.suffix}")


def _holds(place: Path, content: Path | bytes) -> bool:
    """Tell whether a file, or where a link leads, is the image."""
    if not place.is_file():
        return False
    if isinstance(content, bytes):
        return place.stat().st_size == len(content) and place.read_bytes() == content
    return place.samefile(content) or filecmp.cmp(place, content, shallow=False)
