"""Soak test with disturbances: nothing may be lost, and memory and open files must not grow.

Run ``python -m benchmarks.mixed_life --minutes 60`` as root on an otherwise idle Linux machine.
Several sessions upload images in all formats at half the highest rate of the server. They also list
and fetch their classifications, give feedback, delete classifications, repeat requests, close
connections early and send damaged files. Every few minutes, the server or one of its reader
processes is killed, its disk is full, its database is locked, or its processes are suspended.
"""

import argparse
import csv
import hashlib
import os
import random
import re
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.client import API, CLASSIFICATIONS, Client, NoResponseError, list_all
from benchmarks.hostile_storage import fill, small_disk
from benchmarks.load import image as large_jpeg
from benchmarks.mutations import ImageFile, save_in_all_formats
from benchmarks.processes import memory
from benchmarks.service import Expectations, Server, megabytes
from benchmarks.service_kills import Ledger, Writer, check_keys, check_records

WRITERS: Final = 4
KEPT: Final = 400
"""Number of classifications that each session keeps; older ones are deleted."""

SAMPLE_SECONDS: Final = 10.0
DISTURBANCE_SECONDS: Final = 20.0
SUSPENSION_SECONDS: Final = 5.0
SETTLING_SECONDS: Final = 5.0
"""Time after a disturbance that is counted as part of it, in seconds."""

DISK_MEGABYTES: Final = 1500
MAX_GROWTH: Final = 1e6
"""Maximum growth of the memory of the main process, in bytes per minute."""


class Person(Writer):
    """Client with its own session, which sends the requests of a user at a given rate.

    Parameters
    ----------
    name : str
    server : Server
    ready : Event
        Event that is set while the server is running.
    finish : Event
        Event that is set when the client must stop.
    """

    def __init__(self, name: str, server: Server, ready: Event, finish: Event) -> None:
        super().__init__(name, server, ready, finish, Ledger(), {})
        self.rate = float("inf")
        self.seen: Counter[str] = Counter()
        self.files: dict[str, ImageFile] = {}
        self.previews: dict[str, bytes] = {}
        self._stream = _draw(name)

    @property
    def ledger(self) -> Ledger:
        """Acknowledged changes."""
        return self._ledger

    @property
    def cookies(self) -> dict[str, str]:
        """Cookies of the session."""
        return self._cookies

    def run(self) -> None:
        """Begin a session, and send requests until `finish` is set."""
        client = Client(self._server.address)
        client.request("POST", f"{API}/session")
        client.close()
        self._cookies.update(client.cookies)
        due = time.monotonic()
        for number in count():
            due = max(due + self._chance.expovariate(self.rate), time.monotonic() - 1)
            if self._finish.wait(max(0, due - time.monotonic())):
                return
            self._upload(f"{self._name}-{number}", next(self._stream))
            if self._own:
                self._browse()
            while len(self._own) > KEPT:
                self._delete(self._own.pop(0))

    def _upload(self, key: str, file: ImageFile) -> None:
        is_damaged = self._chance.random() < 0.1
        if is_damaged:
            file = ImageFile(file.suffix, file.content[: len(file.content) // 2])
        name = f"{key}.{file.suffix}"
        if self._chance.random() < 0.1:
            self._hang_up(key, file.content, name)
        response, _ = self._send_until_response(
            lambda client: client.classify(file.content, name, key=key)
        )
        self.seen[f"POST {file.suffix} {response.status} {response.code}".strip()] += 1
        if response.status != 201:
            if not (is_damaged and 400 <= response.status < 500):
                self._report(f"POST {name}", response)
            return
        record = response.json()
        if record["image_sha256"] != hashlib.sha256(file.content).hexdigest():
            self._report(f"POST {name}, SHA-256 of another image", response)
        self._own.append(record)
        self.files[key] = file
        self.files.pop(next(iter(self.files)) if len(self.files) > KEPT else "", None)
        with self._ledger.lock:
            self._ledger.records[key] = record

    def _hang_up(self, key: str, content: bytes, name: str) -> None:
        """Send the upload, and close the connection without receiving the response."""
        client = Client(self._server.address, self._cookies, seconds=0.5 * self._chance.random())
        try:
            client.classify(content, name, key=key)
        except NoResponseError:
            self.seen["connections closed early"] += 1

    def _browse(self) -> None:
        record = self._chance.choice(self._own)
        here = f"{CLASSIFICATIONS}/{record['id']}"
        habits: tuple[tuple[float, str], ...] = (
            (0.5, here),
            (0.3, f"{here}/evidence/{record['label']}.png"),
            (0.2, f"{CLASSIFICATIONS}?limit=50"),
            (0.05, f"{API}/feedback/summary"),
        )
        for likelihood, path in habits:
            if self._chance.random() < likelihood:
                response, _ = self._send_until_response(lambda client: client.get(path))  # noqa: B023
                if response.status != 200:
                    self._report(f"GET {path}", response)
        if self._chance.random() < 0.3:
            response, _ = self._send_until_response(lambda client: client.get(f"{here}/image"))
            before = self.previews.setdefault(record["id"], response.body)
            if response.status != 200 or before != response.body:
                self._report("GET image", response)
        if self._chance.random() < 0.3:
            self._give_feedback(record)
        if self._chance.random() < 0.2:
            self._own.remove(record)
            self._delete(record)

    def check(self, expectations: Expectations) -> None:
        """Check that the server has all of this session's data, and nothing that was deleted."""
        client = Client(self._server.address, self._cookies)
        check_records(client, self._ledger, expectations)
        check_keys(client, self._ledger, expectations, self._sent)
        differing = []
        for record in list_all(client):
            before = self.previews.get(record["id"])
            path = f"{CLASSIFICATIONS}/{record['id']}/image"
            if before is not None and client.get(path).body != before:
                differing.append(record["id"])
        expectations.check("previews that differ from earlier ones", differing, not differing)
        client.close()

    def _sent(self, key: str) -> tuple[bytes, str]:
        file = self.files[key]
        return file.content, f"{key}.{file.suffix}"


def _draw(name: str) -> Iterator[ImageFile]:
    """Yield different images in all formats, in random order. Every tenth is a large JPEG."""
    rng = np.random.default_rng(list(name.encode()))
    for number in count():
        sky = rng.normal(rng.integers(20, 90, 3), 12, (120, 160, 3))
        for _ in range(12):
            row, column = rng.integers(4, 116), rng.integers(4, 156)
            sky[row - 2 : row + 2, column - 2 : column + 2] += rng.integers(60, 200)
        pixels = sky.clip(0, 255).astype(np.uint8)
        files = list(save_in_all_formats(Image.fromarray(pixels)))
        files += [ImageFile("jpg", large_jpeg(number)) for _ in range(len(files) // 10)]
        # Some formats cannot tell two of the variants apart, so identical files are left out.
        distinct = list({file.content: file for file in files}.values())
        rng.shuffle(distinct)
        yield from distinct


@dataclass
class Watcher:
    """Thread that requests the health of the server four times per second.

    Attributes
    ----------
    disturbance : str
        Name of the current disturbance; an empty string otherwise.
    slowest : dict
        Duration of the slowest health check in seconds, by disturbance.
    silent, unready : Counter
        Number of health checks without a response, and with ``ready: false``, by disturbance.
    """

    server: Server
    disturbance: str = ""
    slowest: dict[str, float] = field(default_factory=dict)
    checks: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    unready: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the server during a ``with`` block."""
        stopped = Event()
        thread = Thread(target=self._watch, args=[stopped])
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()

    def _watch(self, stopped: Event) -> None:
        while not stopped.wait(0.25):
            before = self.disturbance
            client = Client(self.server.address, seconds=30)
            try:
                response = client.get(self.server.health)
            except NoResponseError:
                self.silent[before or self.disturbance] += 1
                continue
            finally:
                client.close()
            phase = before or self.disturbance
            self.checks[phase] += 1
            self.slowest[phase] = max(self.slowest.get(phase, 0), response.seconds)
            self.unready[phase] += not response.json().get("ready")


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory in bytes and open file descriptors of the processes of the server."""

    seconds: float
    starts: int
    main_memory: int
    largest_reader: int
    descriptors: int
    reader_processes: int


class Life:
    """The server, its clients and the disturbances.

    Parameters
    ----------
    server : Server
    seed : int
    """

    def __init__(self, server: Server, seed: int) -> None:
        self.server = server
        self.watcher = Watcher(server)
        self.samples: list[Sample] = []
        self.disturbances: Counter[str] = Counter()
        self.restart_seconds: list[float] = []
        self._ready, self._finish = Event(), Event()
        self.people = [
            Person(f"{seed}-{number}", server, self._ready, self._finish)
            for number in range(WRITERS)
        ]
        self._starts = 1
        self._chance = random.Random(seed)

    def live(self, minutes: float, every: float, rate: float | None) -> None:
        """Run the load, with a disturbance every few minutes.

        Parameters
        ----------
        minutes, every : float
            Duration, and time between disturbances, in minutes.
        rate : float, optional
            Images per second; by default half of the highest rate, which is measured first.
        """
        kinds: tuple[Callable[[], None], ...] = (
            self.kill_reader,
            self.lock_database,
            self.fill_disk,
            self.suspend,
        )
        self._ready.set()
        with ThreadPoolExecutor(WRITERS) as pool, self.watcher.watching():
            running = [pool.submit(person.run) for person in self.people]
            try:
                self._set_rate(rate or self._measure_rate() / 2)
                begin = time.monotonic()
                for number in count(1):
                    self._sample_until(begin, begin + min(number * every, minutes) * 60)
                    if number * every >= minutes:
                        break
                    rounds = 2 * len(kinds) + 1  # the server is killed after two rounds of the rest
                    self._disturb(
                        self.kill_server
                        if number % rounds == 0
                        else kinds[(number % rounds - 1) % len(kinds)]
                    )
            finally:
                self._finish.set()
        for done in running:
            done.result()

    def kill_server(self) -> None:
        """Kill all processes of the server, and start it again."""
        self._ready.clear()
        self.server.kill()
        started = time.monotonic()
        self.server.start()
        self.restart_seconds.append(time.monotonic() - started)
        self._starts += 1
        self._ready.set()

    def kill_reader(self) -> None:
        """Kill all reader processes, one after the other."""
        for reader in self._readers():
            os.kill(reader, signal.SIGKILL)
            time.sleep(1)

    def lock_database(self) -> None:
        """Hold SQLite's write lock."""
        other = sqlite3.connect(self.server.data / "deepsky.db", isolation_level=None)
        while True:
            try:
                other.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError:
                continue
        time.sleep(DISTURBANCE_SECONDS)
        other.execute("ROLLBACK")
        other.close()

    def fill_disk(self) -> None:
        """Fill the disk, and again whatever deletions free."""
        filler = self.server.data / "filler"
        deadline = time.monotonic() + DISTURBANCE_SECONDS
        while time.monotonic() < deadline:
            fill(filler)
            time.sleep(1)
        filler.unlink()

    def suspend(self) -> None:
        """Suspend all processes of the server."""
        os.killpg(self.server.pid, signal.SIGSTOP)
        time.sleep(SUSPENSION_SECONDS)
        os.killpg(self.server.pid, signal.SIGCONT)

    def _disturb(self, kind: Callable[[], None]) -> None:
        name = kind.__name__
        self.disturbances[name] += 1
        self.watcher.disturbance = name
        kind()
        time.sleep(SETTLING_SECONDS)
        self.watcher.disturbance = ""
        print(f"  {name}: health {self.watcher.slowest.get(name, 0):.2f} s", flush=True)

    def _measure_rate(self, seconds: float = 30) -> float:
        while any(len(person.ledger.records) < 10 for person in self.people):
            time.sleep(1)
        before = self._count_uploads()
        time.sleep(seconds)
        return (self._count_uploads() - before) / seconds

    def _set_rate(self, rate: float) -> None:
        print(f"{rate:.1f} images per second", flush=True)
        for person in self.people:
            person.rate = rate / WRITERS

    def _count_uploads(self) -> int:
        return sum(len(person.ledger.records) for person in self.people)

    def _readers(self) -> list[int]:
        return [pid for pid in self.server.processes() if pid != self.server.pid]

    def _sample_until(self, begin: float, deadline: float) -> None:
        while (now := time.monotonic()) < deadline:
            readers = self._readers()
            sample = Sample(
                now - begin,
                self._starts,
                memory(self.server.pid),
                max(map(memory, readers), default=0),
                self.server.descriptors(),
                len(readers),
            )
            self.samples.append(sample)
            if len(self.samples) % 6 == 1:
                print(
                    f"  minute {sample.seconds / 60:3.0f}: main process "
                    f"{megabytes(sample.main_memory)}, largest reader "
                    f"{megabytes(sample.largest_reader)}, {sample.descriptors} descriptors, "
                    f"{self._count_uploads()} images, "
                    f"slowest health {self.watcher.slowest.get('', 0):.2f} s",
                    flush=True,
                )
            time.sleep(min(SAMPLE_SECONDS, max(0, deadline - now)))


def growth(samples: list[Sample], warm_up: float) -> list[tuple[float, Sample, Sample]]:
    """Return the growth of the main process in bytes per minute after each start of the server.

    The first and the last sample are returned too. Samples in the first minutes after a start are
    ignored.
    """
    found = []
    for start in sorted({sample.starts for sample in samples}):
        own = [sample for sample in samples if sample.starts == start]
        warm = [s for s in own if s.seconds - own[0].seconds >= warm_up * 60]
        if len(warm) >= 12:
            minutes = [sample.seconds / 60 for sample in warm]
            slope = np.polyfit(minutes, [sample.main_memory for sample in warm], 1)[0]
            found.append((float(slope), warm[0], warm[-1]))
    return found


def report(life: Life, warm_up: float, expectations: Expectations) -> None:
    """Check memory, open files and health checks."""
    for slope, first, last in growth(life.samples, warm_up):
        expectations.check(
            f"growth of the main process per minute (target: less than {megabytes(MAX_GROWTH)})",
            f"{megabytes(slope)}, from {megabytes(first.main_memory)} to "
            f"{megabytes(last.main_memory)} in {(last.seconds - first.seconds) / 60:.0f} minutes; "
            f"largest reader from {megabytes(first.largest_reader)} to "
            f"{megabytes(last.largest_reader)}",
            slope < MAX_GROWTH,
        )
        expectations.check(
            "descriptors at the beginning and end",
            f"{first.descriptors}, {last.descriptors}",
            abs(last.descriptors - first.descriptors) <= 2 * WRITERS,
        )
    watcher = life.watcher
    for name in sorted(watcher.checks | watcher.silent):
        expectations.check(
            f"slowest health check, checks without response, unready, of {watcher.checks[name]} "
            f"({name.replace('_', ' ') or 'undisturbed'})",
            f"{watcher.slowest.get(name, 0):.2f} s, {watcher.silent[name]}, "
            f"{watcher.unready[name]}",
            name in {"kill_server", "suspend"}
            or (watcher.slowest[name] < 1 and not watcher.silent[name]),
        )
    print(f"disturbances: {dict(life.disturbances)}; starts after kills: {life.restart_seconds}")


def main() -> int:
    """Run the test, and return its exit status: 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", type=float, default=3, help="minutes between disturbances")
    parser.add_argument("--warm-up", type=float, default=3, help="minutes before the measurement")
    parser.add_argument("--rate", type=float, help="images per second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path, help="write the samples to this file")
    arguments = parser.parse_args()
    expectations = Expectations()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            small_disk(folder / "disk", DISK_MEGABYTES) as disk,
            Server(folder / "server", data=disk) as server,
        ):
            server.data = disk
            life = Life(server, arguments.seed)
            life.live(arguments.minutes, arguments.every, arguments.rate)
            for person in life.people:
                person.check(expectations)
            seen = sum((person.seen for person in life.people), Counter[str]())
            status = server.stop()
            expectations.check("exit status after SIGTERM", status, status == 0)
            checked = server.run("db", "check", "--contents")
            expectations.check(
                "deepsky db check", checked.stdout.strip()[-200:], checked.returncode == 0
            )
            errors = server.errors()
    for what, number in sorted(seen.items()):
        print(f"  {number:7} {what}")
    report(life, arguments.warm_up, expectations)
    if arguments.csv:
        with arguments.csv.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(Sample.__slots__)
            writer.writerows([getattr(s, name) for name in Sample.__slots__] for s in life.samples)
    kinds = Counter(re.findall(r"^[\w.]+Error\b", errors, re.MULTILINE))
    print(f"log: {megabytes(len(errors))}; errors in it: {dict(kinds)}")
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
