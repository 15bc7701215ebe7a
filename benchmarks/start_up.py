"""Measure how long `deepsky classify` takes from its start to the record of one small image.

The command runs repeatedly in a new process. The table shows the median, the shortest and the
longest time until the record is written and until the process ends. The first run is not counted,
because it reads the program files from disk.

    python -m benchmarks.start_up samples/ic-883.jpg [--runs 10] [--model efficientnet]
"""

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.service import DEEPSKY


class Times(NamedTuple):
    """Times of one run.

    Attributes
    ----------
    record, end : float
        Seconds from the start of the process to its record, and to its end.
    """

    record: float
    end: float


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("image", type=Path)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--model", default="efficientnet")
    arguments = parser.parse_args()
    _run(arguments.image, arguments.model)
    times = [_run(arguments.image, arguments.model) for _ in range(arguments.runs)]
    print("| until | median | shortest | longest |")
    print("|---|---|---|---|")
    for name in Times._fields:
        seconds = [getattr(one, name) for one in times]
        print(f"| {name} | {median(seconds):.2f} s | {min(seconds):.2f} s | {max(seconds):.2f} s |")


def _run(image: Path, model: str) -> Times:
    command = [DEEPSKY, "classify", str(image), "--model", model, "--format", "jsonl"]
    started = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    record = process.stdout.readline()
    written = perf_counter()
    process.communicate()
    if process.returncode or not record:
        sys.exit(f"deepsky classify failed with status {process.returncode}.")
    return Times(record=written - started, end=perf_counter() - started)


if __name__ == "__main__":
    main()
