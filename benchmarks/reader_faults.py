"""Read damaged files of each format in reader processes, and count crashes.

Run ``python -m benchmarks.reader_faults``, which reads 10,000 damaged files of each format
(``--count``). It passes if every file is read or rejected with an error code, and if the memory of
the reader processes stays below the limit.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby

from benchmarks.mutations import ImageFile, mutate, save_images
from benchmarks.service import SAMPLES
from deepsky.errors import CorruptImageError, ImageError
from deepsky.imaging import Limits, ReaderPool
from deepsky.imaging.preview_kind import PREVIEW
from deepsky.preprocessing import preprocess

PROCESSES = 2
MEMORY = 1_000_000_000
"""Maximum memory of a reader process, in bytes."""


def read_damaged(pool: ReaderPool, files: list[ImageFile], seed: int, number: int) -> str:
    """Read a damaged file, and return the error code, ``"read"`` or ``"crash"``."""
    file = mutate(files, seed, number)
    try:
        pool.read(file.content, partial(preprocess, sizes=[384], preview=PREVIEW))
    except CorruptImageError as error:
        return "crash" if "crashed" in str(error) else error.code
    except ImageError as error:
        return error.code
    return "read"


def main() -> int:
    """Run the benchmark, and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--suffixes", nargs="*", help="only files with these suffixes")
    arguments = parser.parse_args()
    limits = Limits(max_pixels=4_000_000, max_memory=MEMORY)
    by_suffix = sorted(save_images(SAMPLES[:4]), key=lambda file: file.suffix)
    for suffix, group in groupby(by_suffix, key=lambda file: file.suffix):
        if arguments.suffixes and suffix not in arguments.suffixes:
            continue
        files, start = list(group), time.monotonic()
        with ReaderPool(PROCESSES, limits=limits) as pool, ThreadPoolExecutor(PROCESSES) as threads:
            read = partial(read_damaged, pool, files, arguments.seed)
            codes = Counter(threads.map(read, range(arguments.count)))
        seconds = time.monotonic() - start
        print(f"{suffix}: {dict(codes.most_common())} in {seconds:.0f} s", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(
        f"peak memory of a reader process: {peak / 1e6:.0f} MB (below {MEMORY / 1e6:.0f} expected)"
    )
    return 0 if peak < MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
