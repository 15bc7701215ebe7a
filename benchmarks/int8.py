"""What computing in 8-bit whole numbers gains and costs, for each network.

The shipped networks are quantised (`deepsky.training.quantize`) with training pictures and compared
on the validation split with what they answer in 32-bit floats. Every picture is asked about in its
eight orientations, as the sky has no up: that makes macro-F1 eight times as steady. The 95 % interval
of its change is from drawing fields of sky with replacement. Speed is that of all cores, each way in
turn, so that the machine should do nothing else.

    python benchmarks/int8.py dataset/manifest.csv --pictures DIR [--networks DIR] [--model NAME]

Needs the extras ``train`` and ``benchmark``, and NNCF. ``--networks`` keeps the quantised networks,
and takes those that are there.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, sky_fields, with_splits
from deepsky.dataset.truth import truth
from deepsky.evaluation.answers import pixels_of
from deepsky.evaluation.intervals import resample_by_field
from deepsky.evaluation.metrics import macro_f1
from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import Calibration
from deepsky.models.novelty import NoveltyReference
from deepsky.models.preparation import fit_to_input
from deepsky.models.registry import find_bundle
from deepsky.models.runtime import NetworkOutput, Runtime
from deepsky.taxonomy import LABELS
from deepsky.training.quantize import CALIBRATION, quantize

MODELS: Final = ("efficientnet", "resnet50", "vgg16")
ROUNDS: Final = 5
TIMED: Final = 64
"""Pictures a round."""

GAIN, LOSS = 1.5, 0.3
"""What is demanded: so many times as fast, for so many points of macro-F1 at most."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a network says about n pictures.

    Attributes
    ----------
    probabilities : ndarray of float, shape (8, n, 4)
        In each orientation.
    novelty : ndarray of float, shape (n,)
    evidence : ndarray of float, shape (n, 4 * rows * columns)
        What speaks for each class more than for the others.
    """

    probabilities: NDArray[np.float64]
    novelty: NDArray[np.float64]
    evidence: NDArray[np.float32]


def turned(pictures: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Give pictures in their eight orientations, as they are first."""
    for mirrored in (pictures, pictures[:, :, ::-1]):
        for quarters in range(4):
            yield np.ascontiguousarray(np.rot90(mirrored, quarters, (1, 2)))


def prepared(examples: Sequence[Example], size: int) -> NDArray[np.uint8]:
    """Read pictures at the size of a network's input."""
    return np.stack([fit_to_input(pixels, size) for pixels in pixels_of(examples)])


def ask(runtime: Runtime, bundle: ModelBundle, pictures: NDArray[np.uint8]) -> Said:
    """Let a network answer, with the calibration and the novelty that ship."""
    calibration = Calibration.from_card(bundle.card)
    reference = NoveltyReference.load(bundle.directory / bundle.card["novelty"]["file"])
    outputs: list[NetworkOutput] = [runtime.run(some) for some in turned(pictures)]
    upright = outputs[0]
    relative = upright.evidence - upright.evidence.mean(axis=1, keepdims=True)
    return Said(
        probabilities=np.stack([calibration.probabilities(one.logits) for one in outputs]),
        novelty=reference.novelty(upright.embedding),
        evidence=relative.reshape(len(pictures), -1),
    )


def confusions(said: Said, right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each picture's own confusion matrix over its orientations, of shape (n, 4, 4)."""
    counts = np.zeros((len(right), len(LABELS), len(LABELS)), np.int64)
    for answers in said.probabilities.argmax(axis=2):
        counts[np.arange(len(right)), right, answers] += 1
    return counts


def compare(said: Said, exact: Said, examples: Sequence[Example]) -> tuple[float, str]:
    """Tell how answers differ from the exact ones; first the change of macro-F1, in points."""
    right, fields = truth(examples), sky_fields(examples)
    both = np.stack([confusions(one, right) for one in (said, exact)], axis=1)
    value, reference = macro_f1(both.sum(axis=0))
    drawn = macro_f1(resample_by_field(both, fields))
    low, high = np.percentile(drawn[:, 0] - drawn[:, 1], (2.5, 97.5))
    moved = np.abs(said.probabilities[0] - exact.probabilities[0]).max(axis=1)
    strange = np.abs(said.novelty - exact.novelty)
    alike = [np.corrcoef(a, b)[0, 1] for a, b in zip(said.evidence, exact.evidence, strict=True)]
    same = (said.probabilities.argmax(axis=2) == exact.probabilities.argmax(axis=2)).mean()
    return 100 * float(value - reference), " | ".join(
        (
            f"{value:.4f}",
            f"{100 * (value - reference):+.2f} ({100 * low:+.2f} to {100 * high:+.2f})",
            f"{same:.2%}",
            f"{np.median(moved):.4f}, {np.percentile(moved, 95):.3f}, {moved.max():.3f}",
            f"{np.median(strange):.3f}, {np.percentile(strange, 95):.3f}",
            f"{np.median(alike):.4f}, {np.percentile(alike, 5):.3f}",
        )
    )


def speeds(runtimes: dict[str, Runtime], pictures: NDArray[np.uint8]) -> dict[str, float]:
    """Measure pictures a second on all cores: the median of some rounds, in turn."""
    taken: dict[str, list[float]] = {name: [] for name in runtimes}
    for number in range(1 + ROUNDS):
        for name, runtime in runtimes.items():
            started = time.perf_counter()
            runtime.run(pictures)
            if number:  # the first warms up
                taken[name].append(time.perf_counter() - started)
    return {name: len(pictures) / statistics.median(seconds) for name, seconds in taken.items()}


def quantized(bundle: ModelBundle, size: int, learned: Sequence[Example], folder: Path) -> bytes:
    """Quantise a network, or take it from where it was kept."""
    path = folder / f"{bundle.name}-{bundle.sha256[:12]}.onnx"
    if not path.exists():
        chosen = np.random.default_rng(0).permutation(len(learned))[:CALIBRATION]
        pictures = prepared([learned[number] for number in chosen], size)
        path.write_bytes(quantize(bundle.read_network(), pictures))
    return path.read_bytes()


def measure(name: str, examples: Sequence[Example], folder: Path) -> None:
    """Measure one network, and print the lines of a table."""
    bundle = find_bundle(name)
    size = int(bundle.card["input"]["size"])
    held_out = members(examples, "validation")
    network = bundle.read_network()
    integers = quantized(bundle, size, members(examples, "train"), folder)
    runtimes = {
        "f32": Runtime(network, size, "f32"),
        "auto": Runtime(network, size),
        "int8": Runtime(integers, size),
    }
    pictures = prepared(held_out, size)
    rates = speeds(runtimes, pictures[:TIMED])
    said = {way: ask(runtime, bundle, pictures) for way, runtime in runtimes.items()}
    for way in runtimes:
        points, told = compare(said[way], said["f32"], held_out)
        gain = rates[way] / rates["auto"]
        size_mb = len(integers if way == "int8" else network) / 1e6
        print(f"| {name} | {way} | {size_mb:.1f} | {rates[way]:.1f} | {gain:.2f} | {told} |")
        if way == "int8":
            holds = gain >= GAIN and points >= -LOSS
            print(f"\n{name}: int8 {'holds' if holds else 'does not hold'}\n", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--networks", type=Path)
    parser.add_argument("--model", action="append", choices=MODELS)
    arguments = parser.parse_args()
    examples = with_splits(read_manifest(arguments.manifest, arguments.pictures), 0)
    print(
        "| network | arithmetic | MB | pictures/s | gain | macro-F1 | change, points | same label "
    )
    print("| change of a probability: median, 95 %, largest | of novelty: median, 95 % ", end="")
    print("| correlation of evidence: median, 5 % |\n|" + " --- |" * 11)
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.networks or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in arguments.model or MODELS:
            measure(name, examples, folder)


if __name__ == "__main__":
    main()
