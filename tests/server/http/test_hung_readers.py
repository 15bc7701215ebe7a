"""Requests are answered although reader processes hang."""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.server.http.conftest import Running, upload_request

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

READERS = 2
PROCESSES = READERS + 1
READ_SECONDS = 8
OTHER_ADDRESS = "127.0.0.2"


def reader_processes(server: Running) -> list[int]:
    """Return the process ids of the reader processes."""
    found = Path("/proc").glob("[0-9]*/cmdline")
    parents = {int(file.parent.name): file.parent / "status" for file in found}
    return [
        process
        for process, status in parents.items()
        if f"\nPPid:\t{server.process.pid}\n" in _read(status)
        and "reader_main" in _read(status.with_name("cmdline"))
    ]


def context_switches(process: int) -> str:
    """Return the number of times that a process has waited, which changes when it is used."""
    [line] = [
        line
        for line in _read(Path(f"/proc/{process}/status")).splitlines()
        if line.startswith("voluntary_ctxt_switches")
    ]
    return line


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended
        return ""


@pytest.fixture
def server(serve: Callable[..., Running], make_image: Callable[..., bytes]) -> Running:
    server = serve(readers=READERS, read_seconds=READ_SECONDS)
    while len(reader_processes(server)) < PROCESSES:
        time.sleep(0.1)
    assert outcome(server, make_image()) == "classified"  # all processes have been started
    return server


def outcome(server: Running, image: bytes, source: str = "127.0.0.1") -> str:
    answer = server.send(upload_request(image), source)
    return "classified" if answer.status == 201 else answer.code


def test_one_hung_reader_delays_only_its_own_image(
    server: Running, make_image: Callable[..., bytes]
) -> None:
    image = make_image()
    before = {process: context_switches(process) for process in reader_processes(server)}
    assert outcome(server, image) == "classified"
    [used] = [process for process in before if context_switches(process) != before[process]]
    os.kill(used, signal.SIGSTOP)  # the process that was used last is used next

    with ThreadPoolExecutor(PROCESSES) as threads:
        sources = ["127.0.0.1", OTHER_ADDRESS] * PROCESSES
        results = Counter(threads.map(partial(outcome, server, image), sources))

    assert results == {"read_timeout": 1, "classified": 2 * PROCESSES - 1}
    assert outcome(server, image) == "classified"


def test_requests_are_refused_while_all_readers_hang(
    server: Running, make_image: Callable[..., bytes]
) -> None:
    image = make_image()
    for process in reader_processes(server):
        os.kill(process, signal.SIGSTOP)

    with ThreadPoolExecutor(2 * PROCESSES) as threads:
        sources = ["127.0.0.1", OTHER_ADDRESS] * PROCESSES
        pending = [threads.submit(outcome, server, image, source) for source in sources]
        health = server.get("/api/v1/health").status
        results = Counter(future.result() for future in pending)

    assert health == 200
    assert set(results) == {"read_timeout", "overloaded"}
    assert results["read_timeout"] <= PROCESSES  # the others are refused after some seconds
    assert outcome(server, image) == "classified"
