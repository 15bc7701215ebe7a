"""Robustness test: the server must handle damaged image files correctly and keep running.

Run ``python -m benchmarks.service_faults``, which takes several minutes (with ``--quick``, one
minute). It uploads 10,000 damaged files in all formats to a temporary server, then small files
whose headers declare huge dimensions. Files that receive an incorrect response are stored in the
folder given by ``--failures``.
"""

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final

from benchmarks.broken_files import too_large_files
from benchmarks.client import Client, NoResponseError, Response
from benchmarks.mutations import ImageFile, mutate, save_images
from benchmarks.service import (
    ROOT,
    SAMPLES,
    Expectations,
    Numbers,
    Server,
    documented_codes,
    megabytes,
)
from deepsky.record import Record

FIELDS: Final = {*Record.__annotations__, "id", "created_at", "elapsed_ms", "feedback"}
WARM_UP, TRIES = 2, 7
REFUSAL_SECONDS: Final = 0.1
"""Maximum median time to reject a file that declares huge dimensions, in seconds."""

REFUSAL_GROWTH: Final = 64e6
"""Maximum growth of memory while files that declare huge dimensions are rejected, in bytes."""


@dataclass
class Outcome:
    """Statistics on the responses to damaged files."""

    failures: Path
    responses: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0, "")
    faults: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def record(self, name: str, file: ImageFile, response: str, fault: str | None) -> None:
        """Count a response, and store the uploaded file if the response is incorrect."""
        with self._lock:
            self.responses[response] += 1
            if fault is None:
                return
            self.faults[fault] += 1
        self.failures.mkdir(parents=True, exist_ok=True)
        (self.failures / f"{name}.{file.suffix}").write_bytes(file.content)
        print(f"  {name}.{file.suffix}: {response}, {fault}", flush=True)


def find_fault(response: Response, content: bytes, codes: dict[str, int]) -> str | None:
    """Describe what is incorrect about a response; return None if it is correct."""
    if response.status == 201:
        return _find_fault_in_record(response.json(), content)
    if response.status >= 500:
        return "server error"
    if not response.code:
        return "not problem details (RFC 9457)"
    if codes.get(response.code) != response.status:
        return f"code {response.code} is not documented for status {response.status}"
    return None


def _find_fault_in_record(record: dict[str, Any], content: bytes) -> str | None:
    if missing := FIELDS - record.keys():
        return f"fields are missing: {sorted(missing)}"
    probabilities = record["probabilities"]
    if abs(sum(probabilities.values()) - 1) > 1e-5 or min(probabilities.values()) < 0:
        return f"invalid probabilities: {probabilities}"
    if record["label"] != max(probabilities, key=probabilities.__getitem__):
        return f"label {record['label']} is not the most probable class"
    if not 0 <= record["novelty"] <= 1:
        return f"invalid novelty: {record['novelty']}"
    if record["image_sha256"] != hashlib.sha256(content).hexdigest():
        return "SHA-256 of another file"
    return None if record["error"] is None else f"unexpected error: {record['error']}"


def post_damaged(
    server: Server, files: list[ImageFile], numbers: Numbers, seed: int, outcome: Outcome
) -> None:
    """Upload the damaged files with the given numbers over one connection."""
    client = Client(server.address)
    codes = documented_codes()
    for number in numbers:
        file = mutate(files, seed, number)
        name = f"{seed}-{number}"
        try:
            response = client.classify_patiently(file.content, f"{name}.{file.suffix}")
        except NoResponseError as error:
            outcome.record(name, file, "no response", str(error))
            if not server.is_running():
                return
            continue
        outcome.slowest = max(outcome.slowest, (response.seconds, f"{name}.{file.suffix}"))
        summary = f"{response.status} {response.code}".strip()
        outcome.record(name, file, summary, find_fault(response, file.content, codes))
    client.close()


def post_intact(server: Server, files: list[ImageFile], numbers: Numbers) -> None:
    """Upload intact files, so that the server starts all reader processes."""
    client = Client(server.address)
    for number in numbers:
        response = client.classify_patiently(files[number].content)
        assert response.status == 201, (files[number].suffix, response.status, response.body)
    client.close()


def wait_for_processes(server: Server, count: int, seconds: float = 15) -> int:
    """Wait until the server has the expected number of processes, and return the final number."""
    deadline = time.monotonic() + seconds
    while len(server.processes()) != count and time.monotonic() < deadline:
        time.sleep(0.2)
    return len(server.processes())


def check_damaged(
    server: Server, arguments: argparse.Namespace, expectations: Expectations
) -> None:
    """Upload damaged files; check all responses, and that no process was lost or added."""
    files = save_images(SAMPLES[:4])
    with ThreadPoolExecutor(arguments.connections) as pool:
        intact = Numbers(min(len(files), 200))
        for done in [
            pool.submit(post_intact, server, files, intact) for _ in range(arguments.connections)
        ]:
            done.result()
        pid, processes, memory = server.pid, len(server.processes()), server.memory()
        server.reset_peak()
        outcome = Outcome(arguments.failures)
        damaged = Numbers(arguments.count)
        for done in [
            pool.submit(post_damaged, server, files, damaged, arguments.seed, outcome)
            for _ in range(arguments.connections)
        ]:
            done.result()
    for summary, count in outcome.responses.most_common():
        print(f"  {count:6} {summary}")
    expectations.check(
        "responses", outcome.responses.total(), outcome.responses.total() == arguments.count
    )
    expectations.check("incorrect responses", dict(outcome.faults), not outcome.faults)
    same = server.is_running() and server.pid == pid and server.is_ready()
    expectations.check("server is ready and did not restart", same, same)
    now = wait_for_processes(server, processes)
    expectations.check("processes before and after", f"{processes}, {now}", processes == now)
    print(
        f"       memory before: {megabytes(memory)}, peak: {megabytes(server.peak_memory())}, "
        f"after: {megabytes(server.memory())}\n"
        f"       slowest: {outcome.slowest[1]}, {outcome.slowest[0]:.1f} s"
    )


def check_bombs(server: Server, expectations: Expectations) -> None:
    """Check that files that declare huge dimensions are rejected quickly and with little memory."""
    client = Client(server.address)
    codes = documented_codes()
    for name, content in too_large_files():
        server.reset_peak()
        before = server.memory()
        responses = [client.classify_patiently(content, name) for _ in range(WARM_UP + TRIES)]
        growth = server.peak_memory() - before
        median = statistics.median(response.seconds for response in responses[WARM_UP:])
        response = responses[-1]
        refused = 400 <= response.status < 500 and find_fault(response, content, codes) is None
        expectations.check(
            f"{name} (target: 4xx within {REFUSAL_SECONDS:g} s, {megabytes(REFUSAL_GROWTH)})",
            f"{response.status} {response.code} in {median * 1000:.1f} ms, +{megabytes(growth)}",
            refused and median < REFUSAL_SECONDS and growth < REFUSAL_GROWTH,
        )
    client.close()


def main() -> int:
    """Run the test, and return its exit status: 1 if any check failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--quick", action="store_const", const=500, dest="count")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--failures", type=Path, default=ROOT / "runs" / "faults")
    arguments = parser.parse_args()
    expectations = Expectations()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        check_damaged(server, arguments, expectations)
        check_bombs(server, expectations)
        status = server.stop()
        errors = server.errors()
    expectations.check("exit status after SIGTERM", status, status == 0)
    expectations.check_errors(errors)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
