"""What the benchmarks of the service share: a server of their own, a client, and a look at both.

Not run by itself. Processes are watched through ``/proc``, so these benchmarks need Linux.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, urlsplit

from PIL import Image

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLES: Final = sorted((ROOT / "samples").glob("*.jpg"))
DEEPSKY: Final = str(Path(sys.executable).with_name("deepsky"))
API: Final = "/api/v1"
CLASSIFICATIONS: Final = f"{API}/classifications"
BOUNDARY: Final = "deepsky-benchmark-boundary"
FORM: Final = f"multipart/form-data; boundary={BOUNDARY}"

Address = tuple[str, int]


class UnansweredError(Exception):
    """The connection was refused, cut or silent: whether the request was carried out is open."""


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

    announcement = "deepsky is at "
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
        return list(_tree(self.pid))

    def memory(self) -> int:
        """Give the resident memory of all processes, in bytes; what they share counts for each."""
        return sum(_status(pid, "VmRSS") for pid in self.processes())

    def forget_peak(self) -> None:
        """Measure `peak_memory` from now on."""
        for pid in self.processes():
            _write(f"/proc/{pid}/clear_refs", "5")

    def peak_memory(self) -> int:
        """Give the most resident memory that each process has had, added up, in bytes."""
        return sum(_status(pid, "VmHWM") for pid in self.processes())

    def descriptors(self) -> int:
        """Count the open file descriptors of all processes."""
        return sum(_entries(f"/proc/{pid}/fd") for pid in self.processes())

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, and how long that took from the request's first byte."""

    status: int
    headers: Message
    body: bytes
    seconds: float

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of a problem, or an empty string where the answer is none."""
        if self.headers.get_content_type() != "application/problem+json":
            return ""
        return str(self.json().get("code", ""))

    @property
    def retry_after(self) -> float:
        """Seconds to wait before the request is sent again, at most two."""
        told = self.headers.get("Retry-After", "")
        return min(float(told), 2.0) if told.isdigit() else 0.2


class Client:
    """One keep-alive connection with the cookies of one session. For one thread.

    Parameters
    ----------
    address : (str, int)
        The server's.
    cookies : mapping, optional
        Those of another connection of the same session.
    seconds : float
        After so long without an answer a request counts as unanswered.
    """

    def __init__(
        self, address: Address, cookies: Mapping[str, str] | None = None, seconds: float = 60
    ) -> None:
        self.cookies = dict(cookies or {})
        self._connection = HTTPConnection(*address, timeout=seconds)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and read its answer.

        Raises
        ------
        UnansweredError
            If no complete answer came.
        """
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            self.close()
            raise UnansweredError(repr(error)) from error
        seconds = time.perf_counter() - started
        for told in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(told).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers, content, seconds)

    def get(self, path: str) -> Answer:
        """Send a GET request."""
        return self.request("GET", path)

    def delete(self, path: str) -> Answer:
        """Send a DELETE request."""
        return self.request("DELETE", path)

    def put(self, path: str, value: object) -> Answer:
        """Send a PUT request with a JSON body."""
        return self.request(
            "PUT", path, json.dumps(value).encode(), {"Content-Type": "application/json"}
        )

    def classify(
        self, content: bytes, name: str = "picture.jpg", *, key: str | None = None
    ) -> Answer:
        """Post a picture, with an idempotency key where one is given."""
        headers = {"Content-Type": FORM} | ({"Idempotency-Key": key} if key else {})
        return self.request("POST", CLASSIFICATIONS, form(content, name), headers)

    def classify_patiently(
        self, content: bytes, name: str = "picture.jpg", *, key: str | None = None
    ) -> Answer:
        """Post a picture, again and again while the server is overloaded."""
        while (answer := self.classify(content, name, key=key)).code == "overloaded":
            time.sleep(answer.retry_after)
        return answer


class Expectations:
    """Prints what was found beside whether it was expected, and tells the exit status."""

    def __init__(self) -> None:
        self.missed = 0

    def check(self, what: str, found: object, holds: bool) -> None:
        """Print one expectation and whether it holds."""
        self.missed += not holds
        print(f"{'ok    ' if holds else 'FAILED'} {what}: {found}", flush=True)

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


def form(content: bytes, name: str) -> bytes:
    """Give the body of an upload, whose media type is `FORM`."""
    head, tail = form_around(name)
    return head + content + tail


def form_around(name: str) -> tuple[bytes, bytes]:
    """Give what stands before and after the picture in the body of an upload."""
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="image"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def listed(client: Client) -> Iterator[dict[str, Any]]:
    """List all answers of a session, page after page."""
    following = ""
    while True:
        page = client.get(f"{CLASSIFICATIONS}?limit=100{following}").json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        following = f"&cursor={quote(page['next_cursor'])}"


def megapixel_jpegs() -> list[bytes]:
    """Make JPEG files of 1024 x 1024 pixels from the sample pictures."""
    return [_scaled_jpeg(path, 1024) for path in SAMPLES]


def _scaled_jpeg(path: Path, side: int) -> bytes:
    stream = BytesIO()
    with Image.open(path) as picture:
        scaled = picture.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    scaled.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def distinct(jpeg: bytes, mark: str) -> bytes:
    """Give a JPEG file a comment, so that its bytes are no other's and its picture is the same."""
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


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [
            int(child)
            for file in Path(f"/proc/{pid}/task").glob("*/children")
            for child in file.read_text().split()
        ]
    except OSError:  # it has just ended
        return
    for child in children:
        yield from _tree(child)


def _status(pid: int, field: str) -> int:
    try:
        found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _entries(folder: str) -> int:
    try:
        return len(os.listdir(folder))  # noqa: PTH208  # a listing of links that need not lead on
    except OSError:
        return 0


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text)
    except OSError:
        return
