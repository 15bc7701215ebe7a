"""Hostile conditions for the server's storage: locked, frozen, replaced and full.

Run ``python -m benchmarks.hostile_storage`` (with ``--quick``, about two minutes), or call the
functions, which return an `Outcome` each. During each attack, several clients upload images, give
feedback and list their classifications, and another client requests the health once per 0.1 s.
Requires Linux; the attack on a full disk requires root, to mount a small file system.
"""

import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any, Final

from benchmarks.client import CLASSIFICATIONS, Client, NoResponseError, Response, list_all
from benchmarks.postgres import Postgres
from benchmarks.service import Expectations, Numbers, Server
from benchmarks.service_kills import image

CLIENTS: Final = 8
HEALTH_SECONDS: Final = 1.0
"""Maximum time of a health check, in seconds."""

ANSWER_SECONDS: Final = 5.0
"""Maximum time until other requests get a response, in seconds."""

RECOVERY_SECONDS: Final = 60
"""Maximum time after an attack until the server is ready again, in seconds."""


@dataclass
class Outcome:
    """What clients observed during an attack, and what the server has stored afterwards.

    Attributes
    ----------
    health_seconds, answer_seconds : float
        Duration of the slowest health check and of the slowest other request.
    ready : Counter
        Number of health checks during the attack, by the value of ``ready``.
    responses : Counter
        Number of responses during the attack, by method, status and code.
    acknowledged, lost : int
        Number of uploads that were acknowledged, and of those that are missing afterwards.
    recovered_seconds : float or None
        Time after the attack until the server was ready; None if it did not become ready.
    main_memory, reader_memory : int
        Peak memory of the main process and of the largest reader process, in bytes.
    notes : dict
        Further observations.
    """

    health_seconds: float = 0.0
    answer_seconds: float = 0.0
    ready: Counter[object] = field(default_factory=Counter)
    responses: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: int = 0
    recovered_seconds: float | None = None
    main_memory: int = 0
    reader_memory: int = 0
    notes: dict[str, object] = field(default_factory=dict)


class Load:
    """Clients that use a server until they are stopped.

    Parameters
    ----------
    server : Server
    outcome : Outcome
        Filled with what the clients observe while `attacked` is set.
    """

    def __init__(self, server: Server, outcome: Outcome) -> None:
        self.attacked = Event()
        self.ids: dict[str, dict[str, str]] = {}
        self._server = server
        self._outcome = outcome
        self._stopped = Event()
        self._lock = Lock()
        self._numbers = iter(Numbers())

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the clients during a ``with`` block."""
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            tasks = [pool.submit(self._use) for _ in range(CLIENTS)]
            tasks.append(pool.submit(self._watch))
            try:
                yield
            finally:
                self._stopped.set()
        for task in tasks:
            task.result()

    def count_lost(self) -> int:
        """Return the number of acknowledged classifications that the server no longer has."""
        by_cookie: dict[str, set[str]] = {}
        for id, cookies in self.ids.items():  # noqa: A001
            by_cookie.setdefault(str(cookies), set()).add(id)
        lost = 0
        for ids in by_cookie.values():
            client = Client(self._server.address, self.ids[next(iter(ids))])
            lost += len(ids - {record["id"] for record in list_all(client)})
            client.close()
        return lost

    def _use(self) -> None:
        client = Client(self._server.address)
        latest: str | None = None
        while not self._stopped.is_set():
            with self._lock:
                number = next(self._numbers)
            content, name = image(f"load-{number}"), f"{number}.png"
            uploaded = self._note("POST", partial(client.classify, content, name))
            if uploaded is not None and uploaded.status == 201:
                latest = uploaded.json()["id"]
                self.ids[latest] = dict(client.cookies)
            if latest is not None:
                comment = {"verdict": "incorrect", "comment": name}
                route = f"{CLASSIFICATIONS}/{latest}/feedback"
                self._note("PUT", partial(client.put, route, comment))
            self._note("GET", partial(client.get, CLASSIFICATIONS))
            time.sleep(0.05)
        client.close()

    def _watch(self) -> None:
        client = Client(self._server.address)
        while not self._stopped.is_set():
            during = self.attacked.is_set()
            response = self._try(lambda: client.get(self._server.health))
            if response is not None and during:
                ready = response.json().get("ready") if response.status == 200 else response.status
                self._outcome.ready[ready] += 1
                self._outcome.health_seconds = max(self._outcome.health_seconds, response.seconds)
            time.sleep(0.1)
        client.close()

    def _note(self, what: str, send: Callable[[], Response]) -> Response | None:
        during = self.attacked.is_set()
        response = self._try(send)
        if during:
            answer = f"{response.status} {response.code}" if response else "no response"
            with self._lock:
                self._outcome.responses[f"{what} {answer}".strip()] += 1
                if response is not None:
                    slowest = max(self._outcome.answer_seconds, response.seconds)
                    self._outcome.answer_seconds = slowest
        return response

    @staticmethod
    def _try(send: Callable[[], Response]) -> Response | None:
        try:
            return send()
        except NoResponseError:
            return None


def attack(
    server: Server, begin: Callable[[], None], end: Callable[[], None], seconds: float
) -> Outcome:
    """Attack a running server that has clients, and observe it during and after the attack.

    Parameters
    ----------
    server : Server
        A running server.
    begin, end : callable
        Functions that begin and end the attack.
    seconds : float
        Duration of the attack.
    """
    outcome = Outcome()
    load = Load(server, outcome)
    with load.running():
        time.sleep(2)
        begin()
        time.sleep(0.2)
        load.attacked.set()
        time.sleep(seconds)
        load.attacked.clear()
        end()
        ended = time.monotonic()
        while time.monotonic() - ended < RECOVERY_SECONDS and not server.is_ready():
            time.sleep(0.1)
        if server.is_ready():
            outcome.recovered_seconds = time.monotonic() - ended
            time.sleep(2)
    outcome.main_memory, outcome.reader_memory = server.peaks()
    outcome.acknowledged = len(load.ids)
    outcome.lost = load.count_lost() if server.is_ready() else -1
    return outcome


def lock_database(folder: Path, seconds: float = 60) -> Outcome:
    """Attack: another program holds SQLite's write lock."""
    with Server(folder) as server:
        other = sqlite3.connect(
            server.data / "deepsky.db", isolation_level=None, check_same_thread=False
        )
        return attack(
            server,
            lambda: other.execute("BEGIN IMMEDIATE").close(),
            lambda: other.execute("ROLLBACK").close(),
            seconds,
        )


def freeze_postgresql(folder: Path, seconds: float = 60) -> Outcome:
    """Attack: the processes of PostgreSQL are suspended."""
    with Postgres() as postgres:
        server = Server(folder, database_url=postgres.url)
        assert server.run("db", "upgrade").returncode == 0
        with server:
            return attack(
                server,
                lambda: postgres.signal(signal.SIGSTOP),
                lambda: postgres.signal(signal.SIGCONT),
                seconds,
            )


def _replace(path: Path) -> None:
    Path(f"{path}.copy").replace(path)


def _overwrite(path: Path) -> None:
    shutil.copyfile(f"{path}.copy", path)


def _halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES: Final[dict[str, Callable[[Path], None]]] = {
    "deleted": Path.unlink,
    "emptied": lambda path: os.truncate(path, 0),
    "truncated": lambda path: _halve(path),
    "replaced by an older copy": _replace,
    "overwritten by an older copy": _overwrite,
    "WAL deleted": lambda path: path.with_name(f"{path.name}-wal").unlink(),
    "WAL truncated": lambda path: _halve(path.with_name(f"{path.name}-wal")),
    "WAL emptied": lambda path: os.truncate(path.with_name(f"{path.name}-wal"), 0),
}
"""Ways to damage an SQLite database under a running server, as functions of its path."""


def damage_database(folder: Path, damage: str, seconds: float = 5) -> Outcome:
    """Attack: another program damages the SQLite database; uploads must not be acknowledged.

    The server is not expected to recover. `Outcome.acknowledged` counts only uploads that were
    acknowledged after the damage.
    """
    outcome = Outcome()
    with Server(folder) as server:
        path = server.data / "deepsky.db"
        client = Client(server.address)
        for number in range(5):
            assert client.classify_patiently(image(f"before-{number}")).status == 201
        with sqlite3.connect(path) as source, sqlite3.connect(f"{path}.copy") as copy:
            source.backup(copy)
        for number in range(5):
            assert client.classify_patiently(image(f"then-{number}")).status == 201
        load = Load(server, outcome)
        with load.running():
            time.sleep(1)
            DAMAGES[damage](path)
            time.sleep(0.2)
            load.attacked.set()
            load.ids.clear()
            time.sleep(seconds)
            load.attacked.clear()
        outcome.acknowledged = len(load.ids)
        outcome.main_memory, outcome.reader_memory = server.peaks()
        client.close()
        server.kill()
    return outcome


def move_database_away(folder: Path, seconds: float = 5) -> Outcome:
    """Attack: the database is moved to another folder, and then moved back."""
    with Server(folder) as server:
        path = server.data / "deepsky.db"
        away = folder / "away.db"
        return attack(
            server, partial(os.rename, path, away), partial(os.rename, away, path), seconds
        )


def fill_disk(folder: Path, megabytes: int = 48) -> Outcome:
    """Attack: the disk is full; classifications can still be deleted, and uploads are refused."""
    outcome = Outcome()
    with small_disk(folder / "disk", megabytes) as disk, Server(folder, data=disk) as server:
        client = Client(server.address)
        ids = [
            client.classify_patiently(image(f"full-{number}"), f"{number}.png").json()["id"]
            for number in range(20)
        ]
        filler = disk / "filler"
        fill(filler)
        outcome.ready[server.is_ready()] += 1
        for number in range(3):
            response = client.classify_patiently(image(f"more-{number}"))
            outcome.responses[f"POST {response.status} {response.code}"] += 1
            fill(filler)
        for id in ids[:10]:  # noqa: A001
            response = client.delete(f"{CLASSIFICATIONS}/{id}")
            outcome.responses[f"DELETE {response.status} {response.code}".strip()] += 1
            outcome.answer_seconds = max(outcome.answer_seconds, response.seconds)
            fill(filler)
        filler.unlink()
        began = time.monotonic()
        while time.monotonic() - began < RECOVERY_SECONDS and not server.is_ready():
            time.sleep(0.1)
        outcome.recovered_seconds = time.monotonic() - began if server.is_ready() else None
        response = client.classify_patiently(image("after"))
        outcome.notes["upload afterwards"] = response.status
        left = {record["id"] for record in list_all(client)}
        outcome.acknowledged = 11
        undeleted = len(set(ids[:10]) & left)
        outcome.lost = len(set(ids[10:]) - left) + undeleted + (response.status != 201)
        outcome.notes["undeleted"] = undeleted
        outcome.main_memory, outcome.reader_memory = server.peaks()
        client.close()
        server.stop()
    return outcome


def kill_during_retries(folder: Path, kills: int = 10) -> Outcome:
    """Attack: the server is killed during uploads; clients without a cookie repeat them.

    Each upload must be stored once, and must belong to the session whose cookie arrived.
    """
    outcome = Outcome()
    server = Server(folder)
    server.start()
    try:
        for number in range(kills):
            content, key = image(f"retry-{number}"), f"key-{number}"
            with ThreadPoolExecutor(5) as pool:
                for repetition in range(3):
                    tasks = [
                        pool.submit(_upload_without_cookie, server, content, key) for _ in range(5)
                    ]
                    time.sleep(0.02 + 0.03 * ((number + repetition) % 5))
                    if repetition < 2:
                        server.kill()
                        for task in tasks:
                            task.result()
                        server.start()
            answers = [task.result() for task in tasks]
            ids = {answer[0] for answer in answers if answer is not None}
            outcome.acknowledged += 1
            if not ids:
                continue
            _, cookies = next(answer for answer in answers if answer is not None)
            client = Client(server.address, cookies)
            listed = {record["id"] for record in list_all(client)}
            client.close()
            outcome.lost += listed != ids
        server.stop()
    finally:
        server.__exit__()
    with sqlite3.connect(server.data / "deepsky.db") as connection:
        [(rows, images)] = connection.execute(
            "SELECT COUNT(*), COUNT(DISTINCT image_sha256) FROM classifications"
        )
    outcome.notes |= {"rows": rows, "images": images}
    return outcome


def find_deleted_content(folder: Path, seconds: float = 60) -> Outcome:
    """Delete classifications and feedback, and search the data folder for what they contained."""
    outcome = Outcome()
    marks = [b"namemark7261", b"commentmark7261", b"withdrawnmark7261"]
    with Server(folder) as server:
        client = Client(server.address)
        for number in range(50):
            name = f"namemark7261-{number}.png"
            identity = client.classify_patiently(image(f"mark-{number}"), name).json()["id"]
            route = f"{CLASSIFICATIONS}/{identity}"
            comment = {"verdict": "incorrect", "comment": f"withdrawnmark7261 {number}"}
            client.put(f"{route}/feedback", comment)
            client.put(f"{route}/feedback", comment | {"comment": f"commentmark7261 {number}"})
            assert client.delete(route).status == 204
        began = time.monotonic()
        while (found := _search(server.data, marks)) and time.monotonic() - began < seconds:
            time.sleep(0.5)
        outcome.recovered_seconds = None if found else time.monotonic() - began
        outcome.lost = len(found)
        outcome.notes["found"] = found
        images = [p for p in (server.data / "images").glob("??/*") if p.is_file()]
        outcome.notes["images"] = len(images)
        client.close()
        server.stop()
    return outcome


def _upload_without_cookie(
    server: Server, content: bytes, key: str
) -> tuple[str, dict[str, str]] | None:
    client = Client(server.address)
    try:
        response = client.classify(content, "retry.png", key=key)
    except NoResponseError:
        return None
    finally:
        client.close()
    return (response.json()["id"], client.cookies) if response.status == 201 else None


def _search(folder: Path, marks: list[bytes]) -> list[str]:
    """Return the files that contain a mark, and the mark."""
    found = []
    for path in folder.rglob("*"):
        with suppress(OSError):
            content = path.read_bytes() if path.is_file() else b""
            found += [f"{path.name}: {mark.decode()}" for mark in marks if mark in content]
    return found


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small file system in memory, which requires root."""
    folder.mkdir(parents=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)],
        check=True,
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Append to a file until the disk is full."""
    with path.open("ab") as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while True:
                    os.write(file.fileno(), b"x" * size)


def main() -> int:
    """Run all attacks, and return the exit status: 1 if an expectation was not met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--quick", action="store_const", const=8.0, dest="seconds")
    parser.add_argument("--only", default="", help="run only the attacks whose name contains this")
    arguments = parser.parse_args()
    attacks: dict[str, Callable[[Path], Outcome]] = {
        "database locked": lambda folder: lock_database(folder, arguments.seconds),
        "PostgreSQL frozen": lambda folder: freeze_postgresql(folder, arguments.seconds),
        "database moved": move_database_away,
        **{f"database {damage}": partial(damage_database, damage=damage) for damage in DAMAGES},
        "disk full": fill_disk,
        "kills during retries": kill_during_retries,
        "deleted content": find_deleted_content,
    }
    expectations = Expectations()
    for name, run in attacks.items():
        if arguments.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            _report(name, run(Path(folder)), expectations)
    return expectations.exit_status


def _report(name: str, outcome: Outcome, expectations: Expectations) -> None:
    print(f"{name}: {dict(outcome.ready)} {dict(outcome.responses)} {outcome.notes}")
    damaged = name.removeprefix("database ") in DAMAGES
    slowest = f"{outcome.health_seconds:.2f} s, {outcome.answer_seconds:.2f} s"
    fast = outcome.health_seconds < HEALTH_SECONDS and outcome.answer_seconds < ANSWER_SECONDS
    expectations.check(f"{name}: slowest health check and answer", slowest, fast)
    if damaged:
        found: Any = outcome.acknowledged
        expectations.check(f"{name}: acknowledged after it", found, found == 0)
        expectations.check(f"{name}: ready", dict(outcome.ready), True not in outcome.ready)
    else:
        found = f"{outcome.acknowledged}, {outcome.lost}"
        expectations.check(f"{name}: acknowledged, lost", found, outcome.lost == 0)
    if "rows" in outcome.notes:
        same = outcome.notes["rows"] == outcome.notes["images"] == outcome.acknowledged
        expectations.check(f"{name}: each upload stored once", outcome.notes, same)
    elif not damaged:
        found = outcome.recovered_seconds
        expectations.check(f"{name}: recovered after", found, found is not None)


if __name__ == "__main__":
    sys.exit(main())
