"""Whether a run that is killed over and over ends as one that was left alone.

Run ``python -m benchmarks.batch_kills`` (``--quick`` for a short one). Files that are hard links to
images are classified once without interruption, and once killed with signal 9 at random moments,
by turns alone and with its reading processes, and started again each time. Every twentieth file
cannot be read. The outputs must be the same, byte for byte, and exactly those files must fail.
"""

import argparse
import csv
import random
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.batch import Run, images, link, spoil
from benchmarks.service import Expectations

BROKEN_EVERY: Final = 20
LONGEST_PAUSE: Final = 0.3
"""Seconds between a record and the kill, at most."""


def make_files(originals: list[Path], folder: Path, count: int) -> list[Path]:
    """Fill a folder; give the files that cannot be read."""
    broken = list(spoil(originals, folder.with_name("broken")))
    mixed = [
        broken[number // BROKEN_EVERY % len(broken)]
        if number % BROKEN_EVERY == BROKEN_EVERY - 1
        else originals[number % len(originals)]
        for number in range(BROKEN_EVERY * len(originals))
    ]
    return link(mixed, folder, count)[BROKEN_EVERY - 1 :: BROKEN_EVERY]


def run_with_kills(
    folder: Path, output: Path, moments: list[int], chance: random.Random
) -> tuple[int, list[str], list[int]]:
    """Kill a run after so many records each, then let it end.

    Returns
    -------
    tuple of int, list of str, list of int
        Its exit status, what each start said, and the processes that were not killed.
    """
    said: list[str] = []
    left: list[int] = []
    for number, moment in enumerate(moments):
        run = Run(folder, output)
        while run.records() < moment and run.is_running():
            time.sleep(0.002)
        time.sleep(chance.uniform(0, LONGEST_PAUSE))
        if not run.is_running():
            sys.exit(f"The run ended by itself before kill {number + 1}:\n{run.wait()[1]}")
        readers = number % 2 == 0
        left += [] if readers else run.processes()[1:]
        run.kill(readers=readers)
        print(f"  kill {number + 1} after {run.records():,} records", flush=True)
    status, told = Run(folder, output).wait()
    return status, [*said, told], left


def failures(output: Path) -> set[str]:
    """Name the files that have an error."""
    with output.open(newline="", encoding="utf-8") as file:
        return {row["path"] for row in csv.DictReader(file) if row["error_code"]}


def main() -> int:
    """Run, kill, compare, and tell by the exit status whether all is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="folder of images; the samples if not given")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="600 files, 5 kills")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.files, arguments.kills = 600, 5
    chance = random.Random(arguments.seed)
    expectations = Expectations()
    with tempfile.TemporaryDirectory() as place:
        folder, whole, pieces = (
            Path(place) / name for name in ("files", "whole.csv", "pieces.csv")
        )
        broken = make_files(images(arguments.images), folder, arguments.files)
        started = time.perf_counter()
        status, _ = Run(folder, whole).wait()
        print(
            f"{arguments.files:,} files without interruption: {time.perf_counter() - started:.0f} s"
        )
        expectations.check("its exit status", status, status == 1)
        moments = sorted(chance.sample(range(1, arguments.files * 95 // 100), arguments.kills))
        status, said, left = run_with_kills(folder, pieces, moments, chance)
        expectations.check("exit status after the kills", status, status == 1)
        same = pieces.read_bytes() == whole.read_bytes()
        expectations.check("the outputs are the same", same, same)
        failed = failures(pieces)
        expectations.check(
            "files that failed",
            f"{len(failed)} of {len(broken)} that cannot be read",
            failed == set(map(str, broken)),
        )
        went_on = re.search(r"Going on: ([\d,]+)", said[-1])
        expectations.check("it went on", went_on and went_on[0], went_on is not None)
        hidden = [path.name for path in Path(place).glob(".*")]
        expectations.check("files left behind", hidden, not hidden)
        alive = [pid for pid in left if Path(f"/proc/{pid}").exists()]
        expectations.check("reading processes left behind", alive, not alive)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
