"""What the benchmarks of many images share: the images, and a run over them.

Not run by itself.
"""

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

IN_A_FOLDER: Final = 1000


def images(folder: Path | None) -> list[Path]:
    """Give the images to work on: those of a folder, or the samples."""
    if folder is None:
        return SAMPLES
    found = sorted(path for path in folder.iterdir() if path.is_file())
    if not found:
        sys.exit(f"There are no images in {folder}.")
    return found


def link(originals: Sequence[Path], folder: Path, count: int) -> list[Path]:
    """Fill a folder with files that are hard links to images in turn, each with its own name.

    Returns
    -------
    list of Path
        The files, in the order in which a folder is gone through.
    """
    store = folder.with_name(f"{folder.name}-originals")  # links do not lead to other disks
    store.mkdir()
    stored = [
        Path(shutil.copy(path, store / f"{k}{path.suffix}")) for k, path in enumerate(originals)
    ]
    files = []
    for number in range(count):
        original = stored[number % len(stored)]
        file = folder / f"{number // IN_A_FOLDER:03}" / f"{number:06}{original.suffix}"
        if number % IN_A_FOLDER == 0:
            file.parent.mkdir(parents=True)
        file.hardlink_to(original)
        files.append(file)
    return files


def spoil(originals: Sequence[Path], folder: Path) -> Iterator[Path]:
    """Make files that cannot be read: cut off, empty, and of no format."""
    folder.mkdir()
    for number, path in enumerate(originals):
        content = path.read_bytes()
        broken = (content[: len(content) // 2], b"", b"no image at all")[number % 3]
        file = folder / path.name
        file.write_bytes(broken)
        yield file


class Run:
    """``deepsky classify`` in a process group of its own.

    Parameters
    ----------
    folder : Path
        The images.
    output : Path
        What it writes; its records so far are counted by lines.
    options : object
        Further options of the command.
    """

    def __init__(self, folder: Path, output: Path, *options: object) -> None:
        self.output = output
        self._part = output.with_name(f".{output.name}.part")
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
        """The process that was started."""
        return self._process.pid

    def is_running(self) -> bool:
        """Tell whether it goes on."""
        return self._process.poll() is None

    def records(self) -> int:
        """Count the lines of the output so far."""
        with suppress(FileNotFoundError), self._part.open("rb") as file:
            file.seek(self._position)
            while chunk := file.read(2**20):
                self._counted += chunk.count(b"\n")
                self._position += len(chunk)
        return self._counted

    def memory(self) -> int:
        """Give the resident memory of all its processes, in bytes."""
        return sum(memory(pid) for pid in tree(self.pid))

    def descriptors(self) -> int:
        """Count the open files of all its processes."""
        return sum(descriptors(pid) for pid in tree(self.pid))

    def processes(self) -> list[int]:
        """List its processes."""
        return list(tree(self.pid))

    def kill(self, *, readers: bool) -> None:
        """End it at once; where its readers are not killed too, they end themselves."""
        if readers:
            os.killpg(self.pid, signal.SIGKILL)
        else:
            os.kill(self.pid, signal.SIGKILL)
        self._process.communicate()

    def wait(self) -> tuple[int, str]:
        """Wait for its end; give the exit status and what it said."""
        _, said = self._process.communicate()
        return self._process.returncode, said
