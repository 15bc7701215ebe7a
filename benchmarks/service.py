"""A temporary server, its measurements and other parts shared by the benchmarks of the service.

Not a script. Processes are measured through ``/proc``, so these benchmarks need Linux.
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
    """The server did not start, or ended unexpectedly."""


class Server:
    """A server process in its own process group.

    Parameters
    ----------
    folder : Path
        Folder for its data and output; created if missing, and reused after a restart.
    settings : object
        Settings of deepsky, such as ``threads=8``. By default, there is no rate limit.
    """

    announcement = "deepsky is running at "
    command: tuple[str, ...] = (DEEPSKY, "serve", "--port", "0")
    health = f"{API}/health"

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        given = {"data": self.data, "rate_limit": "", **settings}
        # Settings of the environment would change the results; only the models are kept.
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
        """Id of the main process."""
        if self._process is None:
            msg = "The server is not running."
            raise ServerError(msg)
        return self._process.pid

    @property
    def url(self) -> str:
        """Address that the server listens on."""
        host, port = self.address
        return f"http://{host}:{port}"

    def start(self, seconds: float = 180) -> None:
        """Start the server, and wait until it is ready."""
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
        """Stop the server as a service manager would, and return its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self._wait_for_exit(seconds)

    def kill(self) -> None:
        """Kill the server with all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._wait_for_exit(60)

    def errors(self) -> str:
        """Return the standard error of the server since its first start."""
        return (self.folder / "stderr.txt").read_text(errors="replace")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a deepsky command with the server's settings."""
        return subprocess.run(
            [DEEPSKY, *arguments], env=self.environment, capture_output=True, text=True
        )

    def processes(self) -> list[int]:
        """Return the ids of the main process and its descendants."""
        return list(tree(self.pid))

    def memory(self) -> int:
        """Return the sum of the processes' resident memory in bytes, shared pages included."""
        return sum(memory(pid) for pid in self.processes())

    def reset_peak(self) -> None:
        """Restart the measurement of `peak_memory`."""
        for pid in self.processes():
            _write(f"/proc/{pid}/clear_refs", "5")

    def peak_memory(self) -> int:
        """Return the sum of the processes' peak resident memory, in bytes."""
        return sum(memory(pid, "VmHWM") for pid in self.processes())

    def descriptors(self) -> int:
        """Return the number of open file descriptors of all processes."""
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
    """Prints results with whether they meet expectations, and counts those that do not."""

    def __init__(self) -> None:
        self.failed = 0

    def check(self, what: str, found: object, ok: bool) -> None:
        """Print a result and whether it meets the expectation."""
        self.failed += not ok
        print(f"{'ok    ' if ok else 'FAILED'} {what}: {found}", flush=True)

    def check_errors(self, errors: str) -> None:
        """Print the standard error of a server, and check that it has no tracebacks."""
        self.check("tracebacks", errors.count("Traceback"), "Traceback" not in errors)
        if errors:
            print(f"standard error ends with:\n{errors[-2000:]}")

    @property
    def exit_status(self) -> int:
        """0 if all expectations are met, else 1."""
        return min(self.failed, 1)


class Numbers:
    """Consecutive numbers for several threads; each number is used once."""

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
    """Return JPEG files of 1024 x 1024 pixels made from the sample images."""
    return [_scaled_jpeg(path, 1024) for path in SAMPLES]


def _scaled_jpeg(path: Path, side: int) -> bytes:
    stream = BytesIO()
    with Image.open(path) as image:
        scaled = image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    scaled.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def make_distinct(jpeg: bytes, mark: str) -> bytes:
    """Return a JPEG file with an added comment: different bytes, same image."""
    text = mark.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + jpeg[2:]


def documented_codes() -> dict[str, int]:
    """Return the error codes with their HTTP statuses from the documentation."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    return {
        code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.M)
    }


def megabytes(count: float) -> str:
    """Format a number of bytes in megabytes."""
    return f"{count / 1e6:.1f} MB"


def _is_setting(name: str) -> bool:
    return name.startswith("DEEPSKY_") and name != "DEEPSKY_MODELS"


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text)
    except OSError:
        return
