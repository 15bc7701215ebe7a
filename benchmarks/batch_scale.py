"""Measure memory, open files and speed during a long run.

Run ``python -m benchmarks.batch_scale`` (``--quick`` for a short version) on an otherwise idle
machine. The classified files are uniquely named hard links to images. After the first thousand
records, the total memory of all processes may grow by at most 5 %, the number of open files must
not grow, and the first half of the records may be written at most 10 % faster than the second half.
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from benchmarks.batch import Run, images, link
from benchmarks.service import Expectations, megabytes

WARM_UP: Final = 1000
"""Number of records after which memory use should no longer grow."""

PARTS: Final = 10
GROWTH: Final = 1.05
SLOWER: Final = 1.10


@dataclass(frozen=True, slots=True)
class Sample:
    """Measurements of a run at one point in time.

    Attributes
    ----------
    seconds : float
        Time since the start of the run.
    records : int
        Number of records written.
    memory : int
        Total resident memory of all processes, in bytes.
    descriptors : int
        Total number of open files of all processes.
    """

    seconds: float
    records: int
    memory: int
    descriptors: int


def watch(run: Run, interval: float) -> list[Sample]:
    """Measure a run repeatedly until it ends."""
    started = time.perf_counter()
    samples = []
    while run.is_running():
        sample = Sample(
            time.perf_counter() - started, run.records(), run.memory(), run.descriptors()
        )
        # A sample is incomplete if the run ended while the sample was being taken.
        if run.is_running():
            samples.append(sample)
        time.sleep(interval)
    return samples


def divide(samples: list[Sample], files: int) -> list[list[Sample]]:
    """Divide the samples taken after the warm-up into parts that cover equal numbers of records."""
    size = (files - WARM_UP) / PARTS
    parts: list[list[Sample]] = [[] for _ in range(PARTS)]
    for sample in samples:
        if WARM_UP <= sample.records < files:
            parts[int((sample.records - WARM_UP) / size)].append(sample)
    if not all(len(part) > 1 for part in parts):
        sys.exit("The run was too short; increase --files or reduce --interval.")
    return parts


def rate(samples: list[Sample]) -> float:
    """Return the average number of records per second."""
    first, last = samples[0], samples[-1]
    return (last.records - first.records) / (last.seconds - first.seconds)


def main() -> int:
    """Run the benchmark, and return exit status 0 if all expectations are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="folder of images; default: the sample images")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--interval", type=float, default=0.5, help="seconds between samples")
    parser.add_argument("--quick", action="store_true", help="3,000 files")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.files, arguments.interval = 3_000, 0.1
    expectations = Expectations()
    with tempfile.TemporaryDirectory() as place:
        folder, output = Path(place) / "files", Path(place) / "all.csv"
        link(images(arguments.images), folder, arguments.files)
        run = Run(folder, output)
        samples = watch(run, arguments.interval)
        status, messages = run.wait()
    expectations.check("exit status", f"{status} {messages.strip()}", status == 0)
    parts = divide(samples, arguments.files)
    print("\n| records | images/s | memory, median | memory, maximum | open files |")
    print("|---|---|---|---|---|")
    for part in parts:
        median = statistics.median(sample.memory for sample in part)
        print(
            f"| {part[-1].records:,} | {rate(part):.1f} | {megabytes(median)} "
            f"| {megabytes(max(sample.memory for sample in part))} "
            f"| {max(sample.descriptors for sample in part)} |"
        )
    first, last = parts[0], parts[-1]
    at_first, at_last = (statistics.median(s.memory for s in part) for part in (first, last))
    most = max(sample.memory for part in parts for sample in part)
    expectations.check(
        "median memory of the last part, relative to the first part",
        f"{at_last / at_first:.1%}",
        at_last <= GROWTH * at_first,
    )
    expectations.check(
        "maximum memory, relative to the median of the first part",
        f"{most / at_first:.1%}",
        most <= GROWTH * at_first,
    )
    files = [statistics.median(s.descriptors for s in part) for part in (first, last)]
    expectations.check(
        "median number of open files in the first and the last part", files, files[1] <= files[0]
    )
    half = PARTS // 2
    earlier, later = (rate([*chain(*some)]) for some in (parts[:half], parts[half:]))
    expectations.check(
        "images/s in the first and the second half",
        f"{earlier:.1f} and {later:.1f}",
        earlier <= SLOWER * later,
    )
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
