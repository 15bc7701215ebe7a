"""Whether any broken image file brings the server down, or gets anything but a proper answer.

Run ``python -m benchmarks.service_faults`` (some minutes; ``--quick``: one). It posts 10,000
damaged files of all formats to a server of its own, then small files that claim to be huge. Files
that were not answered as they should be are kept in ``--failures``.
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
from benchmarks.client import Answer, Client, UnansweredError
from benchmarks.mutations import SoundFile, mutate, sound_files
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
REFUSAL_GROWTH: Final = 64e6


@dataclass
class Outcome:
    """What was answered to the damaged files."""

    failures: Path
    answers: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0, "")
    wrong: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def note(self, name: str, file: SoundFile, answer: str, wrong: str | None) -> None:
        """Count an answer, and keep the file if the answer is wrong."""
        with self._lock:
            self.answers[answer] += 1
            if wrong is None:
                return
            self.wrong[wrong] += 1
        self.failures.mkdir(parents=True, exist_ok=True)
        (self.failures / f"{name}.{file.suffix}").write_bytes(file.content)
        print(f"  {name}.{file.suffix}: {answer}, {wrong}", flush=True)


def fault_of(answer: Answer, content: bytes, codes: dict[str, int]) -> str | None:
    """Tell what is wrong about an answer; None if nothing is."""
    if answer.status == 201:
        return _fault_of_record(answer.json(), content)
    if answer.status >= 500:
        return "a fault of the server's"
    if not answer.code:
        return "not a problem document"
    if codes.get(answer.code) != answer.status:
        return f"code {answer.code} is not documented for status {answer.status}"
    return None


def _fault_of_record(record: dict[str, Any], content: bytes) -> str | None:
    if missing := FIELDS - record.keys():
        return f"fields are missing: {sorted(missing)}"
    probabilities = record["probabilities"]
    if abs(sum(probabilities.values()) - 1) > 1e-5 or min(probabilities.values()) < 0:
        return f"probabilities {probabilities}"
    if record["label"] != max(probabilities, key=probabilities.__getitem__):
        return f"label {record['label']} is not the most probable"
    if not 0 <= record["novelty"] <= 1:
        return f"novelty {record['novelty']}"
    if record["image_sha256"] != hashlib.sha256(content).hexdigest():
        return "the answer is about another file"
    return None if record["error"] is None else f"error {record['error']}"


def post_damaged(
    server: Server, files: list[SoundFile], numbers: Numbers, seed: int, outcome: Outcome
) -> None:
    """Post damaged files over one connection, as long as there are numbers."""
    client = Client(server.address)
    codes = documented_codes()
    for number in numbers:
        file = mutate(files, seed, number)
        name = f"{seed}-{number}"
        try:
            answer = client.classify_patiently(file.content, f"{name}.{file.suffix}")
        except UnansweredError as error:
            outcome.note(name, file, "no answer", str(error))
            if not server.is_running():
                return
            continue
        outcome.slowest = max(outcome.slowest, (answer.seconds, f"{name}.{file.suffix}"))
        told = f"{answer.status} {answer.code}".strip()
        outcome.note(name, file, told, fault_of(answer, file.content, codes))
    client.close()


def post_sound(server: Server, files: list[SoundFile], numbers: Numbers) -> None:
    """Post sound files, so that everything that starts when it is first needed has started."""
    client = Client(server.address)
    for number in numbers:
        answer = client.classify_patiently(files[number].content)
        assert answer.status == 201, (files[number].suffix, answer.status, answer.body)
    client.close()


def processes_settle(server: Server, count: int, seconds: float = 15) -> int:
    """Give the number of processes, once it is as expected or has had time to become so."""
    deadline = time.monotonic() + seconds
    while len(server.processes()) != count and time.monotonic() < deadline:
        time.sleep(0.2)
    return len(server.processes())


def check_damaged(
    server: Server, arguments: argparse.Namespace, expectations: Expectations
) -> None:
    """Post the damaged files, and look at the server before and after."""
    files = sound_files(SAMPLES[:4])
    with ThreadPoolExecutor(arguments.connections) as pool:
        sound = Numbers(min(len(files), 200))
        for done in [
            pool.submit(post_sound, server, files, sound) for _ in range(arguments.connections)
        ]:
            done.result()
        pid, processes, memory = server.pid, len(server.processes()), server.memory()
        server.forget_peak()
        outcome = Outcome(arguments.failures)
        damaged = Numbers(arguments.count)
        for done in [
            pool.submit(post_damaged, server, files, damaged, arguments.seed, outcome)
            for _ in range(arguments.connections)
        ]:
            done.result()
    for told, count in outcome.answers.most_common():
        print(f"  {count:6} {told}")
    expectations.check(
        "answers", outcome.answers.total(), outcome.answers.total() == arguments.count
    )
    expectations.check("wrong answers", dict(outcome.wrong), not outcome.wrong)
    same = server.is_running() and server.pid == pid and server.is_ready()
    expectations.check("the same process, and well", same, same)
    now = processes_settle(server, processes)
    expectations.check("processes before and after", f"{processes}, {now}", processes == now)
    print(
        f"       memory before: {megabytes(memory)}, at most: {megabytes(server.peak_memory())}, "
        f"after: {megabytes(server.memory())}\n"
        f"       slowest: {outcome.slowest[1]}, {outcome.slowest[0]:.1f} s"
    )


def check_bombs(server: Server, expectations: Expectations) -> None:
    """Post small files that claim to be huge: each is refused at once and costs no memory."""
    client = Client(server.address)
    codes = documented_codes()
    for name, content in too_large_files():
        server.forget_peak()
        before = server.memory()
        answers = [client.classify_patiently(content, name) for _ in range(WARM_UP + TRIES)]
        growth = server.peak_memory() - before
        median = statistics.median(answer.seconds for answer in answers[WARM_UP:])
        answer = answers[-1]
        refused = 400 <= answer.status < 500 and fault_of(answer, content, codes) is None
        expectations.check(
            f"{name}: 4xx in {REFUSAL_SECONDS * 1000:.0f} ms, {REFUSAL_GROWTH / 1e6:.0f} MB more",
            f"{answer.status} {answer.code} in {median * 1000:.1f} ms, {megabytes(growth)} more",
            refused and median < REFUSAL_SECONDS and growth < REFUSAL_GROWTH,
        )
    client.close()


def main() -> int:
    """Post, report, and tell by the exit status whether all was as expected."""
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
