"""Load generator that sends one-megapixel images to a server from a separate process.

In a *closed loop*, each connection sends its next image after the previous response. This measures
the rate that a server can sustain. In an *open loop*, images are sent at scheduled times,
regardless of responses, and latency is measured from the scheduled time. Thus, a slow server cannot
hide its latency by slowing down the load.

This module is used by other benchmarks and is not a script.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from multiprocessing import get_context
from typing import Final
from uuid import uuid4

import numpy as np

from benchmarks.client import FORM, Address, Client, NoResponseError, form_around
from benchmarks.service import make_distinct, megapixel_jpegs

__all__ = ["Generator", "Outcome", "image", "load_generator"]

TIMEOUT: Final = 30.0
"""Time in seconds after which a request without a response counts as hanging."""


@dataclass
class Outcome:
    """Result of a load test.

    Attributes
    ----------
    seconds : float
        Duration of the test.
    latencies : dict
        Latencies of the responses in seconds, grouped by HTTP status.
    hanging : int
        Number of requests that timed out.
    closed : int
        Number of requests whose connection was refused or closed.
    """

    seconds: float
    latencies: dict[int, list[float]] = field(default_factory=dict)
    hanging: int = 0
    closed: int = 0

    def record(self, status: int, seconds: float) -> None:
        """Add the latency of a response."""
        self.latencies.setdefault(status, []).append(seconds)

    @property
    def accepted(self) -> list[float]:
        """Latencies of the requests that led to a classification, in seconds."""
        return self.latencies.get(201, [])

    @property
    def sent(self) -> int:
        """Number of requests sent."""
        return sum(map(len, self.latencies.values())) + self.hanging + self.closed

    @property
    def rate(self) -> float:
        """Number of images classified per second."""
        return len(self.accepted) / self.seconds

    def share(self, status: int) -> float:
        """Return the fraction of requests that received a response with a given HTTP status."""
        return len(self.latencies.get(status, [])) / max(self.sent, 1)

    def quantile(self, share: float) -> float:
        """Return a quantile of the latencies in `accepted`, in seconds."""
        return float(np.quantile(self.accepted, share)) if self.accepted else float("nan")


class Generator:
    """Load generator that runs in a separate process."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def closed_loop(
        self,
        address: Address,
        path: str,
        connections: int,
        seconds: float,
        cookies: Mapping[str, str],
    ) -> Outcome:
        """Send images over several connections, one image at a time per connection."""
        arguments = (address, path, connections, seconds, dict(cookies))
        return self._pool.submit(_closed_loop, *arguments).result()

    def open_loop(
        self, address: Address, path: str, rate: float, seconds: float, cookies: Mapping[str, str]
    ) -> Outcome:
        """Send images with random (Poisson) arrival times, each image over a new connection."""
        arguments = (address, path, rate, seconds, dict(cookies))
        return self._pool.submit(_open_loop, *arguments).result()


@contextmanager
def load_generator() -> Iterator[Generator]:
    """Start a load generator in a separate process, and yield it once its images are ready."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        pool.submit(_images).result()
        yield Generator(pool)


def image(number: int) -> bytes:
    """Return a one-megapixel JPEG file. Each call returns different bytes."""
    images = _images()
    return make_distinct(images[number % len(images)], uuid4().hex)


@cache
def _images() -> list[bytes]:
    return megapixel_jpegs()


def _closed_loop(
    address: Address, path: str, connections: int, seconds: float, cookies: Mapping[str, str]
) -> Outcome:
    outcome = Outcome(seconds)
    numbers = count()
    begin = time.perf_counter()
    head, tail = form_around("load.jpg")

    def send() -> None:
        client = Client(address, cookies, TIMEOUT)
        while time.perf_counter() < begin + seconds:
            body = head + image(next(numbers)) + tail
            try:
                response = client.request("POST", path, body, {"Content-Type": FORM})
            except NoResponseError as error:
                if isinstance(error.__cause__, TimeoutError):
                    outcome.hanging += 1
                else:
                    outcome.closed += 1
            else:
                outcome.record(response.status, response.seconds)
        client.close()

    with ThreadPoolExecutor(connections) as pool:
        for done in [pool.submit(send) for _ in range(connections)]:
            done.result()
    outcome.seconds = time.perf_counter() - begin
    return outcome


def _open_loop(
    address: Address, path: str, rate: float, seconds: float, cookies: Mapping[str, str]
) -> Outcome:
    chance = random.Random(1)
    due, times = 0.0, []
    while (due := due + chance.expovariate(rate)) < seconds:
        times.append(due)
    outcome = Outcome(seconds)
    asyncio.run(_send_when_due(address, _head(address, path, cookies), times, outcome))
    return outcome


def _head(address: Address, path: str, cookies: Mapping[str, str]) -> Callable[[int], bytes]:
    host, port = address
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}:{port}", f"Content-Type: {FORM}"]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    lines.append("Connection: close")
    start = "\r\n".join(lines)
    return lambda length: f"{start}\r\nContent-Length: {length}\r\n\r\n".encode()


async def _send_when_due(
    address: Address, head: Callable[[int], bytes], times: list[float], outcome: Outcome
) -> None:
    begin = time.perf_counter()
    before, after = form_around("load.jpg")
    async with asyncio.TaskGroup() as group:
        for number, offset in enumerate(times):
            due = begin + offset
            await asyncio.sleep(due - time.perf_counter())
            body = before + image(number) + after
            group.create_task(_send(address, head(len(body)) + body, due, outcome))


async def _send(address: Address, request: bytes, due: float, outcome: Outcome) -> None:
    try:
        async with asyncio.timeout(due + TIMEOUT - time.perf_counter()):
            reader, writer = await asyncio.open_connection(*address)
            try:
                writer.write(request)
                status_line = await reader.readline()
                await reader.read()
            finally:
                writer.close()
    except TimeoutError:
        outcome.hanging += 1
    except OSError:
        outcome.closed += 1
    else:
        status = status_line[9:12]
        if status.isdigit():
            outcome.record(int(status), time.perf_counter() - due)
        else:
            outcome.closed += 1
