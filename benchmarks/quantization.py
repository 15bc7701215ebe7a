"""Measure how int8 quantization affects the speed and macro-F1 of each network.

The networks exported by `deepsky train` are quantized (`deepsky.training.quantization`) and
compared with the original float networks on the validation split. Each image is classified in eight
orientations, because the orientation of sky images is arbitrary; this reduces the noise of
macro-F1. The confidence interval for the change in macro-F1 is computed by a bootstrap over fields
of sky. The throughput of the original and the quantized network is measured alternately, on
all CPU cores. Run nothing else on the machine during the measurement.

    python -m benchmarks.quantization dataset/manifest.csv --images DIR --runs DIR
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, sky_fields, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.bootstrap import resample_clusters
from deepsky.evaluation.metrics import macro_f1
from deepsky.models.registry import find_bundle
from deepsky.models.runtime import Runtime
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import BACKBONES
from deepsky.training.datasets import load_inputs
from deepsky.training.quantization import predict_orientations, quantize

ROUNDS: Final = 7
TIMED: Final = 64
"""Number of images classified in each round of the speed measurement."""

GAIN, LOSS = 1.5, 0.3
"""Targets: minimum speed-up factor, and maximum loss of macro-F1 in percentage points."""


def rates(runtimes: Sequence[Runtime], images: NDArray[np.uint8]) -> list[float]:
    """Return the median throughput of each network in images per second, on all CPU cores."""
    durations: list[list[float]] = [[] for _ in runtimes]
    for number in range(1 + ROUNDS):
        for runtime, own in zip(runtimes, durations, strict=True):
            started = time.perf_counter()
            runtime.run(images)
            if number:  # the first round is a warm-up
                own.append(time.perf_counter() - started)
    return [len(images) / statistics.median(seconds) for seconds in durations]


def confusions(predicted: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one confusion matrix per image, summed over its orientations; shape (n, 4, 4)."""
    counts = np.zeros((len(labels), len(LABELS), len(LABELS)), np.int64)
    for view in predicted:
        counts[np.arange(len(labels)), labels, view] += 1
    return counts


def measure(name: str, examples: Sequence[Example], runs: Path) -> None:
    """Measure one network and print its row of the table."""
    size = find_bundle(name).input_size
    exact = (runs / name / "run" / "network.onnx").read_bytes()
    rounded = quantize(exact, size, members(examples, "train"))
    held_out = members(examples, "validation")
    images, labels = load_inputs(held_out, size), label_indices(held_out)
    runtimes = [Runtime(network, size) for network in (rounded, exact)]
    fast, slow = rates(runtimes, images[:TIMED])
    predicted = [predict_orientations(runtime, images) for runtime in runtimes]
    both = np.stack([confusions(one, labels) for one in predicted], axis=1)
    after, before = 100 * macro_f1(both.sum(axis=0))
    resampled = 100 * macro_f1(resample_clusters(both, sky_fields(held_out)))
    low, high = np.percentile(resampled[:, 0] - resampled[:, 1], (2.5, 97.5))
    cells = (
        name,
        f"{len(exact) / 1e6:.1f} → {len(rounded) / 1e6:.1f}",
        f"{slow:.1f} → {fast:.1f}",
        f"{fast / slow:.2f}",
        f"{before:.2f} → {after:.2f}",
        f"{after - before:+.2f} ({low:+.2f} to {high:+.2f})",
        f"{(predicted[0] == predicted[1]).mean():.2%}",
        "yes" if fast / slow >= GAIN and after - before >= -LOSS else "no",
    )
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure all networks and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), help="Output folder of `deepsky train`."
    )
    parser.add_argument("--model", action="append", choices=list(BACKBONES))
    arguments = parser.parse_args()
    examples = with_splits(read_manifest(arguments.manifest, arguments.images), seed=0)
    columns = (
        *("network", "MB", "images/s", "speed-up", "macro-F1", "change, points", "same label"),
        f"at least {GAIN} times as fast, at most {LOSS} points lost",
    )
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}", flush=True)
    for name in arguments.model or BACKBONES:
        measure(name, examples, arguments.runs)


if __name__ == "__main__":
    main()
