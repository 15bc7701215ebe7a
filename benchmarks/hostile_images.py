"""Attacks on the reader processes of the server: images that need much memory, and kills.

`benchmarks.hostile` runs these attacks. This module is not a script.
"""

import os
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

from benchmarks.bombs import make_bombs
from benchmarks.client import Client, NoResponseError
from benchmarks.service import Server

UPLOADS: Final = 4
"""Number of files that are uploaded at the same time."""

ONE_PER_FORMAT: Final = (
    *("tiff-c16x4", "png-16-alpha", "gif", "bmp", "webp", "jpeg-scans", "fits-64-rgb"),
    *("fits32-RICE_1", "xisf-Float64-zlib.", "jxl-", "jp2-", "psd-"),
)
"""Names of the files for a quick attack."""


class Bombs:
    """Attack: small files that decode to large images are uploaded.

    Parameters
    ----------
    names : tuple of str
        Only files whose names contain one of these texts are uploaded.

    Attributes
    ----------
    responses : Counter
        Number of responses, by status and code.
    """

    def __init__(self, names: tuple[str, ...] = ("",)) -> None:
        self.responses: Counter[str] = Counter()
        self._names = names

    def __call__(self, server: Server) -> Iterator[Event]:
        """Upload all files, and set the event when the last response has been received."""
        with tempfile.TemporaryDirectory() as folder:
            files = [path for name in self._names for path in make_bombs(Path(folder), name)]
            finished = Event()

            def upload_all() -> None:
                with ThreadPoolExecutor(UPLOADS) as pool:
                    for summary in pool.map(lambda path: self._upload(server, path), files):
                        self.responses[summary] += 1
                finished.set()

            thread = Thread(target=upload_all)
            thread.start()
            yield finished
            thread.join()

    @property
    def unexpected(self) -> dict[str, int]:
        """Responses other than a classification, an error of the image or 503."""
        return {
            summary: number
            for summary, number in self.responses.items()
            if summary[:3] not in {"201", "413", "415", "422", "503"}
        }

    @staticmethod
    def _upload(server: Server, path: Path) -> str:
        client = Client(server.address, seconds=180)
        try:
            response = client.classify_patiently(path.read_bytes(), path.name)
        except NoResponseError:
            return f"no response ({path.name})"
        finally:
            client.close()
        return f"{response.status} {response.code}".strip()


def killed_readers(server: Server) -> Iterator[None]:
    """Kill a reader process twice per second."""
    stopped, chance = Event(), random.Random(1)

    def kill() -> None:
        while not stopped.wait(0.5):
            readers = [pid for pid in server.processes() if pid != server.pid]
            if readers:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(readers), signal.SIGKILL)

    thread = Thread(target=kill)
    thread.start()
    yield
    stopped.set()
    thread.join()
