"""Code shared by the server benchmarks: a temporary deepsky server, measurements and checks.

Processes are measured through ``/proc``, so the benchmarks require Linux. This module is not a
script.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import urlsplit

from PIL import Image

from benchmarks.client import API, Address, Client, NoResponseError
from benchmarks.processes import descriptors, memory, tree

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLES: Final = sorted((ROOT / "samples").glob("*.jpg"))
DEEPSKY: Final = str(Path(sys.executable).with_name("deepsky"))


class ServerError(Exception):
    """The server failed to start or ended unexpectedly."""


class Server:
    """A deepsky server in its own process group.

    Parameters
    ----------
    folder : Path
        Folder for the server's data and output. It is created if it does not exist, and is kept
        across restarts of the server.
    settings : object
        Settings for the server, such as ``threads=8``. By default, the rate limit is disabled.
    """

    announcement = "deepsky is running at "
    command: tuple[str, ...] = (DEEPSKY, "serve", "--port", "0")
    health = f"{API}/health"

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        given = {"data": self.data, "rate_limit": "", **settings}
        # Inherit only the setting DEEPSKY_MODELS, because others would affect the results.
        inherited = {k: v for k, v in os.environ.items() if not _is_setting(k)}
        self.environment = inherited | {f"DEEPSKY_{k.upper()}": str(v) for k, v in given.items()}
        self.address: Address = ("", 0)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.kill()

    @property
    def pid(self) -> int:
        """Process ID of the server's main process."""
        if self._process is None:
            msg = "The server is not running."
            raise ServerError(msg)
        return self._process.pid

    @property
    def url(self) -> str:
        """URL at which the server listens."""
        host, port = self.address
        return f"http://{host}:{port}"

    def start(self, seconds: float = 180) -> None:
        """Start the server, and wait until it reports that it is ready."""
        stdout = self.folder / "stdout.txt"
        with stdout.open("wb") as output, (self.folder / "stderr.txt").open("ab") as errors:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=self.environment,
                start_new_session=True,
            )
        deadline = time.monotonic() + seconds
        while not (found := re.search(rf"{self.announcement}(\S+)\s", stdout.read_text())):
            self._wait(deadline)
        address = urlsplit(found[1])
        self.address = (str(address.hostname), int(address.port or 80))
        while not self.is_ready():
            self._wait(deadline)

    def is_ready(self) -> bool:
        """Return whether the server reports that it is ready."""
        client = Client(self.address, seconds=10)
        try:
            response = client.request("GET", self.health)
            return response.status == 200 and bool(response.json().get("ready"))
        except NoResponseError:
            return False
        finally:
            client.close()

    def is_running(self) -> bool:
        """Return whether the main process is running."""
        return self._process is not None and self._process.poll() is None

    def stop(self, seconds: float = 60) -> int:
        """Stop the server with SIGTERM, as service managers do, and return its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self._wait_for_exit(seconds)

    def kill(self) -> None:
        """Kill all processes of the server."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._wait_for_exit(60)

    def errors(self) -> str:
        """Return everything that the server has written to standard error since its first start."""
        return (self.folder / "stderr.txt").read_text(errors="replace")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run another deepsky command with the settings of this server."""
        return subprocess.run(
            [DEEPSKY, *arguments], env=self.environment, capture_output=True, text=True
        )

    def processes(self) -> list[int]:
        """Return the process IDs of the main process and its descendants."""
        return list(tree(self.pid))

    def memory(self) -> int:
        """Return the resident memory, including shared pages, summed over all processes (bytes)."""
        return sum(memory(pid) for pid in self.processes())

    def reset_peak(self) -> None:
        """Reset the peak memory of each process to its current memory usage."""
        for pid in self.processes():
            _write(f"/proc/{pid}/clear_refs", "5")

    def peak_memory(self) -> int:
        """Return the sum of the peak resident memory of all processes, in bytes."""
        return sum(memory(pid, "VmHWM") for pid in self.processes())

    def peaks(self) -> tuple[int, int]:
        """Return the peak memory of the main process and of the largest reader process, in bytes.

        Processes that have ended are not included.
        """
        readers = [memory(pid, "VmHWM") for pid in self.processes() if pid != self.pid]
        return memory(self.pid, "VmHWM"), max(readers, default=0)

    def descriptors(self) -> int:
        """Return the total number of open file descriptors of all processes."""
        return sum(descriptors(pid) for pid in self.processes())

    def _wait(self, deadline: float) -> None:
        if not self.is_running():
            msg = f"The server ended unexpectedly:\n{self.errors()}"
            raise ServerError(msg)
        if time.monotonic() > deadline:
            msg = f"The server did not become ready:\n{self.errors()}"
            raise ServerError(msg)
        time.sleep(0.02)

    def _wait_for_exit(self, seconds: float) -> int:
        assert self._process is not None
        status = self._process.wait(seconds)
        self._process = None
        return status


class Expectations:
    """Reporter that prints the result of each check in a benchmark and counts the failures."""

    def __init__(self) -> None:
        self.failed = 0

    def check(self, what: str, found: object, ok: bool) -> None:
        """Print the result of a check with ``ok`` or ``FAILED``, and count it if it failed."""
        self.failed += not ok
        print(f"{'ok    ' if ok else 'FAILED'} {what}: {found}", flush=True)

    def check_errors(self, errors: str) -> None:
        """Check that standard error contains no traceback, and print its last 2000 characters."""
        self.check("tracebacks", errors.count("Traceback"), "Traceback" not in errors)
        if errors:
            print(f"standard error ends with:\n{errors[-2000:]}")

    @property
    def exit_status(self) -> int:
        """Exit status of the benchmark: 0 if all checks passed, otherwise 1."""
        return min(self.failed, 1)


class Numbers:
    """Thread-safe iterator over consecutive integers, optionally with a limit."""

    def __init__(self, count: int | None = None) -> None:
        self._next = 0
        self._count = count
        self._lock = Lock()

    def __iter__(self) -> Iterator[int]:
        while True:
            with self._lock:
                number = self._next
                if number == self._count:
                    return
                self._next += 1
            yield number


def megapixel_jpegs() -> list[bytes]:
    """Return the sample images, resized to 1024 x 1024 pixels and encoded as JPEG."""
    return [_scaled_jpeg(path, 1024) for path in SAMPLES]


def _scaled_jpeg(path: Path, side: int) -> bytes:
    stream = BytesIO()
    with Image.open(path) as image:
        scaled = image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    scaled.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def make_distinct(jpeg: bytes, mark: str) -> bytes:
    """Add a comment to a JPEG file. The bytes change, but the pixels do not."""
    text = mark.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + jpeg[2:]


def documented_codes() -> dict[str, int]:
    """Return the HTTP status that docs/reference/api.md documents for each error code."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    return {
        code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.M)
    }


def megabytes(count: float) -> str:
    """Format a number of bytes as megabytes."""
    return f"{count / 1e6:.1f} MB"


def _is_setting(name: str) -> bool:
    return name.startswith("DEEPSKY_") and name != "DEEPSKY_MODELS"


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text)
    except OSError:
        return
