"""Attacks on the server by clients that hold connections, threads, disk space or places.

Run ``python -m benchmarks.hostile_connections``, or with the names of some attacks. During each
attack, the health of the server is requested from the address of the attacker, and the web page and
classifications are requested from another address (127.0.0.3, so the benchmark requires Linux). All
attacks go to a server that the benchmark starts on this machine.
"""

import argparse
import json
import resource
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.client import API, CLASSIFICATIONS, FORM, Client, form, form_around
from benchmarks.service import DEEPSKY, Server

OTHER_ADDRESS: Final = "127.0.0.3"
"""Source address of the clients that do not attack."""

PATIENCE: Final = 20.0
"""Timeout of the requests that are measured, in seconds."""

HEALTH_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 5.0

HEAD: Final = f"POST {CLASSIFICATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\n"


@dataclass(slots=True)
class Outcome:
    """Result of an attack.

    Attributes
    ----------
    attack : str
    health : float
        Longest time to get the health of the server, in seconds.
    answer : float
        Longest time in which another client got the page, an answer or a refusal (503), in seconds.
    failed : int
        Number of measured requests without a response.
    statuses : dict of int to int
        Number of responses to the other client, by HTTP status.
    main_memory, reader_memory : int
        Peak memory of the main process and of the largest reader process, in bytes.
    disk : int
        Largest size of the temporary files of the server, in bytes.
    log : int
        Number of bytes written to the log.
    recovered : bool
        Whether the server works normally after the attack.
    lost : int
        Number of classifications of the other client that were acknowledged and are missing.
    """

    attack: str
    health: float = 0
    answer: float = 0
    failed: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    main_memory: int = 0
    reader_memory: int = 0
    disk: int = 0
    log: int = 0
    recovered: bool = False
    lost: int = 0

    @property
    def passed(self) -> bool:
        """Whether the server met its targets."""
        in_time = self.health <= HEALTH_SECONDS and self.answer <= ANSWER_SECONDS
        expected = self.statuses.keys() <= {200, 201, 503}
        return in_time and expected and self.recovered and not self.failed and not self.lost


class FewDescriptors(Server):
    """Server that can open 1024 files, the default limit of many systems."""

    command = ("sh", "-c", 'ulimit -n 1024; exec "$0" "$@"', DEEPSKY, "serve", "--port", "0")


def slow_heads(server: Server, connections: int = 1010) -> Iterator[None]:
    """Send request heads at one byte per second."""
    with _drip(server, connections, b"GET / HTTP/1.1\r\nX: "):
        yield


def slow_bodies(server: Server, connections: int = 300) -> Iterator[None]:
    """Send request bodies at one byte per second."""
    with _drip(server, connections, f"{HEAD}Content-Length: 1000000\r\n\r\n".encode()):
        yield


def slow_reads(server: Server, connections: int = 300) -> Iterator[None]:
    """Request a large file and do not receive it."""
    request = b"GET /api/docs/swagger-ui/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with _drip(server, connections, request, b""):
        yield


def few_descriptors(server: Server, connections: int = 1100) -> Iterator[None]:
    """Open more connections than the server can open files."""
    with _drip(server, connections, b"GET / HTTP/1.1\r\nX: "):
        yield


def held_bodies(server: Server, connections: int = 4, size: int = 200_000_000) -> Iterator[None]:
    """Send almost all of large request bodies without an API key, and keep the connections."""
    with ExitStack() as stack:
        for _ in range(connections):
            held = stack.enter_context(socket.create_connection(server.address, timeout=5))
            with suppress(OSError):
                held.sendall(f"{HEAD}Content-Length: {size + 1}\r\n\r\n".encode())
                for _ in range(size // 1_000_000):
                    held.sendall(bytes(1_000_000))
        yield


def preview_flood(server: Server, threads: int = 64) -> Iterator[None]:
    """Request previews and evidence overlays of large images over many connections."""
    client = Client(server.address)
    ids = [client.classify_patiently(_large_png(n, 3000)).json()["id"] for n in range(6)]
    paths = [
        f"{CLASSIFICATIONS}/{id_}/{name}"
        for id_ in ids
        for name in ("image", "image?size=small", "evidence/galaxy.png")
    ]
    with _repeat(threads, lambda n: Client(server.address, client.cookies).get(paths[n % 18])):
        yield


def place_hogging(server: Server, requests: int = 32, images: int = 32) -> Iterator[None]:
    """Send many requests with many images that take long to read."""
    with _hog(server, requests, images):
        yield


def hung_up(server: Server, requests: int = 16, images: int = 32) -> Iterator[None]:
    """Send the same requests, and close the connections without receiving the responses."""
    with _hog(server, requests, images):
        time.sleep(2)
    yield


def many_parts(server: Server, requests: int = 16, parts: int = 495) -> Iterator[None]:
    """Send forms with many files."""
    body = _form_of([b"x" * 2000] * parts)
    headers = {"Content-Type": FORM}
    with _repeat(
        requests,
        lambda _: Client(server.address).request("POST", CLASSIFICATIONS, body, headers),
    ):
        yield


Attack = Callable[[Server], Iterator[threading.Event | None]]
"""Generator function that begins an attack, yields once, and ends the attack.

It can yield an event that is set when the attack is finished; otherwise, the attack has a fixed
duration.
"""

ATTACKS: Final[dict[str, tuple[Attack, type[Server], dict[str, object]]]] = {
    "slow_heads": (slow_heads, Server, {}),
    "slow_bodies": (slow_bodies, Server, {}),
    "slow_reads": (slow_reads, Server, {}),
    "few_descriptors": (few_descriptors, FewDescriptors, {}),
    "held_bodies": (held_bodies, Server, {"access": "keys"}),
    "preview_flood": (preview_flood, Server, {}),
    "place_hogging": (place_hogging, Server, {}),
    "hung_up": (hung_up, Server, {}),
    "many_parts": (many_parts, FewDescriptors, {}),
}
"""The attacks, with the kind of server and its settings."""


def run(name: str, seconds: float = 15, after: float = 60) -> Outcome:
    """Run an attack on a new server.

    Parameters
    ----------
    name : str
        Key in `ATTACKS`.
    seconds : float
        Duration of the attack, in seconds.
    after : float
        Maximum time until the server must work normally again, in seconds.
    """
    attack, kind, settings = ATTACKS[name]
    return run_attack(name, attack, seconds, after, kind, settings)


def run_attack(
    name: str,
    attack: Attack,
    seconds: float,
    after: float,
    kind: type[Server] = Server,
    settings: dict[str, object] | None = None,
) -> Outcome:
    """Run an attack, given as a generator function, on a new server."""
    outcome = Outcome(name)
    settings = settings or {}
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / "temporary"
        temporary.mkdir()
        server = kind(Path(folder) / "server", **settings)
        server.environment["TMPDIR"] = str(temporary)
        key = _make_key(server) if settings.get("access") == "keys" else {}
        with server:
            owner = key or _begin_session(server)
            acknowledged: list[str] = []
            server.reset_peak()
            before = len(server.errors())
            with (
                contextmanager(attack)(server) as finished,
                _measured(server, outcome, owner, acknowledged),
            ):
                deadline = time.monotonic() + seconds
                while time.monotonic() < deadline or (finished and not finished.is_set()):
                    outcome.disk = max(outcome.disk, _open_bytes(server))
                    _update_peaks(server, outcome)
                    time.sleep(0.5)
            outcome.log = len(server.errors()) - before
            outcome.recovered = _recovers(server, owner, after)
            outcome.lost = sum(
                _request(server, "GET", f"{CLASSIFICATIONS}/{id_}", None, owner)[0] != 200
                for id_ in acknowledged
            )
    return outcome


@contextmanager
def _drip(server: Server, count: int, start: bytes, byte: bytes = b"a") -> Iterator[None]:
    """Open connections that send `start`, and then one byte per second."""
    opened: list[socket.socket] = []
    for _ in range(count):
        with suppress(OSError):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(3)
            opened.append(connection)
            connection.connect(server.address)
            connection.sendall(start)
            connection.setblocking(False)
    stopped = threading.Event()

    def drip() -> None:
        while byte and not stopped.wait(1):
            for connection in opened:
                with suppress(OSError):
                    connection.send(byte)

    thread = threading.Thread(target=drip)
    thread.start()
    yield
    stopped.set()
    thread.join()
    for connection in opened:
        connection.close()


@contextmanager
def _repeat(threads: int, request: Callable[[int], object]) -> Iterator[None]:
    """Repeat a request in many threads. The threads end with the server."""
    stopped = threading.Event()

    def repeat(number: int) -> None:
        while not stopped.is_set():
            with suppress(Exception):
                request(number)
            number += 1

    for number in range(threads):
        threading.Thread(target=repeat, args=[number], daemon=True).start()
    time.sleep(1)
    yield
    stopped.set()


@contextmanager
def _hog(server: Server, requests: int, images: int) -> Iterator[None]:
    """Send requests with images that take long to read, without receiving the responses."""
    body = _form_of([_large_png(number, 7900) for number in range(images)])
    head = f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(requests):
            connection = stack.enter_context(socket.create_connection(server.address, timeout=5))
            with suppress(OSError):
                connection.sendall(head + body)
        yield


@contextmanager
def _measured(
    server: Server, outcome: Outcome, owner: dict[str, str], acknowledged: list[str]
) -> Iterator[None]:
    """Measure the server in the meantime, and collect the IDs of acknowledged classifications."""
    stopped = threading.Event()
    body = form(_small_jpeg(), "small.jpg")

    def health() -> None:
        while not stopped.wait(0.2):
            _, seconds, _ = _request(server, "GET", f"{API}/health", source="127.0.0.1")
            outcome.health = max(outcome.health, seconds)

    def answers() -> None:
        while not stopped.wait(0.2):
            for method, path, content in (("GET", "/", None), ("POST", CLASSIFICATIONS, body)):
                headers = {"Content-Type": FORM, **owner} if content else {}
                status, seconds, answer = _request(server, method, path, content, headers)
                if status == 201:
                    acknowledged.append(json.loads(answer)["id"])
                outcome.answer = max(outcome.answer, seconds)
                outcome.failed += status == 0
                outcome.statuses[status] = outcome.statuses.get(status, 0) + 1

    threads = [threading.Thread(target=task) for task in (health, answers)]
    for thread in threads:
        thread.start()
    yield
    stopped.set()
    for thread in threads:
        thread.join()


def _request(
    server: Server,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    source: str = OTHER_ADDRESS,
) -> tuple[int, float, bytes]:
    """Send a request over a new connection; return status (0: no response), duration and body."""
    started = time.perf_counter()
    connection = HTTPConnection(*server.address, timeout=PATIENCE, source_address=(source, 0))
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        content = response.read()
        status = response.status
    except (OSError, HTTPException):
        status, content = 0, b""
    finally:
        connection.close()
    return status, time.perf_counter() - started, content


def _recovers(server: Server, owner: dict[str, str], seconds: float) -> bool:
    """Return whether classifications from both addresses succeed promptly within some time."""
    deadline = time.monotonic() + seconds
    headers = {"Content-Type": FORM, **owner}
    body = form(_small_jpeg(), "small.jpg")
    while time.monotonic() < deadline:
        found = [
            _request(server, "POST", CLASSIFICATIONS, body, headers, source)
            for source in ("127.0.0.1", OTHER_ADDRESS)
        ]
        if all(status == 201 and taken < 1 for status, taken, _ in found):
            return True
        time.sleep(1)
    return False


def _make_key(server: Server) -> dict[str, str]:
    """Create an API key, and return the header that contains it."""
    output = server.run("keys", "add", "benchmark").stdout
    key = next(word for word in output.split() if word.startswith("dsk_"))
    return {"Authorization": f"Bearer {key}"}


def _begin_session(server: Server) -> dict[str, str]:
    """Begin a session, and return the header that contains its cookie."""
    client = Client(server.address)
    client.request("POST", f"{API}/session")
    client.close()
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


def _update_peaks(server: Server, outcome: Outcome) -> None:
    main, reader = server.peaks()
    outcome.main_memory = max(outcome.main_memory, main)
    outcome.reader_memory = max(outcome.reader_memory, reader)


def _open_bytes(server: Server) -> int:
    """Return the size of the deleted temporary files that the server has open."""
    size = 0
    for link in Path(f"/proc/{server.pid}/fd").iterdir():
        with suppress(OSError):
            if str(link.readlink()).endswith("(deleted)"):
                size += link.stat().st_size
    return size


def _form_of(images: list[bytes]) -> bytes:
    head, tail = form_around("image.png")
    return b"\r\n".join(head + image for image in images) + tail


def _small_jpeg() -> bytes:
    stream = BytesIO()
    pixels = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(stream, "JPEG")
    return stream.getvalue()


def _large_png(number: int, side: int) -> bytes:
    """Return a small file with a large image, which takes long to read."""
    row = np.random.default_rng(number).integers(0, 255, (1, side, 3), dtype=np.uint8)
    stream = BytesIO()
    Image.fromarray(np.repeat(row, side, axis=0)).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def main() -> int:
    """Run attacks, and return the exit status: 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("attack", nargs="*", choices=[[], *ATTACKS], help="default: all attacks")
    parser.add_argument("--seconds", type=float, default=15, help="duration of each attack")
    parser.add_argument("--json", type=Path, help="write the outcomes to this file")
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    outcomes = []
    print(
        "| attack | health | answer | failed | statuses | main process | largest reader | disk "
        "| log | recovered | lost |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in arguments.attack or ATTACKS:
        outcome = run(name, arguments.seconds)
        outcomes.append(outcome)
        print(
            f"| {name} | {outcome.health:.2f} s | {outcome.answer:.2f} s | {outcome.failed} "
            f"| {outcome.statuses} | {outcome.main_memory / 1e6:.0f} MB "
            f"| {outcome.reader_memory / 1e6:.0f} MB | {outcome.disk / 1e6:.0f} MB "
            f"| {outcome.log / 1e3:.0f} kB | {outcome.recovered} | {outcome.lost} |",
            flush=True,
        )
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(outcome) for outcome in outcomes], indent=1))
    return int(not all(outcome.passed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
