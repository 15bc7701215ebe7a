"""Trains a network in two steps: the head on frozen features, then all of it, gently."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import callbacks, layers

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import soft_targets
from deepsky.training.backbones import Backbone
from deepsky.training.datasets import AugmentedImages, compute_features, load_inputs
from deepsky.training.network import attach_head, build_head
from deepsky.training.precision import precision_for

__all__ = ["Recipe", "fit", "recipe_for"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained.

    Attributes
    ----------
    seed : int
        Seed of the splits, the initial head and the augmentation.
    head_epochs, epochs : int
        Epochs on frozen features, and of fine-tuning; with 0 of these the backbone stays as
        ImageNet made it.
    frozen_stages : int
        How many of the backbone's first stages are not fine-tuned.
    head_learning_rate : float
        Learning rate of the head on frozen features.
    batch_size : int
    weight_decay : float
        Of AdamW (I. Loshchilov and F. Hutter, ICLR 2019).
    without : tuple of str
        Steps of the augmentation to leave out, of `deepsky.training.augmentation.STEPS`.
    label_smoothing : float
        Share of the target that goes to all classes alike.
    """

    seed: int = 0
    head_epochs: int = 12
    epochs: int = 6
    frozen_stages: int = 0
    head_learning_rate: float = 1e-3
    batch_size: int = 32
    weight_decay: float = 0.01
    without: tuple[str, ...] = ()
    label_smoothing: float = 0.05

    def as_dict(self) -> dict[str, Any]:
        """Give the recipe as the model card tells it."""
        return asdict(self)


def recipe_for(backbone: Backbone, seed: int = 0) -> Recipe:
    """Give the recipe that a backbone is best trained by."""
    return Recipe(seed=seed, epochs=backbone.epochs, frozen_stages=backbone.frozen_stages)


def fit(
    backbone: Backbone,
    weights: str,
    train: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
) -> keras.Model:
    """Train a network, or go on where an earlier run in the same folder stopped.

    Parameters
    ----------
    backbone : Backbone
    weights : str
        ImageNet weights of the backbone, as `Backbone.build` takes them.
    train, validation : sequence of Example
        Images to learn from, and images to watch the progress on.
    recipe : Recipe
    folder : Path
        Keeps features, checkpoints and the training log.

    Returns
    -------
    keras.Model
        From images to logits, in float32; its weights also stand in ``trained.weights.h5``.
    """
    keras.utils.set_random_seed(recipe.seed)
    trained = folder / "trained.weights.h5"
    if not trained.exists():
        with _arithmetic(precision_for(backbone)):
            pretrained = backbone.build(weights)
            network = attach_head(pretrained)
            _train_head(network, pretrained, backbone, train, validation, recipe, folder)
            if recipe.epochs:
                _fine_tune(network, backbone, train, validation, recipe, folder)
            network.save_weights(trained)
    network = attach_head(backbone.build(None))
    network.load_weights(trained)
    return network


@contextmanager
def _arithmetic(precision: str) -> Iterator[None]:
    """Let the layers that are built meanwhile compute in another precision."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _loss(recipe: Recipe) -> keras.losses.Loss:
    return keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe.label_smoothing
    )


def _train_head(
    network: keras.Model,
    pretrained: keras.Model,
    backbone: Backbone,
    train: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
) -> None:
    """Train the head on frozen features, and put its weights into the network."""
    kept = folder / "head.weights.h5"
    head = build_head(pretrained.output.shape[-1])
    if kept.exists():
        head.load_weights(kept)
    else:
        size = backbone.input_size
        inputs, held_out = (
            compute_features(pretrained, examples, size, folder / f"features-{name}.npy")
            for name, examples in (("train", train), ("validation", validation))
        )
        optimizer = keras.optimizers.AdamW(
            recipe.head_learning_rate, weight_decay=recipe.weight_decay
        )
        head.compile(optimizer, _loss(recipe), metrics=["accuracy"])
        head.fit(
            inputs,
            soft_targets(train),
            batch_size=recipe.batch_size,
            epochs=recipe.head_epochs,
            validation_data=(held_out, soft_targets(validation)),
            callbacks=[callbacks.CSVLogger(folder / "head.csv")],
        )
        head.save_weights(kept)
    for layer in head.layers:
        if layer.weights:
            network.get_layer(layer.name).set_weights(layer.get_weights())


def _fine_tune(
    network: keras.Model,
    backbone: Backbone,
    train: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
) -> None:
    """Train the network at a low rate, its BatchNorm statistics as they are."""
    names = [layer.name for layer in network.layers]
    first = names.index(backbone.stages[recipe.frozen_stages])
    for number, layer in enumerate(network.layers):
        layer.trainable = number >= first and not isinstance(layer, layers.BatchNormalization)
    size = backbone.input_size
    checkpoint = folder / "checkpoint"
    images = AugmentedImages(
        train,
        size=size,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        without=recipe.without,
        first_epoch=_finished_epochs(checkpoint),
    )
    held_out = load_inputs(validation, size).astype(np.float32), soft_targets(validation)
    steps = len(images) * recipe.epochs
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=steps - len(images) // 2,
        warmup_target=backbone.learning_rate,
        warmup_steps=len(images) // 2,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, global_clipnorm=1.0)
    network.compile(optimizer, _loss(recipe), metrics=["accuracy"])
    network.fit(
        images,
        epochs=recipe.epochs,
        shuffle=False,  # the images come shuffled; Keras's own order would not survive a stop
        validation_data=held_out,
        callbacks=[
            callbacks.BackupAndRestore(checkpoint, delete_checkpoint=False),
            callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, _: _start_epoch(network, images, recipe.seed, epoch)
            ),
            callbacks.CSVLogger(folder / "fine-tuning.csv", append=True),
        ],
    )


def _finished_epochs(checkpoint: Path) -> int:
    """Read how many epochs an interrupted run had finished, as Keras notes it."""
    note = checkpoint / "training_metadata.json"
    return int(json.loads(note.read_text(encoding="utf-8"))["epoch"]) if note.exists() else 0


def _start_epoch(network: keras.Model, images: AugmentedImages, seed: int, epoch: int) -> None:
    """Draw all that is random in an epoch from the seed and its number, resumed or not."""
    images.start_epoch(epoch)
    for number, layer in enumerate(network.layers):
        if isinstance(layer, layers.Dropout):
            layer.seed_generator.state.assign((seed + number, epoch))
