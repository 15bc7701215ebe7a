"""Sends images of a megapixel to a server, from a process of its own. Not run by itself.

*Closed loop*: each connection sends its next image when the last one is answered, which finds
the rate that a server sustains. *Open loop*: images are sent when they are due, whether or not
earlier ones were answered, and latency counts from when an image was due: so a server that falls
behind cannot slow down those who ask it, and looks as slow as they find it.
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

from benchmarks.client import FORM, Address, Client, UnansweredError, form_around
from benchmarks.service import distinct, megapixel_jpegs

__all__ = ["Generator", "Outcome", "image", "load_generator"]

PATIENCE: Final = 30.0
"""Seconds after which an image without an answer counts as hanging."""


@dataclass
class Outcome:
    """How a server bore a load.

    Attributes
    ----------
    seconds : float
        How long images were sent.
    latencies : dict
        By HTTP status: the seconds that each answer took.
    hanging : int
        Images without an answer in time.
    cut : int
        Images whose connection was refused or cut.
    """

    seconds: float
    latencies: dict[int, list[float]] = field(default_factory=dict)
    hanging: int = 0
    cut: int = 0

    def note(self, status: int, seconds: float) -> None:
        """Count an answer."""
        self.latencies.setdefault(status, []).append(seconds)

    @property
    def accepted(self) -> list[float]:
        """Seconds that images took which were classified."""
        return self.latencies.get(201, [])

    @property
    def sent(self) -> int:
        """Number of images sent."""
        return sum(map(len, self.latencies.values())) + self.hanging + self.cut

    @property
    def rate(self) -> float:
        """Images classified in a second."""
        return len(self.accepted) / self.seconds

    def share(self, status: int) -> float:
        """Give the share of images that was answered with a status."""
        return len(self.latencies.get(status, [])) / max(self.sent, 1)

    def quantile(self, share: float) -> float:
        """Give the seconds in which a share of the classified images was answered."""
        return float(np.quantile(self.accepted, share)) if self.accepted else float("nan")


class Generator:
    """Has another process send images."""

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
        """Send as fast as so many connections are answered."""
        arguments = (address, path, connections, seconds, dict(cookies))
        return self._pool.submit(_closed_loop, *arguments).result()

    def open_loop(
        self, address: Address, path: str, rate: float, seconds: float, cookies: Mapping[str, str]
    ) -> Outcome:
        """Send so many images a second, at random moments, each over a connection of its own."""
        arguments = (address, path, rate, seconds, dict(cookies))
        return self._pool.submit(_open_loop, *arguments).result()


@contextmanager
def load_generator() -> Iterator[Generator]:
    """Start the process that sends images, with its images made."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        pool.submit(_images).result()
        yield Generator(pool)


def image(number: int) -> bytes:
    """Give a JPEG file of a megapixel that was never sent before."""
    images = _images()
    return distinct(images[number % len(images)], uuid4().hex)


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
        client = Client(address, cookies, PATIENCE)
        while time.perf_counter() < begin + seconds:
            body = head + image(next(numbers)) + tail
            try:
                answer = client.request("POST", path, body, {"Content-Type": FORM})
            except UnansweredError as error:
                if isinstance(error.__cause__, TimeoutError):
                    outcome.hanging += 1
                else:
                    outcome.cut += 1
            else:
                outcome.note(answer.status, answer.seconds)
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
    due, moments = 0.0, []
    while (due := due + chance.expovariate(rate)) < seconds:
        moments.append(due)
    outcome = Outcome(seconds)
    asyncio.run(_send_when_due(address, _head(address, path, cookies), moments, outcome))
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
    address: Address, head: Callable[[int], bytes], moments: list[float], outcome: Outcome
) -> None:
    begin = time.perf_counter()
    before, after = form_around("load.jpg")
    async with asyncio.TaskGroup() as group:
        for number, moment in enumerate(moments):
            due = begin + moment
            await asyncio.sleep(due - time.perf_counter())
            body = before + image(number) + after
            group.create_task(_send(address, head(len(body)) + body, due, outcome))


async def _send(address: Address, request: bytes, due: float, outcome: Outcome) -> None:
    try:
        async with asyncio.timeout(due + PATIENCE - time.perf_counter()):
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
        outcome.cut += 1
    else:
        status = status_line[9:12]
        if status.isdigit():
            outcome.note(int(status), time.perf_counter() - due)
        else:
            outcome.cut += 1
