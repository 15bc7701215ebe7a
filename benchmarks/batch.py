"""Code shared by the benchmarks for ``deepsky classify``: test images and process control."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from benchmarks.processes import descriptors, memory, tree
from benchmarks.service import DEEPSKY, SAMPLES

__all__ = ["Run", "images", "link", "spoil"]

FILES_PER_FOLDER: Final = 1000


def images(folder: Path | None) -> list[Path]:
    """Return the files in a folder, or the sample images if no folder is given.

    Parameters
    ----------
    folder : Path or None
        Folder to search; its subfolders are ignored.

    Returns
    -------
    list of Path
        Paths of the files, sorted.
    """
    if folder is None:
        return SAMPLES
    found = sorted(path for path in folder.iterdir() if path.is_file())
    if not found:
        sys.exit(f"No images found in: {folder}.")
    return found


def link(originals: Sequence[Path], folder: Path, count: int) -> list[Path]:
    """Fill a folder with uniquely named hard links to images.

    Parameters
    ----------
    originals : sequence of Path
        Images to link to. If `count` exceeds the number of images, images are linked repeatedly.
    folder : Path
        Folder to create. The links are in subfolders of at most 1000 files each.
    count : int
        Number of links.

    Returns
    -------
    list of Path
        The links, sorted by path.
    """
    store = folder.with_name(f"{folder.name}-originals")  # hard links require the same file system
    store.mkdir()
    stored = [
        Path(shutil.copy(path, store / f"{k}{path.suffix}")) for k, path in enumerate(originals)
    ]
    files = []
    for number in range(count):
        original = stored[number % len(stored)]
        file = folder / f"{number // FILES_PER_FOLDER:03}" / f"{number:06}{original.suffix}"
        if number % FILES_PER_FOLDER == 0:
            file.parent.mkdir(parents=True)
        file.hardlink_to(original)
        files.append(file)
    return files


def spoil(originals: Sequence[Path], folder: Path) -> Iterator[Path]:
    """Write files that cannot be read as images: truncated images, empty files and text files.

    Parameters
    ----------
    originals : sequence of Path
        Images to derive the files from. Each file gets the name of one of these images.
    folder : Path
        Folder to create.

    Yields
    ------
    Path
        Path of each file that was written. There is one file per image.
    """
    folder.mkdir()
    for number, path in enumerate(originals):
        content = path.read_bytes()
        broken = (content[: len(content) // 2], b"", b"no image at all")[number % 3]
        file = folder / path.name
        file.write_bytes(broken)
        yield file


class Run:
    """A ``deepsky classify`` command in its own process group.

    Parameters
    ----------
    folder : Path
        Folder that contains the images.
    output : Path
        Output file, in a format with one line per record. No other run may write to the folder that
        contains this file.
    options : object
        Additional options for the command.
    """

    def __init__(self, folder: Path, output: Path, *options: object) -> None:
        self.output = output
        self._counted = self._position = 0
        self._process = subprocess.Popen(
            [DEEPSKY, "classify", str(folder), "--output", str(output), *map(str, options)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Process ID of the command."""
        return self._process.pid

    def is_running(self) -> bool:
        """Return whether the command is running."""
        return self._process.poll() is None

    def records(self) -> int:
        """Return the number of records written so far."""
        for part in self.output.parent.glob(".*.part"):
            with suppress(FileNotFoundError), part.open("rb") as file:
                file.seek(self._position)
                while chunk := file.read(2**20):
                    self._counted += chunk.count(b"\n")
                    self._position += len(chunk)
        return self._counted

    def memory(self) -> int:
        """Return the total resident memory of the command and its child processes, in bytes."""
        return sum(memory(pid) for pid in tree(self.pid))

    def descriptors(self) -> int:
        """Return the number of open files of the command and its child processes."""
        return sum(descriptors(pid) for pid in tree(self.pid))

    def processes(self) -> list[int]:
        """Return the process IDs of the command and its child processes."""
        return list(tree(self.pid))

    def kill(self, *, readers: bool) -> None:
        """Kill the command.

        Parameters
        ----------
        readers : bool
            Whether to kill the reader processes too. Otherwise, the readers exit on their own.
        """
        if readers:
            os.killpg(self.pid, signal.SIGKILL)
        else:
            os.kill(self.pid, signal.SIGKILL)
        self._process.communicate()

    def wait(self) -> tuple[int, str]:
        """Wait for the command to end, and return its exit status and standard error."""
        _, messages = self._process.communicate()
        return self._process.returncode, messages
