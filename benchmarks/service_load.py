"""Load test that compares the throughput and latency of the server with a Keras app.

Run ``python -m benchmarks.service_load``, which takes about ten minutes (with ``--quick``, two
minutes), on an otherwise idle machine. The same images are sent to `deepsky serve` and, in turn, to
the app of `benchmarks.keras_baseline`: first in a closed loop over 1, 2, 4 and 8 connections, then
in an open loop with random (Poisson) arrival times. The open loop is run at mean rates of 0.5, 1
and 2 times the highest throughput of the same server in the closed loop. The speed of the Keras app
depends on how it computes its evidence map. The option ``--map`` selects the method for the test,
and a separate table compares the methods.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.client import CLASSIFICATIONS, Client
from benchmarks.load import Generator, Outcome, image, load_generator
from benchmarks.service import ROOT, Expectations, Server, ServerError
from deepsky.taxonomy import LABELS

CONNECTIONS: Final = (1, 2, 4, 8)
SHARES: Final = (0.5, 1.0, 2.0)
MAPS: Final = ("eager", "compiled", "no")
TARGET: Final = 10
"""Minimum factor by which the server should exceed the Keras app in throughput and latency."""


class KerasApp(Server):
    """Server process for the Keras app, the baseline for deepsky."""

    announcement = "the Keras app is at "
    command = (sys.executable, "-m", "benchmarks.keras_baseline")
    health = "/health"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.environment |= {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "2"}


@dataclass(frozen=True, slots=True)
class Service:
    """A server to compare, with the path and cookies for requests to it."""

    name: str
    server: Server
    path: str
    cookies: Mapping[str, str]

    def closed_loop(self, generator: Generator, connections: int, seconds: float) -> Outcome:
        """Send images over several connections, one image at a time per connection."""
        return self._check_running(
            generator.closed_loop(
                self.server.address, self.path, connections, seconds, self.cookies
            )
        )

    def open_loop(self, generator: Generator, rate: float, seconds: float) -> Outcome:
        """Send images with random (Poisson) arrival times at a given mean rate."""
        return self._check_running(
            generator.open_loop(self.server.address, self.path, rate, seconds, self.cookies)
        )

    def _check_running(self, outcome: Outcome) -> Outcome:
        if not self.server.is_running():
            msg = f"{self.name} ended unexpectedly:\n{self.server.errors()[-3000:]}"
            raise ServerError(msg)
        return outcome


@contextmanager
def services(kind_of_map: str) -> Iterator[list[Service]]:
    """Start the deepsky server and the Keras app, and warm them up."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "deepsky") as deepsky,
        KerasApp(Path(folder) / "keras") as keras,
    ):
        client = Client(deepsky.address)
        response = client.classify(image(0))
        assert response.status == 201, response.body
        client.close()
        path = f"/predict?map={kind_of_map}"
        yield [
            Service("deepsky", deepsky, CLASSIFICATIONS, client.cookies),
            Service("Keras app", keras, path, {}),
        ]


def measure_closed(
    generator: Generator, found: list[Service], seconds: float
) -> dict[str, dict[int, Outcome]]:
    """Measure throughput and latency in a closed loop."""
    outcomes: dict[str, dict[int, Outcome]] = {service.name: {} for service in found}
    for service in found:
        service.closed_loop(generator, max(CONNECTIONS), 3)
    print("\n| connections | server | images/s | median | p95 | other than 201 |")
    print("|---|---|---|---|---|---|")
    for connections in CONNECTIONS:
        for service in found:
            outcome = service.closed_loop(generator, connections, seconds)
            outcomes[service.name][connections] = outcome
            median, p95 = (_ms(outcome.quantile(share)) for share in (0.5, 0.95))
            other = outcome.sent - len(outcome.accepted)
            print(
                f"| {connections} | {service.name} | {outcome.rate:.1f} | {median} | {p95} "
                f"| {other} |",
                flush=True,
            )
    return outcomes


def measure_open(
    generator: Generator, found: list[Service], full: Mapping[str, float], seconds: float
) -> dict[str, dict[float, Outcome]]:
    """Measure latency and count HTTP statuses in an open loop with random arrival times."""
    outcomes: dict[str, dict[float, Outcome]] = {service.name: {} for service in found}
    print("\n| load | server | sent/s | p50 | p95 | p99 | 201 | 429 | 503 | closed | hanging |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for share in SHARES:
        for service in found:
            rate = share * full[service.name]
            outcome = service.open_loop(generator, rate, seconds)
            outcomes[service.name][share] = outcome
            times = " | ".join(_ms(outcome.quantile(part)) for part in (0.5, 0.95, 0.99))
            statuses = " | ".join(f"{outcome.share(status):.1%}" for status in (201, 429, 503))
            print(
                f"| {share:g} x full | {service.name} | {rate:.1f} | {times} | {statuses} "
                f"| {outcome.closed} | {outcome.hanging} |",
                flush=True,
            )
    return outcomes


def measure_maps(generator: Generator, keras: Service, seconds: float) -> dict[str, Outcome]:
    """Measure the Keras app with each of its methods of computing the evidence map."""
    outcomes = {}
    print("\n| evidence map of the Keras app | images/s, 4 connections | median, 1 connection |")
    print("|---|---|---|")
    for kind in MAPS:
        service = replace(keras, path=f"/predict?map={kind}")
        alone = [service.closed_loop(generator, 1, seconds) for _ in ("compiling", "measured")][-1]
        outcomes[kind] = service.closed_loop(generator, 4, seconds)
        print(f"| {kind} | {outcomes[kind].rate:.1f} | {_ms(alone.quantile(0.5))} |", flush=True)
    return outcomes


def measure_evidence(service: Service, images: int) -> list[float]:
    """Measure the response times of requests for single evidence overlays."""
    client = Client(service.server.address, service.cookies)
    times = []
    for number in range(images):
        classified = client.classify_patiently(image(number))
        assert classified.status == 201, classified.body
        record = classified.json()
        for label in LABELS:
            response = client.get(f"{CLASSIFICATIONS}/{record['id']}/evidence/{label}.png")
            assert response.status == 200, response.body
            times.append(response.seconds)
    client.close()
    return times


def check(
    closed: dict[str, dict[int, Outcome]],
    opened: dict[str, dict[float, Outcome]],
    full: Mapping[str, float],
    expectations: Expectations,
) -> None:
    """Check the results against the targets."""
    deepsky, keras = closed["deepsky"], closed["Keras app"]
    faster = full["deepsky"] / full["Keras app"]
    expectations.check(
        f"images per second relative to the Keras app (target: at least {TARGET} times)",
        f"{full['deepsky']:.1f} / {full['Keras app']:.1f} = {faster:.1f}",
        faster >= TARGET,
    )
    medians = [outcomes[1].quantile(0.5) for outcomes in (deepsky, keras)]
    expectations.check(
        f"median latency at one connection, relative to the Keras app (target: at most 1/{TARGET})",
        f"{_ms(medians[0])} / {_ms(medians[1])} = 1/{medians[1] / medians[0]:.1f}",
        medians[0] * TARGET <= medians[1],
    )
    loads = [*deepsky.values(), *opened["deepsky"].values()]
    lost = sum(outcome.hanging + outcome.closed for outcome in loads)
    expectations.check("requests to deepsky that hung or were closed", lost, lost == 0)
    statuses = {status for outcome in loads for status in outcome.latencies}
    expectations.check("HTTP statuses of deepsky", sorted(statuses), statuses <= {201, 429, 503})
    half = opened["deepsky"][0.5].share(201)
    expectations.check(
        "images that deepsky classified at half its highest throughput", f"{half:.1%}", half == 1
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _summary(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome) | {"latencies": {k: sorted(v) for k, v in outcome.latencies.items()}}


def main() -> int:
    """Run the test, and return its exit status: 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15, help="duration of each closed loop")
    parser.add_argument("--quick", action="store_const", const=3.0, dest="seconds")
    parser.add_argument(
        "--map",
        choices=MAPS,
        default="eager",
        help="method by which the Keras app computes the evidence map",
    )
    parser.add_argument("--json", type=Path, help="write all latencies to this file")
    arguments = parser.parse_args()
    expectations = Expectations()
    with load_generator() as generator, services(arguments.map) as found:
        closed = measure_closed(generator, found, arguments.seconds)
        full = {name: max(o.rate for o in outcomes.values()) for name, outcomes in closed.items()}
        opened = measure_open(generator, found, full, 2 * arguments.seconds)
        maps = measure_maps(generator, found[1], arguments.seconds)
        evidence = measure_evidence(found[0], 20)
        print(
            f"\nSingle evidence overlays: median {_ms(statistics.median(evidence))}, "
            f"slowest {_ms(max(evidence))}\n"
        )
    check(closed, opened, full, expectations)
    if arguments.json:
        results = {
            "full": full,
            "closed": {k: {n: _summary(o) for n, o in v.items()} for k, v in closed.items()},
            "open": {k: {n: _summary(o) for n, o in v.items()} for k, v in opened.items()},
            "maps": {kind: _summary(outcome) for kind, outcome in maps.items()},
            "evidence": evidence,
        }
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
