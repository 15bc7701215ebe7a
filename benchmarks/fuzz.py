"""Coverage-guided fuzzing of deepsky's own parsers with atheris (libFuzzer).

Run ``python -m benchmarks.fuzz xisf --seconds 3600 --corpus FOLDER``. The corpus folder is created
with valid files if it does not exist, and grows with every input that reaches new code. The script
ends at the first input that a parser handles incorrectly, stores this input in the folder given by
``--failures``, and exits with the status of libFuzzer. It requires the extra ``benchmark``.

libFuzzer runs in a new process every ten minutes, with the same corpus. With atheris, the memory of
a process grows by about 500 bytes per input, so that a single process would exceed its memory limit
after some million inputs.

References
----------
https://llvm.org/docs/LibFuzzer.html, https://github.com/google/atheris
"""

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Final, NoReturn

import atheris

# Record the coverage of deepsky's modules. The modules that they import are not instrumented.
with atheris.instrument_imports(include=["deepsky"]):
    from benchmarks.fuzz_targets import TARGETS

SECONDS_PER_PROCESS: Final = 600
SHORTEST_RUN: Final = 10
"""Time limit of the last process at least, in seconds; a process needs some seconds to start."""

LARGEST_INPUT: Final = 65_536
SECONDS_PER_INPUT: Final = 30
MEMORY_MEGABYTES: Final = 4_096


def main() -> None:
    """Fuzz one target until the time is over or an input fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=3_600)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    if options.seconds <= SECONDS_PER_PROCESS:
        _fuzz(options)
    end = monotonic() + options.seconds
    while (left := end - monotonic()) > 0:
        seconds = max(SHORTEST_RUN, min(SECONDS_PER_PROCESS, round(left)))
        command = [sys.executable, "-m", "benchmarks.fuzz", options.target]
        command += [f"--seconds={seconds}", f"--corpus={options.corpus}"]
        command += [f"--failures={options.failures}"]
        if status := subprocess.run(command, check=False).returncode:
            sys.exit(status)


def _fuzz(options: argparse.Namespace) -> NoReturn:
    """Fuzz one target in this process; the process exits afterwards."""
    target = TARGETS[options.target]
    corpus = options.corpus / options.target
    corpus.mkdir(parents=True, exist_ok=True)
    options.failures.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    arguments = [
        sys.argv[0],
        f"-max_total_time={options.seconds}",
        f"-max_len={LARGEST_INPUT}",
        f"-timeout={SECONDS_PER_INPUT}",
        f"-rss_limit_mb={MEMORY_MEGABYTES}",
        f"-artifact_prefix={options.failures}/{options.target}-",
        "-print_final_stats=1",
        str(corpus),
    ]
    atheris.Setup(arguments, target.run)
    atheris.Fuzz()
    sys.exit()


if __name__ == "__main__":
    main()
