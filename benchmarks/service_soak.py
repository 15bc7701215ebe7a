"""Soak test: memory usage and the number of open files must not grow under a steady load.

Run ``python -m benchmarks.service_soak --minutes 20`` (with ``--quick``, four minutes) on an
otherwise idle machine. Images are uploaded at half the highest throughput of the server, or at the
rate given by ``--rate``. The load also includes all other kinds of requests: lists, previews,
evidence overlays, feedback, deletions and damaged files.
"""

import argparse
import csv
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Final

import numpy as np

from benchmarks.client import API, CLASSIFICATIONS, Client, NoResponseError, Response
from benchmarks.load import image, load_generator
from benchmarks.service import Expectations, Numbers, Server, megabytes
from deepsky.taxonomy import LABELS

CONNECTIONS: Final = 4
SAMPLE_SECONDS: Final = 5.0
"""Time between two samples, in seconds."""
MAX_GROWTH: Final = 1e6
"""Maximum growth of memory use, in bytes per minute."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory usage and number of open file descriptors of the server at one point in time."""

    seconds: float
    memory: int
    descriptors: int


class Visitor:
    """Client that uploads images at scheduled times and sends the requests of a typical user.

    Parameters
    ----------
    server : Server
    seed : int

    Attributes
    ----------
    seen : Counter
        Number of responses for each combination of request type and HTTP status. Status 0 means
        no response.
    """

    def __init__(self, server: Server, seed: int) -> None:
        self.seen: Counter[tuple[str, int]] = Counter()
        self._client = Client(server.address)
        self._chance = random.Random(seed)
        self._own: list[Record] = []

    def visit(self, numbers: Numbers, rate: float, begin: float, finish: Event) -> None:
        """Upload image n at the time ``begin + n / rate``, until `finish` is set."""
        for number in numbers:
            if finish.wait(max(0, begin + number / rate - time.monotonic())):
                break
            response = self._send("POST image", lambda: self._client.classify(image(number)))  # noqa: B023
            if response is not None and response.status == 201:
                self._own.append(response.json())
                self._browse()
        self._client.close()

    def _browse(self) -> None:
        client, record = self._client, self._chance.choice(self._own)
        here, label = f"{CLASSIFICATIONS}/{record['id']}", self._chance.choice(LABELS)
        wrong = {"verdict": "incorrect", "label": label, "comment": "looks like it"}
        feedback = {"verdict": "correct"} if label == record["label"] else wrong
        habits: list[tuple[float, str, Callable[[], Response]]] = [
            (1.0, "GET classification", lambda: client.get(here)),
            (0.5, "GET image", lambda: client.get(f"{here}/image")),
            (0.5, "GET evidence", lambda: client.get(f"{here}/evidence/{label}.png")),
            (0.3, "GET list", lambda: client.get(f"{CLASSIFICATIONS}?limit=50&label={label}")),
            (0.3, "PUT feedback", lambda: client.put(f"{here}/feedback", feedback)),
            (0.1, "POST broken", lambda: client.classify(image(0)[:5_000])),
            (0.05, "GET summary", lambda: client.get(f"{API}/feedback/summary")),
            (0.05, "GET metrics", lambda: client.get(f"{API}/metrics")),
        ]
        for likelihood, what, send in habits:
            if self._chance.random() < likelihood:
                self._send(what, send)
        if self._chance.random() < 0.5:
            self._own.remove(record)
            self._send("DELETE classification", lambda: client.delete(here))
        if self._chance.random() < 0.01:  # without the cookies, the server starts a new session
            client.cookies.clear()
            self._own.clear()

    def _send(self, what: str, send: Callable[[], Response]) -> Response | None:
        try:
            response = send()
        except NoResponseError:
            response = None
        self.seen[what, response.status if response else 0] += 1
        return response


def half_of_full_rate(server: Server) -> float:
    """Measure the highest throughput of the server, and return half of it, in images per second."""
    with load_generator() as generator:
        outcome = generator.closed_loop(server.address, CLASSIFICATIONS, CONNECTIONS, 15, {})
    return outcome.rate / 2


def soak(
    server: Server, rate: float, seconds: float
) -> tuple[list[Sample], Counter[tuple[str, int]]]:
    """Put a steady load on the server, and sample its memory usage and open file descriptors."""
    finish, numbers = Event(), Numbers()
    samples = []
    begin = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        visitors = [Visitor(server, seed) for seed in range(CONNECTIONS)]
        running = [pool.submit(v.visit, numbers, rate, begin, finish) for v in visitors]
        try:
            for number in range(int(seconds / SAMPLE_SECONDS) + 1):
                time.sleep(max(0, begin + number * SAMPLE_SECONDS - time.monotonic()))
                now = time.monotonic() - begin
                sample = Sample(now, server.memory(), server.descriptors())
                samples.append(sample)
                if number % 12 == 0:
                    images = sum(visitor.seen["POST image", 201] for visitor in visitors)
                    print(
                        f"  minute {now / 60:3.0f}: {megabytes(sample.memory)}, "
                        f"{sample.descriptors} descriptors, {images} images",
                        flush=True,
                    )
        finally:
            finish.set()
    for done in running:
        done.result()
    return samples, sum((visitor.seen for visitor in visitors), Counter())


def growth(samples: list[Sample]) -> tuple[float, float]:
    """Return the growth rate of memory usage in bytes per minute, and its standard error."""
    minutes = [sample.seconds / 60 for sample in samples]
    line, covariance = np.polyfit(minutes, [sample.memory for sample in samples], 1, cov=True)
    return float(line[0]), float(covariance[0, 0] ** 0.5)


def main() -> int:
    """Run the test, and return its exit status: 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--warm-up", type=float, default=3, help="minutes before the measurement")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rate", type=float, help="images per second")
    parser.add_argument("--csv", type=Path, help="write the samples to this file")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.minutes, arguments.warm_up = 4, 1
    expectations = Expectations()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        rate = arguments.rate or half_of_full_rate(server)
        print(f"{rate:.1f} images per second for {arguments.minutes:g} minutes")
        samples, seen = soak(server, rate, arguments.minutes * 60)
        exit_status = server.stop()
        errors = server.errors()
    for (what, status), count in sorted(seen.items()):
        print(f"  {count:7} {what}: {status or 'no response'}")
    if arguments.csv:
        with arguments.csv.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["seconds", "memory", "descriptors"])
            writer.writerows((s.seconds, s.memory, s.descriptors) for s in samples)
    warm = [sample for sample in samples if sample.seconds >= arguments.warm_up * 60]
    slope, error = growth(warm)
    expectations.check(
        f"growth of memory per minute (target: less than {megabytes(MAX_GROWTH)})",
        f"{megabytes(slope)} (standard error {megabytes(error)}), "
        f"from {megabytes(warm[0].memory)} to {megabytes(warm[-1].memory)}",
        slope < MAX_GROWTH,
    )
    first, last = (
        statistics.median(sample.descriptors for sample in part) for part in (warm[:12], warm[-12:])
    )
    expectations.check(
        f"open files in the first and last minute (target: difference at most {CONNECTIONS})",
        f"{first:g}, {last:g}",
        abs(last - first) <= CONNECTIONS,
    )
    unexpected = {key: n for key, n in seen.items() if key[1] not in EXPECTED.get(key[0], {200})}
    expectations.check("unexpected responses", unexpected, not unexpected)
    expectations.check("exit status after SIGTERM", exit_status, exit_status == 0)
    expectations.check_errors(errors)
    return expectations.exit_status


EXPECTED: Final = {"POST image": {201}, "POST broken": {422}, "DELETE classification": {204}}
"""Expected HTTP statuses of requests whose expected status is not 200."""


if __name__ == "__main__":
    sys.exit(main())
