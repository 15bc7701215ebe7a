"""Coverage-guided fuzzing of deepsky's own parsers with atheris (libFuzzer).

Run ``python -m benchmarks.fuzz xisf --seconds 3600 --corpus FOLDER``. The corpus folder is created
with valid files if it does not exist, and grows with every input that reaches new code. The script
ends at the first input that a parser handles incorrectly, and stores this input in the folder given
by ``--failures``. It requires the extra ``benchmark``.

References
----------
https://llvm.org/docs/LibFuzzer.html, https://github.com/google/atheris
"""

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Final

import atheris

# Record the coverage of deepsky's modules. The modules that they import are not instrumented.
with atheris.instrument_imports(include=["deepsky"]):
    from benchmarks.fuzz_targets import TARGETS

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


if __name__ == "__main__":
    main()
