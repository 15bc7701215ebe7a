"""Train a network in two phases: train the head on frozen features, then fine-tune the network."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
from keras import callbacks, layers
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import soft_targets
from deepsky.taxonomy import LABELS, Label
from deepsky.training.backbones import Backbone
from deepsky.training.datasets import AugmentedImages, compute_features, load_inputs
from deepsky.training.initial_weights import InitialModel
from deepsky.training.network import attach_head, build_head
from deepsky.training.precision import precision_for
from deepsky.training.recipe import Recipe

__all__ = ["compile_for_fine_tuning", "dtype_policy", "fit"]


def fit(
    backbone: Backbone,
    weights: str,
    train: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    labels: Sequence[Label] = LABELS,
    initial: InitialModel | None = None,
) -> keras.Model:
    """Train a network, or resume an interrupted run in the same folder.

    Parameters
    ----------
    backbone : Backbone
    weights : str
        ImageNet weights of the backbone, passed to `Backbone.build`.
    train : sequence of Example
        Training images, at least as many as the batch size of the recipe.
    validation : sequence of Example
        Validation images. The loss and accuracy on these images are logged after each epoch.
    recipe : Recipe
    folder : Path
        Existing folder for cached features, checkpoints and training logs.
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.
    initial : InitialModel, optional
        Model whose training is continued. In this case, ``weights`` is not used.

    Returns
    -------
    keras.Model
        The trained network, which maps images to logits in float32. Its weights are also written
        to ``trained.weights.h5`` in the folder.
    """
    keras.utils.set_random_seed(recipe.seed)
    trained = folder / "trained.weights.h5"
    if not trained.exists():
        with dtype_policy(precision_for(backbone)):
            pretrained = backbone.build(None if initial else weights)
            network = attach_head(pretrained, len(labels))
            if initial:
                initial.copy_weights(network, backbone, tuple(labels))
            before = network.get_weights()
            if recipe.head_epochs:
                _train_head(
                    network,
                    pretrained,
                    backbone,
                    train,
                    validation,
                    recipe,
                    folder,
                    labels,
                    is_continued=initial is not None,
                )
            if recipe.epochs:
                _fine_tune(network, backbone, train, validation, recipe, folder, labels)
            if recipe.initial_share:
                _average(network, before, recipe.initial_share)
            network.save_weights(trained)
    network = attach_head(backbone.build(None), len(labels))
    network.load_weights(trained)
    return network


@contextmanager
def dtype_policy(precision: str) -> Iterator[None]:
    """Set Keras's dtype policy for layers that are built within the context.

    Parameters
    ----------
    precision : {"float32", "mixed_bfloat16"}
    """
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
    labels: Sequence[Label],
    *,
    is_continued: bool,
) -> None:
    """Train the head on frozen features, and copy its weights to the network.

    If the training of a model is continued, the head starts with the network's weights.
    """
    saved = folder / "head.weights.h5"
    head = build_head(pretrained.output.shape[-1], len(labels))
    if saved.exists():
        head.load_weights(saved)
    else:
        if is_continued:
            _copy_head(network, head)
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
            soft_targets(train, labels),
            batch_size=recipe.batch_size,
            epochs=recipe.head_epochs,
            validation_data=(held_out, soft_targets(validation, labels)),
            callbacks=[callbacks.CSVLogger(folder / "head.csv"), _tensorboard(folder, "head")],
        )
        head.save_weights(saved)
    _copy_head(head, network)


def _copy_head(source: keras.Model, target: keras.Model) -> None:
    """Copy the weights of the head from one model to another."""
    for layer in target.layers:
        if layer.name.startswith("head_") and layer.weights:
            layer.set_weights(source.get_layer(layer.name).get_weights())


def _tensorboard(folder: Path, phase: str) -> callbacks.TensorBoard:
    return callbacks.TensorBoard(folder / "tensorboard" / phase, write_graph=False)


def _fine_tune(
    network: keras.Model,
    backbone: Backbone,
    train: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    labels: Sequence[Label],
) -> None:
    """Fine-tune the network at a low learning rate, with BatchNorm layers frozen."""
    size = backbone.input_size
    checkpoint = folder / "checkpoint"
    images = AugmentedImages(
        train,
        size=size,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        without=recipe.without,
        repeat_rare=recipe.repeat_rare,
        first_epoch=_finished_epochs(checkpoint),
        labels=labels,
    )
    held_out = load_inputs(validation, size).astype(np.float32), soft_targets(validation, labels)
    steps = len(images) * recipe.epochs
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=steps - len(images) // 2,
        warmup_target=recipe.learning_rate or backbone.learning_rate,
        warmup_steps=len(images) // 2,
    )
    compile_for_fine_tuning(network, backbone, recipe, rate)
    network.fit(
        images,
        epochs=recipe.epochs,
        shuffle=False,  # AugmentedImages shuffles the images reproducibly
        validation_data=held_out,
        callbacks=[
            callbacks.BackupAndRestore(checkpoint, delete_checkpoint=False),
            callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, _: _start_epoch(network, images, recipe.seed, epoch)
            ),
            callbacks.CSVLogger(folder / "fine-tuning.csv", append=True),
            _tensorboard(folder, "fine-tuning"),
        ],
    )


def _average(network: keras.Model, before: list[NDArray[np.float32]], share: float) -> None:
    """Replace the weights of a network by their weighted average with earlier weights."""
    pairs = zip(before, network.get_weights(), strict=True)
    network.set_weights([share * old + (1 - share) * new for old, new in pairs])


def compile_for_fine_tuning(
    network: keras.Model,
    backbone: Backbone,
    recipe: Recipe,
    rate: float | keras.optimizers.schedules.LearningRateSchedule,
) -> None:
    """Freeze the first stages and the BatchNorm layers of a network, and compile it.

    Parameters
    ----------
    network : keras.Model
        A network returned by `attach_head`.
    backbone : Backbone
    recipe : Recipe
    rate : float or LearningRateSchedule
        Learning rate.
    """
    names = [layer.name for layer in network.layers]
    stages = (*backbone.stages, "head_conv")
    first = names.index(stages[recipe.frozen_stages])
    for number, layer in enumerate(network.layers):
        layer.trainable = number >= first and not isinstance(layer, layers.BatchNormalization)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, global_clipnorm=1.0)
    network.compile(optimizer, _loss(recipe), metrics=["accuracy"])


def _finished_epochs(checkpoint: Path) -> int:
    """Read the number of completed epochs of an interrupted run from Keras's checkpoint."""
    metadata = checkpoint / "training_metadata.json"
    if not metadata.exists():
        return 0
    return int(json.loads(metadata.read_text(encoding="utf-8"))["epoch"])


def _start_epoch(network: keras.Model, images: AugmentedImages, seed: int, epoch: int) -> None:
    """Seed augmentation and dropout for an epoch, so that resumed runs are reproducible."""
    images.start_epoch(epoch)
    for number, layer in enumerate(network.layers):
        if isinstance(layer, layers.Dropout):
            layer.seed_generator.state.assign((seed + number, epoch))
