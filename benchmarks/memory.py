"""Measure the peak memory of a reader process for small files that decode to large images.

Run ``python -m benchmarks.memory`` for files that this benchmark creates, or
``python -m benchmarks.memory FILE...`` for other files. Exit status 1 if any file needs more memory
than the limit.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.bombs import make_bombs
from benchmarks.peak_memory import measure
from deepsky.errors import DeepskyError
from deepsky.imaging import Limits, ReaderPool
from deepsky.imaging.limits import DEFAULT_LIMITS

__all__ = ["main"]


def main() -> None:
    """Print a table with the peak memory and the time for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--only", default="", help="Only files whose names contain this text.")
    parser.add_argument("--max-memory", type=int, default=DEFAULT_LIMITS.max_memory)
    parser.add_argument("--max-pixels", type=int, default=DEFAULT_LIMITS.max_pixels)
    arguments = parser.parse_args()
    limits = Limits(max_memory=arguments.max_memory, max_pixels=arguments.max_pixels)
    worst = 0
    print(f"{'file':40} {'MB':>8} {'peak MB':>8} {'seconds':>8}  result")
    with TemporaryDirectory() as folder:
        for path in arguments.files or make_bombs(Path(folder), arguments.only):
            peak, seconds, result = _read(path, limits)
            worst = max(worst, peak)
            size = path.stat().st_size / 1e6
            print(f"{path.name:40} {size:8.2f} {peak / 1e6:8.0f} {seconds:8.2f}  {result[:70]}")
            if not arguments.files:
                path.unlink()
    print(f"Highest peak: {worst / 1e6:,.0f} MB; limit: {limits.max_memory / 1e6:,.0f} MB")
    sys.exit(worst > limits.max_memory)


def _read(path: Path, limits: Limits) -> tuple[int, float, str]:
    with ReaderPool(1, seconds=120, limits=limits) as pool:
        pool.start()
        started = perf_counter()
        try:
            peak, result = pool.read(path, measure)
        except DeepskyError as error:
            peak, result = 0, f"{error.code} (raised by the pool): {error}"
        return peak, perf_counter() - started, result


if __name__ == "__main__":
    main()
