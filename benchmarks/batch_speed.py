"""Measure the speed of ``deepsky classify``, compared with Keras and ONNX Runtime.

Run ``python -m benchmarks.batch_speed`` on an otherwise idle machine. It takes hours, or minutes
with ``--quick``. The benchmark creates JPEG files of 1 and 12 megapixels and 16-bit FITS files of 4
megapixels, and then adds hard links to these files until there are as many files as requested. For
each model, it measures the following on the same files: the whole ``deepsky classify`` command;
Keras and ONNX Runtime, as implemented in `benchmarks.batch_baselines`; and, separately, the two
halves of the command: reading images and running the network. Since both halves use the same CPU
cores, the command cannot be faster than both halves run one after the other (column ``both``). The
column ``of the slower`` shows the speed of the command as a percentage of the speed of the slower
half; the column ``of both``, as a percentage of the speed in the column ``both``.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from astropy.io import fits
from PIL import Image

from benchmarks.batch import Run, images, link
from benchmarks.service import ROOT, Expectations
from deepsky.classifier import classify_prepared, load_classifier
from deepsky.imaging import ReaderPool, read_image
from deepsky.models.preparation import SHORTER_SIDE, prepare
from deepsky.preprocessing import preprocess

MODELS: Final = ("efficientnet", "resnet50", "vgg16")
SIZES: Final = {"JPEG 1 MP": (1184, 848), "JPEG 12 MP": (4096, 2944), "FITS 16 bit": (2000, 2000)}
KERAS_TARGETS: Final = {"efficientnet": 4, "resnet50": 10, "vgg16": 10}
HALVES_TARGET: Final = 0.8
DISTINCT: Final = 24
"""Number of different files created per image type; the other files are links to these."""

Rates = dict[str, float]


def make_set(kind: str, originals: list[Path], place: Path, count: int) -> list[Path]:
    """Create images of one type, and a folder with `count` hard links to these images."""
    made = place / f"{kind}-made"
    made.mkdir()
    width, height = SIZES[kind]
    for number, path in enumerate(originals[:DISTINCT]):
        image = Image.fromarray(read_image(path).pixels)
        scaled = image.resize((width, height), Image.Resampling.BICUBIC)
        if kind.startswith("JPEG"):
            scaled.save(made / f"{number}.jpg", "JPEG", quality=92)
        else:
            rng = np.random.default_rng(number)
            sky = np.asarray(scaled.convert("L"), dtype=np.float64) ** 2 + rng.normal(
                800, 30, (height, width)
            )
            fits.PrimaryHDU(sky.clip(0, 65535).astype(np.uint16)).writeto(made / f"{number}.fits")
    return link(sorted(made.iterdir()), place / kind, count)


def deepsky(model: str, folder: Path, files: list[Path]) -> float:
    """Return the speed of the whole ``deepsky classify`` command, in images per second."""
    output = folder.with_name("all.csv")
    started = time.perf_counter()
    status, messages = Run(folder, output, "--model", model).wait()
    seconds = time.perf_counter() - started
    assert status == 0, messages
    return len(files) / seconds


def baseline(name: str, model: str, folder: Path, files: list[Path]) -> float:
    """Run a baseline in a separate process, and return its speed in images per second."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.batch_baselines", name, model, str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
    )
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-3000:]}")
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["files"] == len(files)
    return float(result["files"] / result["seconds"])


def reading(model: str, _folder: Path, files: list[Path]) -> float:
    """Return the speed of reading and preprocessing alone, in images per second."""
    sizes = load_classifier(model).input_sizes
    work = partial(preprocess, sizes=sizes, preview=None)
    with ReaderPool() as readers, ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as threads:
        readers.start()
        return _rate(threads, lambda path: readers.read(path, work), files)


def network(model: str, _folder: Path, files: list[Path]) -> float:
    """Return the speed of the network alone, on preprocessed images, in images per second."""
    classifier = load_classifier(model)
    read = partial(read_image, at_least=SHORTER_SIDE)
    prepared = [prepare(read(path).pixels, classifier.input_sizes) for path in files[:8]]
    classify_prepared(classifier, prepared)
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as threads:
        turns = [prepared[number % len(prepared)] for number in range(len(files))]
        return _rate(threads, lambda one: classify_prepared(classifier, [one]), turns)


def _rate(threads: ThreadPoolExecutor, work: Callable[[Any], object], of: list[Any]) -> float:
    started = time.perf_counter()
    for _ in threads.map(work, of):
        pass
    return len(of) / (time.perf_counter() - started)


METHODS: Final[dict[str, Callable[[str, Path, list[Path]], float]]] = {
    "deepsky": deepsky,
    "keras": partial(baseline, "keras"),
    "onnx": partial(baseline, "onnx"),
    "reading": reading,
    "network": network,
}


def measure(model: str, kind: str, files: list[Path], place: Path, rounds: int) -> Rates:
    """Measure all methods in turn, several times, and return the median speed of each method."""
    rates: dict[str, list[float]] = {name: [] for name in METHODS}
    for _ in range(rounds):
        for name, method in METHODS.items():
            rates[name].append(method(model, place / kind, files))
            print(
                f"  {model}, {kind}, {name}: {rates[name][-1]:.1f}/s", file=sys.stderr, flush=True
            )
    return {name: statistics.median(found) for name, found in rates.items()}


def print_table(results: dict[tuple[str, str], Rates]) -> None:
    """Print the speeds as a Markdown table."""
    print("\n| network | images | deepsky | Keras | ONNX Runtime | vs. Keras | vs. ONNX Runtime "
          "| reading alone | network alone | both | of the slower | of both |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for (model, kind), rates in results.items():
        whole, slower, both = rates["deepsky"], _slower(rates), _both(rates)
        figures = (whole, rates["keras"], rates["onnx"])
        print(
            f"| {model} | {kind} | {' | '.join(f'{rate:.1f}/s' for rate in figures)} "
            f"| {whole / rates['keras']:.1f}x | {whole / rates['onnx']:.1f}x "
            f"| {rates['reading']:.1f}/s | {rates['network']:.1f}/s | {both:.1f}/s "
            f"| {whole / slower:.0%} | {whole / both:.0%} |"
        )


def _slower(rates: Rates) -> float:
    return min(rates["reading"], rates["network"])


def _both(rates: Rates) -> float:
    return 1 / (1 / rates["reading"] + 1 / rates["network"])


def main() -> int:
    """Run the benchmark, and return exit status 0 if all targets are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="folder of images; default: the sample images")
    parser.add_argument("--jpegs", type=int, default=5000)
    parser.add_argument("--fits", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--models", nargs="+", default=MODELS, choices=MODELS)
    parser.add_argument("--kinds", nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--json", type=Path, help="also write the speeds to this file")
    parser.add_argument(
        "--quick", action="store_true", help="60 JPEG files per size and 30 FITS files"
    )
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.jpegs, arguments.fits = 60, 30
    results: dict[tuple[str, str], Rates] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for kind in arguments.kinds:
            count = arguments.fits if kind.startswith("FITS") else arguments.jpegs
            files = make_set(kind, images(arguments.images), place, count)
            for model in arguments.models:
                results[model, kind] = measure(model, kind, files, place, arguments.rounds)
    print_table(results)
    if arguments.json:
        rows = [{"model": m, "images": k, **rates} for (m, k), rates in results.items()]
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    expectations = Expectations()
    for (model, kind), rates in results.items():
        times = rates["deepsky"] / rates["keras"]
        expectations.check(
            f"{model}, {kind}: times as fast as Keras (target: {KERAS_TARGETS[model]})",
            f"{times:.1f}",
            times >= KERAS_TARGETS[model],
        )
        share = rates["deepsky"] / _slower(rates)
        expectations.check(
            f"{model}, {kind}: speed as a percentage of the slower half",
            f"{share:.0%}",
            share >= HALVES_TARGET,
        )
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
