"""What the benchmarks of the service share: a server of their own, and a look at it.

Not run by itself. Processes are watched through ``/proc``, so these benchmarks need Linux.
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

from benchmarks.client import API, Address, Client, UnansweredError
from benchmarks.processes import descriptors, memory, tree

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLES: Final = sorted((ROOT / "samples").glob("*.jpg"))
DEEPSKY: Final = str(Path(sys.executable).with_name("deepsky"))


class ServerError(Exception):
    """The server did not start, or ended by itself."""


class Server:
    """A server program in a process group of its own.

    Parameters
    ----------
    folder : Path
        For its data and its output; made if need be, and kept when it is started again.
    settings : object
        Settings of deepsky, such as ``threads=8``. There is no rate limit unless one is given.
    """

    announcement = "deepsky is running at "
    command: tuple[str, ...] = (DEEPSKY, "serve", "--port", "0")
    health = f"{API}/health"

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        given = {"data": self.data, "rate_limit": "", **settings}
        # The surrounding settings would change what is measured; the models are what is asked.
        kept = {k: v for k, v in os.environ.items() if not _is_setting(k)}
        self.environment = kept | {f"DEEPSKY_{k.upper()}": str(v) for k, v in given.items()}
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
        """The process that was started."""
        if self._process is None:
            msg = "The server is not running."
            raise ServerError(msg)
        return self._process.pid

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.address
        return f"http://{host}:{port}"

    def start(self, seconds: float = 180) -> None:
        """Start the server, and wait until it is ready."""
        said = self.folder / "stdout.txt"
        with said.open("wb") as output, (self.folder / "stderr.txt").open("ab") as errors:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=self.environment,
                start_new_session=True,
            )
        deadline = time.monotonic() + seconds
        while not (found := re.search(rf"{self.announcement}(\S+)\s", said.read_text())):
            self._wait(deadline)
        address = urlsplit(found[1])
        self.address = (str(address.hostname), int(address.port or 80))
        while not self.is_ready():
            self._wait(deadline)

    def is_ready(self) -> bool:
        """Tell whether the server says that it is ready."""
        client = Client(self.address, seconds=10)
        try:
            answer = client.request("GET", self.health)
            return answer.status == 200 and bool(answer.json().get("ready"))
        except UnansweredError:
            return False
        finally:
            client.close()

    def is_running(self) -> bool:
        """Tell whether the process that was started is still there."""
        return self._process is not None and self._process.poll() is None

    def stop(self, seconds: float = 60) -> int:
        """Stop the server as a service manager would, and give its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self._ended(seconds)

    def kill(self) -> None:
        """End the server and all its processes at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._ended(60)

    def errors(self) -> str:
        """Give what the server has written to standard error since it was first started."""
        return (self.folder / "stderr.txt").read_text(errors="replace")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a deepsky command with the server's settings."""
        return subprocess.run(
            [DEEPSKY, *arguments], env=self.environment, capture_output=True, text=True
        )

    def processes(self) -> list[int]:
        """List the server's processes: the one that was started and all below it."""
        return list(tree(self.pid))

    def memory(self) -> int:
        """Give the resident memory of all processes, in bytes; what they share counts for each."""
        return sum(memory(pid) for pid in self.processes())

    def forget_peak(self) -> None:
        """Measure `peak_memory` from now on."""
        for pid in self.processes():
            _write(f"/proc/{pid}/clear_refs", "5")

    def peak_memory(self) -> int:
        """Give the most resident memory that each process has had, added up, in bytes."""
        return sum(memory(pid, "VmHWM") for pid in self.processes())

    def descriptors(self) -> int:
        """Count the open file descriptors of all processes."""
        return sum(descriptors(pid) for pid in self.processes())

    def _wait(self, deadline: float) -> None:
        if not self.is_running():
            msg = f"The server ended by itself:\n{self.errors()}"
            raise ServerError(msg)
        if time.monotonic() > deadline:
            msg = f"The server did not become ready:\n{self.errors()}"
            raise ServerError(msg)
        time.sleep(0.02)

    def _ended(self, seconds: float) -> int:
        assert self._process is not None
        status = self._process.wait(seconds)
        self._process = None
        return status


class Expectations:
    """Prints what was found beside whether it was expected, and tells the exit status."""

    def __init__(self) -> None:
        self.missed = 0

    def check(self, what: str, found: object, holds: bool) -> None:
        """Print one expectation and whether it holds."""
        self.missed += not holds
        print(f"{'ok    ' if holds else 'FAILED'} {what}: {found}", flush=True)

    def check_errors(self, errors: str) -> None:
        """Print what a server said on standard error, and whether no fault of ours is in it."""
        self.check("tracebacks", errors.count("Traceback"), "Traceback" not in errors)
        if errors:
            print(f"standard error ends with:\n{errors[-2000:]}")

    @property
    def exit_status(self) -> int:
        """Zero if all holds."""
        return min(self.missed, 1)


class Numbers:
    """Hands out numbers to several threads, each once."""

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
    """Make JPEG files of 1024 x 1024 pixels from the sample images."""
    return [_scaled_jpeg(path, 1024) for path in SAMPLES]


def _scaled_jpeg(path: Path, side: int) -> bytes:
    stream = BytesIO()
    with Image.open(path) as image:
        scaled = image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    scaled.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def distinct(jpeg: bytes, mark: str) -> bytes:
    """Give a JPEG file a comment, so that its bytes are no other's and its image is the same."""
    text = mark.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + jpeg[2:]


def documented_codes() -> dict[str, int]:
    """Read the codes of problems and their HTTP status from the documentation."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    return {
        code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.M)
    }


def megabytes(count: float) -> str:
    """Tell a number of bytes in megabytes."""
    return f"{count / 1e6:.1f} MB"


def _is_setting(name: str) -> bool:
    return name.startswith("DEEPSKY_") and name != "DEEPSKY_MODELS"


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text)
    except OSError:
        return
