"""Check that a run that is killed repeatedly writes the same output as an uninterrupted run.

Run ``python -m benchmarks.batch_kills`` (``--quick`` for a short version). Hard links to images are
classified once without interruption. A second run is killed with SIGKILL at random times, and is
resumed after each kill. Every other kill includes the reader processes. Every twentieth file
cannot be read. Both outputs must be identical, and the files with errors must be exactly
the unreadable files.
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
"""Maximum time between reaching a given number of records and the kill, in seconds."""


def make_files(originals: list[Path], folder: Path, count: int) -> list[Path]:
    """Fill a folder with images and unreadable files, and return the unreadable files."""
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
) -> tuple[int, str, list[int]]:
    """Kill and resume a run after each of the given numbers of records, then let it finish.

    Returns
    -------
    status : int
        Exit status of the last command.
    messages : str
        Standard error of the last command.
    left : list of int
        Process IDs of the reader processes that were not killed together with the command.
    """
    left: list[int] = []
    for number, moment in enumerate(moments):
        run = Run(folder, output)
        while run.records() < moment and run.is_running():
            time.sleep(0.002)
        time.sleep(chance.uniform(0, LONGEST_PAUSE))
        if not run.is_running():
            sys.exit(f"The run ended before kill {number + 1}:\n{run.wait()[1]}")
        readers = number % 2 == 0
        left += [] if readers else run.processes()[1:]
        run.kill(readers=readers)
        print(f"  kill {number + 1} after {run.records():,} records", flush=True)
    status, messages = Run(folder, output).wait()
    return status, messages, left


def failures(output: Path) -> set[str]:
    """Return the paths of all files whose record contains an error."""
    with output.open(newline="", encoding="utf-8") as file:
        return {row["path"] for row in csv.DictReader(file) if row["error_code"]}


def main() -> int:
    """Run the benchmark, and return exit status 0 if all expectations are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="folder of images; default: the sample images")
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
        expectations.check("exit status without interruption", status, status == 1)
        moments = sorted(chance.sample(range(1, arguments.files * 95 // 100), arguments.kills))
        status, messages, left = run_with_kills(folder, pieces, moments, chance)
        expectations.check("exit status after the kills", status, status == 1)
        same = pieces.read_bytes() == whole.read_bytes()
        expectations.check("the outputs are identical", same, same)
        failed = failures(pieces)
        expectations.check(
            "files with errors",
            f"{len(failed)}, and {len(broken)} unreadable files",
            failed == set(map(str, broken)),
        )
        resumed = re.search(r"Resuming: ([\d,]+)", messages)
        expectations.check("the run was resumed", resumed and resumed[0], resumed is not None)
        hidden = [path.name for path in Path(place).glob(".*")]
        expectations.check("temporary files left behind", hidden, not hidden)
        alive = [pid for pid in left if Path(f"/proc/{pid}").exists()]
        expectations.check("reader processes left behind", alive, not alive)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
