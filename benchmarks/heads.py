"""Compare heads and targets on the features of the released EfficientNet-B0.

The backbone is frozen. Each head starts with the weights of the released one, and is trained on two
augmented views of each training image; *mean* differs from the released head in nothing but this
additional training. The other variants are:

- *gated attention*: the logit is the weighted mean of the evidence map plus the bias. Weights are
  computed by gated attention (M. Ilse, J. M. Tomczak and M. Welling, "Attention-based Deep Multiple
  Instance Learning", ICML 2018, eq. 9). At first, they are equal.
- *softmax*: as above, but the weights are the softmax of the evidence of the class times a learned
  factor, which is 0 at first; a smooth maximum.
- *distillation*: *mean*, with the average of the targets and the probabilities of the ensemble as
  targets.
- *presence*: *mean*, with a sigmoid for each class. Both labels of an image are present.

They are compared on the split source_validation, whose photographers do not occur in training, and
on the split validation, with which the temperature of each variant is fitted. *Small objects* are
the images of both splits on which `weak_kinds.is_small` is true.

    python -m benchmarks.heads MANIFEST --images DIR [--sizes 256 384] [--cache DIR]

The features are written to the cache, or read from it if they exist.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from benchmarks.weak_kinds import find_small
from deepsky.classifier import load_classifier
from deepsky.dataset.manifest import VALIDATION, Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices, second_label_indices, soft_targets
from deepsky.evaluation.metrics import confusion_matrix, macro_f1
from deepsky.evaluation.predictions import predict, read_pixels
from deepsky.models.calibration import softmax
from deepsky.taxonomy import LABELS
from deepsky.training.augmentation import augment
from deepsky.training.backbones import find_backbone
from deepsky.training.datasets import load_inputs, open_image
from deepsky.training.initial_weights import find_initial_model
from deepsky.training.network import attach_head, build_head

VIEWS: Final = 2
EPOCHS: Final = 6
LEARNING_RATE: Final = 2e-4
GATE_SIZE: Final = 64

Logits = NDArray[np.float32]
Features = NDArray[np.float16]


class Factor(layers.Layer):  # type: ignore[misc]
    """Multiply by a learned factor, which is 0 at first."""

    def build(self, _: tuple[int, ...]) -> None:
        """Create the factor."""
        self.factor = self.add_weight(shape=(), initializer="zeros", name="factor")

    def call(self, inputs: Any) -> Any:
        """Return the product."""
        return self.factor * inputs


def weigh_by_gate(embeddings: Any, _: Any) -> Any:
    """Return the weights of the positions by gated attention, shape (n, positions, 1)."""
    value = layers.Dense(GATE_SIZE, activation="tanh")(embeddings)
    gate = layers.Dense(GATE_SIZE, activation="sigmoid")(embeddings)
    scores = layers.Dense(1, kernel_initializer="zeros")(value * gate)
    return ops.softmax(scores, axis=1)


def weigh_by_evidence(_: Any, evidence: Any) -> Any:
    """Return the weights of the positions for each class, shape (n, positions, k)."""
    return ops.softmax(Factor()(evidence), axis=1)


def build_weighted(released: keras.Model, weigh: Callable[[Any, Any], Any]) -> keras.Model:
    """Return a head whose logits are weighted sums of the evidence, plus the bias."""
    head = build_head(released.input.shape[-1])
    head.set_weights(released.get_weights())
    activation = head.get_layer("head_dropout").output
    embeddings = layers.Reshape((-1, activation.shape[-1]))(activation)
    linear = head.get_layer("head_logits")
    bias = linear.get_weights()[1]
    evidence = linear(embeddings) - bias
    logits = ops.sum(evidence * weigh(embeddings, evidence), axis=1) + bias
    return keras.Model(head.input, logits)


def copy_of(released: keras.Model) -> keras.Model:
    """Return a head with mean pooling and the released weights."""
    head = build_head(released.input.shape[-1])
    head.set_weights(released.get_weights())
    return head


HEADS: Final[dict[str, Callable[[keras.Model], keras.Model]]] = {
    "mean": copy_of,
    "gated attention": lambda released: build_weighted(released, weigh_by_gate),
    "softmax": lambda released: build_weighted(released, weigh_by_evidence),
    "distillation": copy_of,
    "presence": copy_of,
}


def load_released() -> tuple[keras.Model, keras.Model]:
    """Return the backbone and the head of the released network."""
    backbone = find_backbone("efficientnet")
    pretrained = backbone.build(None)
    network = attach_head(pretrained)
    find_initial_model("efficientnet", backbone).copy_weights(network, backbone, LABELS)
    head = build_head(pretrained.output.shape[-1])
    for layer in head.layers:
        if layer.weights:
            layer.set_weights(network.get_layer(layer.name).get_weights())
    return pretrained, head


def compute_views(
    backbone: keras.Model, examples: Sequence[Example], size: int, view: int | None, cache: Path
) -> Features:
    """Return the features of unmodified images, or of an augmented view of each."""
    if not cache.exists():
        parts = []
        for start in range(0, len(examples), 32):
            batch = examples[start : start + 32]
            if view is None:
                pixels = load_inputs(batch, size)
            else:
                rngs = [np.random.default_rng([view, start + k]) for k in range(len(batch))]
                pixels = np.stack(
                    [augment(open_image(e), size, r) for e, r in zip(batch, rngs, strict=True)]
                )
            parts.append(backbone.predict_on_batch(pixels.astype(np.float32)).astype("f2"))
        np.save(cache, np.concatenate(parts))
    return np.asarray(np.load(cache))


def train(
    variant: str, released: keras.Model, inputs: Features, targets: NDArray[np.float32]
) -> keras.Model:
    """Train a variant of the head."""
    keras.utils.set_random_seed(0)
    head = HEADS[variant](released)
    steps = EPOCHS * (len(inputs) // 32)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    loss = (
        keras.losses.BinaryCrossentropy(from_logits=True)
        if variant == "presence"
        else keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.05)
    )
    head.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), loss)
    head.fit(inputs, targets, batch_size=32, epochs=EPOCHS, verbose=0)
    return head


def cross_entropy(logits: Logits, right: NDArray[np.int64], temperature: float) -> float:
    """Return the mean cross-entropy after the logits are divided by a temperature, in nats."""
    probabilities = softmax(logits / temperature)
    return float(-np.log(probabilities[np.arange(len(right)), right] + 1e-12).mean())


def main() -> None:
    """Compute the features, train the heads, and print a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[256, 384])
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "deepsky-heads")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    images = arguments.images or arguments.manifest.parent
    every = with_splits(read_manifest(arguments.manifest, images), seed=0)
    trained, held_out = members(every, "train"), members(every, *VALIDATION)

    right, second = label_indices(held_out), second_label_indices(held_out)
    new = np.array([example.split == "source_validation" for example in held_out])
    small = np.array([one is True for one in find_small(held_out)])
    targets = soft_targets(trained)
    cached = arguments.cache / "ensemble.npy"
    if not cached.exists():
        ensemble = load_classifier("ensemble")
        np.save(cached, predict(ensemble, read_pixels(trained)).probabilities)
    taught = (targets + np.load(cached).astype(np.float32)) / 2
    variants = dict.fromkeys(HEADS, targets) | {
        "distillation": taught,
        "presence": (targets > 0).astype(np.float32),
    }

    backbone, released = load_released()
    for size in arguments.sizes:
        views = [
            compute_views(backbone, trained, size, view, arguments.cache / f"{size}-{view}.npy")
            for view in range(VIEWS)
        ]
        inputs = np.concatenate(views)
        unmodified = compute_views(
            backbone, held_out, size, None, arguments.cache / f"{size}-held-out.npy"
        )
        print(f"\n{size} pixels, {new.sum()} images by new photographers, {small.sum()} small\n")
        print("| head | new photographers: correct | macro-F1 | cross-entropy ", end="")
        print("| validation: macro-F1 | small objects: correct |")
        print("| --- | --- | --- | --- | --- | --- |")
        heads = {"released": released}
        for name in ("released", *HEADS):
            head = heads.get(name) or train(
                name, released, inputs, np.concatenate([variants[name]] * VIEWS)
            )
            logits = np.concatenate(
                [head.predict_on_batch(unmodified[i : i + 64]) for i in range(0, len(right), 64)]
            )
            found = logits.argmax(axis=1)
            temperature = minimize_scalar(
                lambda t, x=logits: cross_entropy(x[~new], right[~new], t),
                bounds=(0.1, 5),
                method="bounded",
            ).x
            scores = [
                macro_f1(confusion_matrix(right[part], found[part], len(LABELS)))
                for part in (new, ~new)
            ]
            print(
                f"| {name} | {(found == right)[new].sum()} | {scores[0]:.3f} "
                f"| {cross_entropy(logits[new], right[new], temperature):.3f} | {scores[1]:.3f} "
                f"| {(found == right)[small].sum()} |",
                flush=True,
            )
            if name == "presence":
                describe_presence(logits, right, second)


def describe_presence(logits: Logits, right: NDArray[np.int64], second: NDArray[np.int64]) -> None:
    """Print how often two classes are said to be present where there are two, and where not."""
    present = logits > 0
    mixed = second >= 0
    both = present[np.arange(len(right)), right] & present[np.arange(len(right)), second]
    print(
        f"Presence: both labels are found in {both[mixed].sum()} of {mixed.sum()} images with two "
        f"labels; several are found in {(present.sum(axis=1) > 1)[~mixed].sum()} of "
        f"{(~mixed).sum()} images with one label.",
        flush=True,
    )


if __name__ == "__main__":
    main()
