"""Speed-up and loss of macro-F1 by int8 quantization, for each network.

The networks that `deepsky train` exported are quantized (`deepsky.training.quantization`) and
compared with the originals on the validation split. Every image is predicted in its eight
orientations, which makes macro-F1 more precise. The interval of its change is computed by
resampling fields of sky. The speed is measured on all cores, alternating between the two networks,
so the machine should be idle otherwise.

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
from deepsky.evaluation.bootstrap import resample_by_field
from deepsky.evaluation.metrics import macro_f1
from deepsky.models.registry import find_bundle
from deepsky.models.runtime import Runtime
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import BACKBONES
from deepsky.training.datasets import load_inputs
from deepsky.training.quantization import predict_orientations, quantize

ROUNDS: Final = 7
TIMED: Final = 64
"""Images per round."""

GAIN, LOSS = 1.5, 0.3
"""Required speed-up, and largest acceptable loss of macro-F1 in points."""


def rates(runtimes: Sequence[Runtime], images: NDArray[np.uint8]) -> list[float]:
    """Return images per second on all cores for each network, the median of alternating rounds."""
    taken: list[list[float]] = [[] for _ in runtimes]
    for number in range(1 + ROUNDS):
        for runtime, own in zip(runtimes, taken, strict=True):
            started = time.perf_counter()
            runtime.run(images)
            if number:  # the first round is a warm-up
                own.append(time.perf_counter() - started)
    return [len(images) / statistics.median(seconds) for seconds in taken]


def confusions(predicted: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a confusion matrix over orientations for each image, of shape (n, 4, 4)."""
    counts = np.zeros((len(labels), len(LABELS), len(LABELS)), np.int64)
    for view in predicted:
        counts[np.arange(len(labels)), labels, view] += 1
    return counts


def measure(name: str, examples: Sequence[Example], runs: Path) -> None:
    """Measure a network, and print a row of the table."""
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
    drawn = 100 * macro_f1(resample_by_field(both, sky_fields(held_out)))
    low, high = np.percentile(drawn[:, 0] - drawn[:, 1], (2.5, 97.5))
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
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="Output folder of train.")
    parser.add_argument("--model", action="append", choices=list(BACKBONES))
    arguments = parser.parse_args()
    examples = with_splits(read_manifest(arguments.manifest, arguments.images), seed=0)
    columns = (
        *("network", "MB", "images/s", "speed-up", "macro-F1", "change, points", "same label"),
        f"{GAIN} times for {LOSS} points?",
    )
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}", flush=True)
    for name in arguments.model or BACKBONES:
        measure(name, examples, arguments.runs)


if __name__ == "__main__":
    main()
